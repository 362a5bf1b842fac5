"""A session knows its device, its last use and its end. Sessions begun before are over: people sign in again."""

import uuid

import django.utils.timezone
from django.db import migrations, models


def give_each_its_own_id(apps, schema_editor):
    SignIn = apps.get_model("portal", "SignIn")
    for row in SignIn.objects.all():
        row.public_id = uuid.uuid4()
        row.save(update_fields=["public_id"])


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0010_offer_a_passkey"),
    ]

    operations = [
        migrations.AddField(
            model_name="signin",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="signin",
            name="device",
            field=models.CharField(default="A browser", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="signin",
            name="kind",
            field=models.CharField(
                choices=[("own", "My own phone or computer"), ("shared", "A device that others use, too")],
                default="own",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="signin",
            name="used_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="signin",
            name="idle",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="signin",
            name="ends_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="signin",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["own", "shared"])), name="kind_of_device_is_known"
            ),
        ),
        migrations.RunPython(give_each_its_own_id, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="signin",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
