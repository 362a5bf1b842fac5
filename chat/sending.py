"""Many people's messages in one transaction: each with its own door, its own checks and its own answer.

Called by `actions.send` with one and by the writer with all that arrived while the last commit ran. The rooms' locks
are taken first and in one order, then rights are read: what they say holds until the commit.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from chat import mentions, rows
from chat.access import require_read, require_write
from chat.drafts import Draft, Outcome, Send, Sent, Settled
from chat.feed import Step, Who
from chat.models import ChangeKind
from chat.refusals import (
    KeyReused,
    NoSuchMessage,
    RoomClosed,
    SlowMode,
    TooManyMentions,
)
from chat.rows import Earlier, HeldRoom, NewMessage
from chat.standing import Identity, check
from chat.text import fit
from groups.access import Can
from groups.rights import rights
from groups.sight import sights
from portal import limits
from portal.errors import NotFound, Refusal, TooMany


def settle(sends: Sequence[Send], *, at: datetime, skip_busy: bool = False) -> Settled:
    """Write what may be written, in the caller's transaction. With `skip_busy`, rooms locked elsewhere are left out."""
    return _Batch(sends, at).settle(skip_busy=skip_busy)


class _Batch:
    """Each step passes on the drafts that get through, and notes the outcome of those that do not."""

    def __init__(self, sends: Sequence[Send], at: datetime) -> None:
        self.sends = sends
        self.at = at
        self.outcomes: list[Outcome] = [None] * len(sends)

    def settle(self, *, skip_busy: bool) -> Settled:
        held = rows.hold({send.room for send in self.sends}, skip_busy=skip_busy)
        drafts = self._through_the_door(held, skip_busy=skip_busy)
        drafts, repeats = self._sent_for_the_first_time(drafts)
        drafts = self._allowed_to_write(drafts)
        drafts = self._answering_what_is_there(drafts)
        drafts = self._naming_people_here(drafts)
        drafts = self._slowly_enough(drafts)
        drafts = self._within_limits(drafts)
        self._number_and_write(drafts)
        for repeat, first in repeats:
            self.outcomes[repeat.place] = self.outcomes[first.place]
        return Settled(self.outcomes, [room for room in held.values() if room.steps])

    def _through_the_door(self, held: dict[UUID, HeldRoom], *, skip_busy: bool) -> list[Draft]:
        missing = {send.room for send in self.sends} - held.keys()
        busy = rows.existing(missing) if missing and skip_busy else set()
        ended = check([send.who for send in self.sends], at=self.at)
        pairs = [(send.who.user_pk, held[send.room].group_pk) for send in self.sends if send.room in held]
        allowed = rights(pairs, at=self.at)
        drafts = []
        for place, send in enumerate(self.sends):
            if send.room in busy:
                continue
            try:
                if (end := ended[place]) is not None:
                    raise end
                if send.room not in held:
                    raise RoomClosed
                room = held[send.room]
                mine = allowed[send.who.user_pk, room.group_pk]
                require_read(mine, room.rules.kind)
                drafts.append(Draft(place, send, room, mine, fit(send.body)))
            except NotFound:
                self.outcomes[place] = RoomClosed()
            except Refusal as refusal:
                self.outcomes[place] = refusal
        return drafts

    def _sent_for_the_first_time(self, drafts: list[Draft]) -> tuple[list[Draft], list[tuple[Draft, Draft]]]:
        """What was sent before gets its first answer again, whatever has changed since."""
        if not drafts:
            return [], []
        before = rows.earlier([draft.key for draft in drafts])
        firsts: dict[rows.Key, Draft] = {}
        repeats = []
        for draft in drafts:
            if (old := before.get(draft.key)) is not None:
                self.outcomes[draft.place] = _same_answer(old, draft)
            elif (first := firsts.setdefault(draft.key, draft)) is not draft:
                if first.digest == draft.digest:
                    repeats.append((draft, first))
                else:
                    self.outcomes[draft.place] = KeyReused()
        return list(firsts.values()), repeats

    def _allowed_to_write(self, drafts: list[Draft]) -> list[Draft]:
        passed = []
        for draft in drafts:
            try:
                require_write(draft.rights, draft.room.rules, at=self.at, zone=draft.send.who.zone)
            except Refusal as refusal:
                self.outcomes[draft.place] = refusal
            else:
                passed.append(draft)
        return passed

    def _answering_what_is_there(self, drafts: list[Draft]) -> list[Draft]:
        replies = [draft for draft in drafts if draft.send.reply_to is not None]
        found = rows.quoted({draft.send.reply_to for draft in replies if draft.send.reply_to})
        seen = sights([(draft.send.who.user_pk, draft.room.group_pk) for draft in replies], at=self.at)
        for draft in replies:
            pk, quote = found.get((draft.room.pk, draft.send.reply_to or draft.send.key), (None, None))
            sight = seen[draft.send.who.user_pk, draft.room.group_pk]
            if quote is not None and sight.sees(quote.author_pk, quote.sent_at):
                draft.reply_pk, draft.reply = pk, quote
        return [
            draft
            for draft in drafts
            if self._passes(draft, NoSuchMessage() if draft.send.reply_to and draft.reply is None else None)
        ]

    def _naming_people_here(self, drafts: list[Draft]) -> list[Draft]:
        """Only texts with a sign for it are looked at, so that most sends ask nothing more."""
        naming = [draft for draft in drafts if "@" in draft.body]
        if not naming:
            return drafts
        people = mentions.people_in({draft.room.group_pk for draft in naming})
        for draft in naming:
            try:
                draft.named = mentions.named_in(draft.body, people[draft.room.group_pk])
            except TooManyMentions as refusal:
                self.outcomes[draft.place] = refusal
        return [draft for draft in drafts if self.outcomes[draft.place] is None]

    def _slowly_enough(self, drafts: list[Draft]) -> list[Draft]:
        """In a room in slow mode, one message a member and time."""
        slow = [draft for draft in drafts if draft.room.rules.slow_seconds and not draft.rights.can(Can.MODERATE)]
        before = rows.latest((draft.room.pk, draft.send.who.user_pk) for draft in slow)
        for draft in slow:
            writer, pause = (draft.room.pk, draft.send.who.user_pk), draft.room.rules.slow_seconds
            last = before[writer]
            wait = pause - (self.at - last).total_seconds() if last is not None else 0
            if self._passes(draft, SlowMode(pause, wait) if wait > 0 else None):
                before[writer] = self.at
        return [draft for draft in drafts if self.outcomes[draft.place] is None]

    def _within_limits(self, drafts: list[Draft]) -> list[Draft]:
        if not drafts:
            return []
        wanted = Counter(allowance(draft.send.who) for draft in drafts)
        taken = limits.take_many(wanted, every=settings.CHAT["EVERY"], burst=settings.CHAT["BURST"], at=self.at)
        left = {key: share.granted for key, share in taken.items()}
        passed = []
        for draft in drafts:
            key = allowance(draft.send.who)
            if self._passes(draft, None if left[key] else TooMany(retry_after=taken[key].retry_after)):
                left[key] -= 1
                passed.append(draft)
        return passed

    def _passes(self, draft: Draft, refusal: Refusal | None) -> bool:
        if refusal is not None:
            self.outcomes[draft.place] = refusal
        return refusal is None

    def _number_and_write(self, drafts: list[Draft]) -> None:
        new = []
        for draft in drafts:
            room = draft.room
            room.head += 1
            said = draft.said(room.head, self.at)
            room.steps.append(
                Step(said.seq, ChangeKind.SENT, self.at, Who(said.author_pk, said.author, said.name), said)
            )
            new.append(NewMessage(room.pk, said, draft.digest, draft.body, draft.reply_pk))
            self.outcomes[draft.place] = Sent(said.seq, said.id)
        if new:
            rows.insert(new)


def allowance(who: Identity) -> str:
    """The bucket a person's messages are counted in, over all rooms."""
    return f"chat.{who.person}"


def _same_answer(old: Earlier, draft: Draft) -> Outcome:
    return Sent(old.seq, old.id) if old.digest == draft.digest else KeyReused()
