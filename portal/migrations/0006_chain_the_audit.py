"""The audit log keeps itself: no row of it changes or goes, and each is chained to the one before as it commits.

Two steps of deferred triggers, so that the chain's lock is the last one a transaction takes: the first runs among the
checks at commit and inserts the entry's link; that insert brings the second, which runs after every other check, takes
the lock, and gives the link its place and digest. Who holds the lock waits for nobody, so it can be in no deadlock.
"""

from django.db import migrations, models

KEEP = """
CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A database of tests is emptied between them. Its comment says so: no setting of a session can.
    IF TG_OP = 'TRUNCATE' AND 'emptied between tests' = (
        SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()
    ) THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'portal_auditlink' AND TG_OP = 'UPDATE' THEN
        IF OLD.position IS NULL AND NEW.entry_id = OLD.entry_id AND pg_trigger_depth() > 1 THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The audit log is only ever added to.' USING ERRCODE = 'insufficient_privilege';
END $$;
"""

# Every field with its length, so that no two entries have the same words. Read again in portal/audit_chain.py.
WORDS = """
CREATE FUNCTION audit_words(e portal_auditentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(coalesce(octet_length(f.value) || ':' || f.value, '-'), ',' ORDER BY f.place)
      FROM unnest(ARRAY[
               e.id::text, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.actor_id::text, e.verb,
               e.target_kind, e.target_id, e.group_id::text, e.reason, e.facts::text
           ]) WITH ORDINALITY AS f(value, place)
$$;
"""

JOIN = """
CREATE FUNCTION audit_join() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portal_auditlink (entry_id, position, previous, digest) VALUES (NEW.id, NULL, '', '');
    RETURN NULL;
END $$;
"""

SEAL = """
CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place bigint;
    before text;
    said text;
BEGIN
    IF NEW.position IS NOT NULL OR NEW.previous <> '' OR NEW.digest <> '' THEN
        RAISE EXCEPTION 'The audit chain is written by the database alone.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(7461646, 1);
    SELECT l.position, l.digest INTO place, before
      FROM portal_auditlink l WHERE l.position IS NOT NULL ORDER BY l.position DESC LIMIT 1;
    place := coalesce(place, 0) + 1;
    before := coalesce(before, repeat('0', 64));
    SELECT audit_words(e) INTO STRICT said FROM portal_auditentry e WHERE e.id = NEW.entry_id;
    UPDATE portal_auditlink
       SET position = place, previous = before,
           digest = encode(sha256(convert_to(place || ',' || before || ',' || said, 'UTF8')), 'hex')
     WHERE entry_id = NEW.entry_id;
    RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE CONSTRAINT TRIGGER audit_seals AFTER INSERT ON portal_auditlink
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seal();
CREATE CONSTRAINT TRIGGER audit_joins AFTER INSERT ON portal_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_join();
CREATE TRIGGER audit_keeps BEFORE UPDATE OR DELETE ON portal_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON portal_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_keeps BEFORE UPDATE OR DELETE ON portal_auditlink
    FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON portal_auditlink
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
"""

# What was written before there was a chain joins it in the order it was written.
CATCH_UP = """
INSERT INTO portal_auditlink (entry_id, position, previous, digest)
    SELECT id, NULL, '', '' FROM portal_auditentry ORDER BY id;
SET CONSTRAINTS audit_seals IMMEDIATE;
SET CONSTRAINTS audit_seals DEFERRED;
"""

UNDO_TRIGGERS = """
DROP TRIGGER audit_keeps_all ON portal_auditlink;
DROP TRIGGER audit_keeps ON portal_auditlink;
DROP TRIGGER audit_keeps_all ON portal_auditentry;
DROP TRIGGER audit_keeps ON portal_auditentry;
DROP TRIGGER audit_joins ON portal_auditentry;
DROP TRIGGER audit_seals ON portal_auditlink;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0005_keep_preferences"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("entry_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(null=True, unique=True)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.RunSQL(KEEP, "DROP FUNCTION audit_is_kept"),
        migrations.RunSQL(WORDS, "DROP FUNCTION audit_words"),
        migrations.RunSQL(JOIN, "DROP FUNCTION audit_join"),
        migrations.RunSQL(SEAL, "DROP FUNCTION audit_seal"),
        migrations.RunSQL(TRIGGERS, UNDO_TRIGGERS),
        migrations.RunSQL(CATCH_UP, migrations.RunSQL.noop),
    ]
