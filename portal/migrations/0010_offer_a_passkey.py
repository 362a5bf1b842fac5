"""Whether somebody said no to a passkey: nobody is asked twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0009_known_devices")]

    operations = [
        migrations.AddField("user", "passkey_offer_closed_at", models.DateTimeField(null=True)),
    ]
