"""The audit log: only ever added to, chained as deeds commit, and read again by `verify_audit`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from structlog.testing import capture_logs

from portal import audit, audit_chain, audit_jobs
from portal.accounts.models import SignIn, User
from portal.audit import AuditEntry, AuditLink
from tests import cast
from tests.cast import NOW


def deeds(number: int = 5) -> list[int]:
    """So many entries, chained as a commit would."""
    made = [
        audit.record(
            None, "group.opened", "group", uuid4(), at=NOW + timedelta(seconds=n), reason=f"Why, {n}: “ü”", n=n
        )
        for n in range(number)
    ]
    commit()
    return [entry.pk for entry in made]


def commit() -> None:
    """What the database does at a commit, inside a test that undoes everything."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def with_the_guards_off() -> Iterator[None]:
    """Somebody who owns the tables."""
    with connection.cursor() as cursor:
        for word in ("DISABLE", "ENABLE"):
            for table in ("portal_auditentry", "portal_auditlink"):
                cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")
            if word == "DISABLE":
                yield
                commit()


def flaws() -> list[str]:
    return [str(flaw) for flaw in audit_chain.verify().flaws]


@pytest.mark.django_db
def test_the_chain_holds_every_deed_in_the_order_of_commits():
    entries = deeds()

    links = list(AuditLink.objects.order_by("position"))

    assert [(link.position, link.entry_id) for link in links] == list(enumerate(entries, start=1))
    assert [link.previous for link in links] == [audit_chain.START, *(link.digest for link in links[:-1])]
    assert audit_chain.verify() == audit_chain.Verdict(5, audit_chain.Head(5, links[-1].digest), [])


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["portal_auditentry", "portal_auditlink"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_no_row_of_the_log_changes_or_goes(table, deed):
    deeds(1)
    change = {"portal_auditentry": "verb = 'other'", "portal_auditlink": "digest = '', position = NULL"}[table]
    with pytest.raises(Error, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed.format(table, change))
    assert flaws() == []


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["portal_auditentry", "portal_auditlink"])
def test_the_log_is_not_emptied(table):
    """Only a database that says of itself that it is for tests is; here it takes the word back for a moment."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    deeds(1)
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE {name} IS NULL")  # undone with the test
        with pytest.raises(Error, match="only ever added to"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table}")


@pytest.mark.django_db
def test_nobody_writes_the_chain_by_hand():
    entry = deeds(1)[0]

    def write() -> None:
        AuditLink.objects.create(entry_id=entry + 1, position=2, previous="0" * 64, digest="1" * 64)
        commit()

    with pytest.raises(Error, match="by the database alone"), transaction.atomic():
        write()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "at + interval '1 microsecond'"),
        ("actor_id", "NULL"),
        ("verb", "'group.closed'"),
        ("target_kind", "'group'"),
        ("target_id", "target_id || '0'"),
        ("group_id", "gen_random_uuid()"),
        ("reason", "'Another reason'"),
        ("facts", """'{"n": 7}'"""),
    ],
)
def test_a_change_of_any_field_is_found(eve, column, value):
    entry = audit.record(eve, "role.changed", "person", uuid4(), at=NOW, reason="trained", n=1)
    commit()
    with with_the_guards_off(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE portal_auditentry SET {column} = {value} WHERE id = %s", [entry.pk])  # noqa: S608

    assert flaws() == [f"place 1, entry {entry.pk}: was changed"]


@pytest.mark.django_db
def test_words_moved_from_one_field_to_the_next_are_found():
    entry = audit.record(None, "ab", "c", "d", at=NOW)
    commit()
    with with_the_guards_off():
        AuditEntry.objects.filter(pk=entry.pk).update(verb="a", target_kind="bc")
    assert flaws() == [f"place 1, entry {entry.pk}: was changed"]


@pytest.mark.django_db
def test_an_entry_taken_away_is_found_with_and_without_its_link():
    entries = deeds()
    with with_the_guards_off():
        AuditEntry.objects.filter(pk=entries[1]).delete()
        AuditEntry.objects.filter(pk=entries[3]).delete()
        AuditLink.objects.filter(entry_id=entries[3]).delete()

    assert flaws() == [
        f"place 2, entry {entries[1]}: was taken away",
        f"place 5, entry {entries[4]}: the chain lacks what stood after place 3",
    ]


@pytest.mark.django_db
def test_entries_that_changed_places_are_found():
    entries = deeds(3)
    with with_the_guards_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE portal_auditlink SET position = position + 10 WHERE entry_id = ANY(%s)", [entries[:2]])
        cursor.execute("UPDATE portal_auditlink SET position = 13 - position WHERE entry_id = ANY(%s)", [entries[:2]])
    assert [flaw.entry for flaw in audit_chain.verify().flaws if flaw.what == "was changed"] == entries[1::-1]


@pytest.mark.django_db
def test_an_entry_slipped_in_is_found():
    deeds(2)
    with with_the_guards_off():
        slipped = audit.record(None, "role.changed", "person", uuid4(), at=NOW)
    assert flaws() == [f"entry {slipped.pk}: is not in the chain"]


@pytest.mark.django_db
def test_a_guard_switched_off_is_found():
    deeds(1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_auditentry DISABLE TRIGGER audit_keeps")
        assert flaws() == ["the guard “portal_auditentry audit_keeps” is gone or switched off"]


@pytest.fixture
def notes(settings, tmp_path) -> Path:
    """A folder of its own for what is noted outside of the database."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "audit-heads"


@pytest.mark.django_db
def test_a_chain_written_anew_or_cut_at_its_end_is_found_by_the_noted_head(notes):
    entries = deeds(2)
    audit_jobs.note_head(timestamp=0)
    audit_jobs.note_head(timestamp=0)
    assert len(notes.read_text().splitlines()) == 1
    with with_the_guards_off():
        AuditEntry.objects.filter(pk=entries[1]).delete()
        AuditLink.objects.filter(entry_id=entries[1]).delete()
    assert flaws() == []
    assert [str(one) for one in audit_chain.verify(audit_chain.noted_heads()).flaws] == [
        "place 2: was noted, and is not there any more"
    ]

    written_anew = audit.record(None, "group.opened", "group", uuid4(), at=NOW)
    commit()

    assert flaws() == []
    assert [str(one) for one in audit_chain.verify(audit_chain.noted_heads()).flaws] == [
        f"place 2, entry {written_anew.pk}: is not what was noted for this place"
    ]


@pytest.mark.django_db
def test_the_command_says_how_the_log_stands(notes):
    entries, said = deeds(3), StringIO()

    call_command("verify_audit", stdout=said)
    digest = AuditLink.objects.get(position=3).digest
    assert said.getvalue() == f"3 entries, each as it was written. It stands at 3:{digest}\n"

    call_command("verify_audit", known=[audit_chain.Head(3, digest)], stdout=said)
    with with_the_guards_off():
        AuditEntry.objects.filter(pk=entries[0]).update(reason="nothing")
    complaint = StringIO()
    with pytest.raises(CommandError, match="not as it was written: 1 flaws"):
        call_command("verify_audit", stderr=complaint)
    assert complaint.getvalue() == f"place 1, entry {entries[0]}: was changed\n"


@pytest.mark.django_db
def test_the_nightly_reading_says_loudly_what_it_found(notes):
    entries = deeds(1)
    with capture_logs() as said:
        audit_jobs.read_again(timestamp=0)
    assert said == []
    with with_the_guards_off():
        AuditEntry.objects.filter(pk=entries[0]).update(reason="nothing")

    with capture_logs() as said:
        audit_jobs.read_again(timestamp=0)

    first = f"place 1, entry {entries[0]}: was changed"
    assert said == [{"event": "audit.broken", "log_level": "error", "flaws": 1, "first": first}]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_chain():
    def write() -> None:
        for _ in range(8):
            with transaction.atomic():
                audit.record(None, "group.opened", "group", uuid4(), at=NOW)
                audit.record(None, "group.closed", "group", uuid4(), at=NOW)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(6)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()

    verdict = audit_chain.verify()
    assert (verdict.entries, verdict.flaws, verdict.head.position) == (96, [], 96)


@pytest.mark.django_db(transaction=True)
def test_who_holds_the_chain_waits_for_nobody():
    """The checks of a commit may wait for somebody else's row. The chain is joined after them, so both get through."""
    ben = cast.person("Ben")
    waits, through = threading.Event(), threading.Event()

    def signs_in() -> None:
        with transaction.atomic():
            audit.record(None, "person.signed_in", "person", ben.public_id, at=NOW)
            Session.objects.create(session_key="k" * 32, session_data="", expire_date=NOW)
            lasts = {"started_at": NOW, "used_at": NOW, "idle": 3600, "ends_at": NOW + timedelta(hours=8)}
            SignIn.objects.create(session_id="k" * 32, person=ben, **lasts)
            waits.set()
        through.set()
        connection.close()

    with transaction.atomic():
        User.objects.select_for_update().get(pk=ben.pk)
        other = threading.Thread(target=signs_in)
        other.start()
        assert waits.wait(5)
        wait_until_somebody_is_held_up()
        audit.record(ben, "role.changed", "person", ben.public_id, at=NOW)
    other.join(5)

    assert through.is_set()
    verbs = dict(AuditEntry.objects.values_list("pk", "verb"))
    order = AuditLink.objects.order_by("position").values_list("entry_id", flat=True)
    assert [verbs[entry] for entry in order] == ["role.changed", "person.signed_in"]


def wait_until_somebody_is_held_up() -> None:
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                " WHERE NOT l.granted AND a.datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody is held up")
