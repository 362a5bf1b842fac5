"""Finding something that was said in a room: by words, by who wrote it, by day. Only what the reader sees."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from chat.access import Seat
from chat.feed import Said
from chat.history import found
from chat.lines import Author
from chat.models import ReadMark
from groups.access import Can
from groups.membership.models import Group
from portal.accounts.models import User

PAGE = 20
AROUND = 70  # letters shown before the first word that was looked for
LENGTH = 240


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. Days are those of the reader."""

    words: str = ""
    author: UUID | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_anything(self) -> bool:
        return bool(self.words or self.author or self.since or self.until)


@dataclass(frozen=True)
class Part:
    """A piece of a text; `found` is what was looked for."""

    text: str
    found: bool


@dataclass(frozen=True)
class Hit:
    """A message that was found."""

    said: Said
    author: Author
    parts: list[Part]


@dataclass(frozen=True)
class FindPage:
    """Everything the page for finding prints."""

    group: Group
    room_id: UUID
    hits: list[Hit]
    older: int | None  # where the next piece begins
    is_search: bool
    may_moderate: bool
    is_quiet: bool
    url: str  # of the room
    is_back: bool

    @property
    def name(self) -> str:
        """Of the room, as a heading says it."""
        return f"{self.group.name}: facilitators’ room" if self.is_back else self.group.name


def find_page(seat: Seat, wanted: Wanted, *, before: int | None) -> FindPage:
    """What was found, the newest first."""
    said = search(seat, wanted, before=before, limit=PAGE + 1) if wanted.is_anything else []
    return FindPage(
        group=seat.actor.group,
        room_id=seat.room.public_id,
        hits=[Hit(one, Author(one.author, one.name), marked(one.body, wanted.words)) for one in said[:PAGE]],
        older=said[PAGE - 1].seq if len(said) > PAGE else None,
        is_search=wanted.is_anything,
        may_moderate=seat.actor.can(Can.MODERATE),
        is_quiet=ReadMark.objects.filter(room=seat.room, user=seat.actor.user, quiet=True).exists(),
        url=seat.room.url,
        is_back=seat.room.is_back,
    )


def search(seat: Seat, wanted: Wanted, *, before: int | None = None, limit: int = PAGE) -> list[Said]:
    """Messages that everybody in sight can read: what is held, hidden or taken back is never found."""
    where = ["AND m.state = 'shown'"]
    values: list[Any] = []
    if wanted.words:
        where.append("AND (to_tsvector('english', m.body) @@ websearch_to_tsquery('english', %s) OR m.body ILIKE %s)")
        letters = re.sub(r"([%_\\])", r"\\\1", wanted.words)
        values += [wanted.words, f"%{letters}%"]
    if wanted.author is not None:
        where.append("AND w.public_id = %s")
        values.append(wanted.author)
    if wanted.since is not None:
        where.append("AND m.sent_at >= %s")
        values.append(day_begins(wanted.since))
    if wanted.until is not None:
        where.append("AND m.sent_at < %s")
        values.append(day_begins(wanted.until + timedelta(days=1)))
    if before is not None:
        where.append("AND m.seq < %s")
        values.append(before)
    return found(seat, " ".join([*where, "ORDER BY m.seq DESC LIMIT %s"]), [*values, limit])


def first_of(seat: Seat, day: date) -> Said | None:
    """The first message of a day or, where nobody wrote on it, of the next one."""
    said = found(seat, "AND m.sent_at >= %s ORDER BY m.seq LIMIT 1", [day_begins(day)])
    return said[0] if said else None


def authors(seat: Seat) -> list[User]:
    """The people of the room whom the reader sees, by name."""
    stays = seat.actor.group.memberships.active().by_name()
    return [stay.user for stay in stays if stay.user_id not in seat.sight.hidden]


def day_begins(day: date) -> datetime:
    """Midnight where the reader is."""
    return timezone.make_aware(datetime.combine(day, time()))


def marked(body: str, words: str) -> list[Part]:
    """A part of the text around what was looked for, in pieces. Pure text: the page decides how it looks."""
    line = " ".join(body.split())
    pattern = _pattern(words)
    first = pattern.search(line) if pattern else None
    begin = max(0, first.start() - AROUND) if first else 0
    shown = ("…" if begin else "") + line[begin : begin + LENGTH] + ("…" if begin + LENGTH < len(line) else "")
    if pattern is None:
        return [Part(shown, False)]
    pieces: Sequence[Any] = pattern.split(shown)
    return [Part(text, bool(place % 2)) for place, text in enumerate(pieces) if text]


def _pattern(words: str) -> re.Pattern[str] | None:
    """Each word, also with another ending: "slept" is not found by "sleep", but "sleeping" is."""
    stems = [re.escape(word[: max(3, len(word) - 3)]) for word in re.findall(r"[^\W_]+", words)]
    return re.compile(rf"(\b(?:{'|'.join(stems)})\w*)", re.IGNORECASE) if stems else None
