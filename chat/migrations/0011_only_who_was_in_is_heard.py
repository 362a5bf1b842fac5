"""The database looks once more at who a message is by: somebody who was let into the room's group, and not gone by then.

Once a statement, whatever number of messages it writes. Whether the stay is paused or muted is for the doors alone.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION chat_said_by_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM said n JOIN chat_room r ON r.id = n.room_id
         WHERE NOT EXISTS (
             SELECT 1 FROM groups_membership m
              WHERE m.group_id = r.group_id AND m.user_id = n.author_id AND m.joined_at IS NOT NULL
                AND (m.ended_at IS NULL OR n.sent_at <= m.ended_at)
                AND (r.kind <> 'back' OR m.role = 'facilitator')
         )
    ) THEN
        RAISE EXCEPTION 'A message by somebody who was not in its group.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER chat_said_by_members AFTER INSERT ON chat_message REFERENCING NEW TABLE AS said
    FOR EACH STATEMENT EXECUTE FUNCTION chat_said_by_members();
"""
TAKE_AWAY = """
DROP TRIGGER chat_said_by_members ON chat_message;
DROP FUNCTION chat_said_by_members();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0010_until_when_somebody_is_here"),
        ("groups", "0007_part_two_programs"),
    ]

    operations = [migrations.RunSQL(MAKE, TAKE_AWAY)]
