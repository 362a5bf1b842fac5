"""A back room for those who facilitate, beside each group's room. Backwards, the back rooms go with what was said there."""

from django.db import migrations, models
from django.db.models import deletion
from django.utils import timezone


def open_back_rooms(apps, schema_editor):
    Room, Membership = apps.get_model("chat", "Room"), apps.get_model("groups", "Membership")
    led = Membership.objects.filter(state="active", role="facilitator").values("group").distinct()
    for row in led:
        Room.objects.get_or_create(group_id=row["group"], kind="back", defaults={"created_at": timezone.now()})


def close_back_rooms(apps, schema_editor):
    names = ("Picture", "Reaction", "Mention", "Change", "ReadMark", "Message")
    models_ = {name: apps.get_model("chat", name) for name in names}
    models_["Reaction"].objects.filter(message__room__kind="back").delete()
    models_["Picture"].objects.filter(message__room__kind="back").delete()
    models_["Mention"].objects.filter(message__room__kind="back").delete()
    models_["Change"].objects.filter(room__kind="back").delete()
    models_["ReadMark"].objects.filter(room__kind="back").delete()
    models_["Message"].objects.filter(room__kind="back").update(reply_to=None)
    models_["Message"].objects.filter(room__kind="back").delete()
    apps.get_model("chat", "Room").objects.filter(kind="back").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0008_pictures"),
        ("groups", "0004_how_long_rooms_keep_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="room",
            name="kind",
            field=models.CharField(
                choices=[("group", "The group's room"), ("back", "The back room of those who facilitate")],
                default="group",
                max_length=5,
            ),
        ),
        migrations.AlterField(
            model_name="room",
            name="group",
            field=models.ForeignKey(on_delete=deletion.PROTECT, related_name="rooms", to="groups.group"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(fields=["group", "kind"], name="one_room_of_a_kind"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=["group", "back"]), name="room_kind_is_known"
            ),
        ),
        migrations.RunPython(open_back_rooms, close_back_rooms),
    ]
