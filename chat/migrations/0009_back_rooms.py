"""A back room for those who facilitate, beside each group's room. Backwards, the back rooms go with what was said there."""

from django.db import migrations, models
from django.db.models import deletion
from django.utils import timezone


def open_back_rooms(apps, schema_editor):
    Room, Membership = apps.get_model("chat", "Room"), apps.get_model("groups", "Membership")
    led = Membership.objects.filter(state="active", role="facilitator").values("group").distinct()
    for row in led:
        Room.objects.get_or_create(group_id=row["group"], kind="back", defaults={"created_at": timezone.now()})


# By statements: what Django would collect for a deletion here mixes models of two moments of this history.
BACK = "(SELECT id FROM chat_room WHERE kind = 'back')"
SAID = f"(SELECT id FROM chat_message WHERE room_id IN {BACK})"  # noqa: S608 (only our own constants)


def close_back_rooms(apps, schema_editor):
    for table in ("chat_reaction", "chat_picture", "chat_mention"):
        schema_editor.execute(f"DELETE FROM {table} WHERE message_id IN {SAID}")  # noqa: S608 (as above)
    for table in ("chat_change", "chat_readmark"):
        schema_editor.execute(f"DELETE FROM {table} WHERE room_id IN {BACK}")  # noqa: S608 (as above)
    schema_editor.execute(f"DELETE FROM chat_message WHERE room_id IN {BACK}")  # noqa: S608 (as above)
    schema_editor.execute("DELETE FROM chat_room WHERE kind = 'back'")
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the table cannot be changed in this transaction
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


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
