"""Reading the audit chain again: whether every entry stands as it was written, where it was written.

The database chains entries as they commit (migration 0006). Here the digests are made anew, in Python and from the
rows alone, so that neither a changed row nor a changed function goes unseen. Whoever rewrites the whole chain from
some place on is found by the heads noted outside of the database.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection

START = "0" * 64

_READ = """
SELECT l.position, l.entry_id, l.previous, l.digest, e.id,
       ARRAY[e.id::text, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.actor_id::text, e.verb,
             e.target_kind, e.target_id, e.group_id::text, e.reason, e.facts::text]
  FROM portal_auditlink l FULL JOIN portal_auditentry e ON e.id = l.entry_id
 ORDER BY l.position NULLS LAST, e.id, l.entry_id
"""
_GUARDS = """
SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger
 WHERE tgenabled IN ('O', 'A') AND tgrelid IN ('portal_auditentry'::regclass, 'portal_auditlink'::regclass)
"""
GUARDS = frozenset(
    {
        "portal_auditentry audit_joins",
        "portal_auditentry audit_keeps",
        "portal_auditentry audit_keeps_all",
        "portal_auditlink audit_keeps",
        "portal_auditlink audit_keeps_all",
        "portal_auditlink audit_seals",
    }
)


@dataclass(frozen=True)
class Head:
    """Where the chain stood at some time."""

    position: int
    digest: str

    def __str__(self) -> str:
        return f"{self.position} {self.digest}"


@dataclass(frozen=True)
class Flaw:
    """Something that is not as it was written. `entry` is a row's number, `position` its place in the chain."""

    what: str
    position: int | None = None
    entry: int | None = None

    def __str__(self) -> str:
        where = [f"place {self.position}"] * (self.position is not None) + [f"entry {self.entry}"] * (
            self.entry is not None
        )
        return ": ".join([", ".join(where), self.what]) if where else self.what


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found."""

    entries: int
    head: Head | None
    flaws: list[Flaw]


def verify(known: Iterable[Head] = ()) -> Verdict:
    """Walk the whole chain in one snapshot. `known` are heads noted earlier, elsewhere."""
    wanted = {head.position: head.digest for head in known}
    flaws = [Flaw(f"the guard “{name}” is gone or switched off") for name in sorted(GUARDS - _standing_guards())]
    entries, last = 0, Head(0, START)
    with connection.chunked_cursor() as cursor:
        cursor.execute(_READ)
        for position, linked, previous, digest, entry, fields in cursor:
            entries += entry is not None
            if position is None:
                flaws.append(Flaw("is not in the chain", entry=entry or linked))
                continue
            if position != last.position + 1:
                flaws.append(Flaw(f"the chain lacks what stood after place {last.position}", position, linked))
            elif previous != last.digest:
                flaws.append(Flaw("does not fit to the one before", position, linked))
            if entry is None:
                flaws.append(Flaw("was taken away", position, linked))
            elif digest != digest_of(position, previous, fields):
                flaws.append(Flaw("was changed", position, linked))
            if wanted.pop(position, digest) != digest:
                flaws.append(Flaw("is not what was noted for this place", position, linked))
            last = Head(position, digest)
    flaws += [Flaw("was noted, and is not there any more", position) for position in sorted(wanted)]
    return Verdict(entries, last if last.position else None, flaws)


def digest_of(position: int, previous: str, fields: list[str | None]) -> str:
    """The digest of an entry at its place: every field with its length, so that no two entries have the same words."""
    words = ",".join("-" if value is None else f"{len(value.encode())}:{value}" for value in fields)
    return sha256(f"{position},{previous},{words}".encode()).hexdigest()


def head() -> Head | None:
    """Where the chain stands now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position, digest FROM portal_auditlink WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return Head(*row) if row else None


def note_head() -> Head | None:
    """Write down, outside of the database, where the chain stands."""
    now = head()
    if now is not None and now not in noted_heads():
        with _notes().open("a") as notes:
            notes.write(f"{now}\n")
    return now


def noted_heads() -> list[Head]:
    """What was written down so far."""
    return list(_read(_notes())) if _notes().exists() else []


def _read(path: Path) -> Iterator[Head]:
    for line in path.read_text().splitlines():
        position, digest = line.split()
        yield Head(int(position), digest)


def _notes() -> Path:
    return settings.DATA_DIR / "audit-heads"


def _standing_guards() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_GUARDS)
        return {name for (name,) in cursor.fetchall()}
