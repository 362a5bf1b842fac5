"""A group can belong to a program that 42 CFR part 2 protects."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0006_pictures_in_the_chat"),
    ]

    operations = [
        migrations.AddField("group", "part_two", models.BooleanField(db_default=False, default=False)),
    ]
