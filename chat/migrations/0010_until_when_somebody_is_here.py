from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0009_back_rooms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="room",
            name="here_by",
            field=models.ForeignKey(
                null=True, on_delete=deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(model_name="room", name="here_until", field=models.DateTimeField(null=True)),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.CheckConstraint(
                condition=models.Q(("here_by", None), ("here_until", None))
                | models.Q(("here_by__isnull", False), ("here_until__isnull", False)),
                name="somebody_is_here_until_a_moment",
            ),
        ),
    ]
