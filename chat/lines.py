"""A message as the room prints it: under which day, with or without a header, with its words made safe. Pure.

static/js/features/chat/lines.js decides the same for messages that come by the socket; change both together.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from chat.feed import Said
from chat.mentions import html_of
from chat.models import MessageState
from portal.moments import clock

TOGETHER = timedelta(minutes=5)  # the same author within this time shares a header
NOBODY = UUID(int=0)
SHORT = timedelta(seconds=settings.CHAT["EDIT"])


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it, for the avatar."""

    public_id: UUID
    display_name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One message and what stands around it."""

    said: Said
    html: SafeString
    at: datetime  # in the reader's zone
    day: str  # the heading above it, if it begins a day
    follows: bool  # goes on from the message above, under the same header
    is_new: bool  # the first one since the reader was here
    is_fresh: bool  # its author may still change it, and so its plain words come along
    is_for_me: bool  # it names the reader
    by_facilitator: bool
    url: str  # the page of the message, with all that can be done about it
    report_url: str
    sight_url: str  # where a facilitator hides it or shows it again
    block_url: str  # where the reader blocks who wrote it

    @property
    def author(self) -> Author:
        return Author(self.said.author, self.said.name)

    @property
    def clock(self) -> str:
        return clock(self.at)

    @property
    def is_shown(self) -> bool:
        return self.said.state == MessageState.SHOWN

    @property
    def is_readable(self) -> bool:
        """Whether its words are there for this reader."""
        return self.said.state in (MessageState.SHOWN, MessageState.HELD)


class Printer:
    """Makes lines for one reader of one room. `mark` is how far they had read; 0 when they have not been here."""

    def __init__(
        self,
        *,
        group_id: UUID,
        room_id: UUID,
        facilitators: Collection[UUID],
        now: datetime,
        reader: int,
        mark: int = 0,
    ) -> None:
        self._zone: tzinfo = timezone.get_current_timezone()
        self._now = now.astimezone(self._zone)
        self._facilitators = facilitators
        self._reader = reader
        self._mark = mark
        # Written once and filled in for each message: an address is looked up often enough without it.
        self._page = reverse("chat:message", args=[room_id, NOBODY])
        self._report = reverse("moderation:report", args=["message", NOBODY])
        self._hide = reverse("moderation:hide", args=[group_id, "message", NOBODY])
        self._block = reverse("moderation:block", args=[NOBODY])
        self._show = reverse("moderation:show", args=[group_id, "message", NOBODY])

    def lines(self, said: Sequence[Said]) -> list[Line]:
        """The messages, oldest first, as they are printed one below the other."""
        drawn: list[Line] = []
        to_come = self._mark > 0
        for one in said:
            is_new = to_come and one.seq > self._mark and one.author_pk != self._reader
            to_come = to_come and not is_new
            drawn.append(self._line(one, drawn[-1] if drawn else None, is_new=is_new))
        return drawn

    def blank(self) -> Line:
        """The pattern of a line, for the script to fill in."""
        nothing = Said(NOBODY, 0, NOBODY, 0, NOBODY, "", self._now, None, None, MessageState.SHOWN, "")
        return self._line(nothing, None, is_new=False)

    def _line(self, said: Said, above: Line | None, *, is_new: bool) -> Line:
        at = said.sent_at.astimezone(self._zone)
        same_day = above is not None and above.at.date() == at.date()
        follows = (
            above is not None
            and same_day
            and not is_new
            and above.said.author == said.author
            and at - above.at < TOGETHER
        )
        address = self._hide if said.state == MessageState.SHOWN else self._show
        return Line(
            said=said,
            html=SafeString(html_of(said.body, said.named)) if said.body else SafeString(""),
            at=at,
            day="" if same_day else day_words(at, self._now),
            follows=follows,
            is_new=is_new,
            is_fresh=said.body != "" and self._now - at < SHORT,
            is_for_me=any(one.pk == self._reader for one in said.named),
            by_facilitator=said.author in self._facilitators,
            url=self._page.replace(str(NOBODY), str(said.id)),
            report_url=self._report.replace(str(NOBODY), str(said.id)),
            sight_url=address.replace(str(NOBODY), str(said.id)),
            block_url=self._block.replace(str(NOBODY), str(said.author)),
        )


def day_words(at: datetime, now: datetime) -> str:
    """A day as a heading; both in the reader's zone."""
    match (now.date() - at.date()).days:
        case 0:
            return "Today"
        case 1:
            return "Yesterday"
        case _:
            year = f" {at.year}" if at.year != now.year else ""
            return f"{at:%A} {at.day} {at:%B}{year}"
