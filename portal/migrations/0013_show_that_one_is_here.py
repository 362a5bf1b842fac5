from django.db import migrations, models


def choice(words: str) -> models.CharField:
    return models.CharField(
        choices=[("off", "Nobody sees it"), ("on", words)], db_default="off", default="off", max_length=8
    )


def known(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q((f"{name}__in", ["off", "on"])), name=f"{name}_is_a_choice")


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0012_copies_of_data"),
    ]

    operations = [
        migrations.AddField("preferences", "typing", choice("Show others when I am writing")),
        migrations.AddField("preferences", "presence", choice("Show others when I am here")),
        migrations.AddConstraint("preferences", known("typing")),
        migrations.AddConstraint("preferences", known("presence")),
    ]
