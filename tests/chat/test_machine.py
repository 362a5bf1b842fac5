"""People do whatever they like while hints are lost, doubled and late: the contract's promises hold after every step.

The model is in `model.py`. Two hubs stand for two processes; the second hears of what others do by hints alone.
"""

import random
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from channels.layers import channel_layers
from django.contrib.sessions.models import Session
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, rule, run_state_machine_as_test

from chat.models import Change, Message, ReactionKind
from groups.membership import actions as membership
from groups.membership.models import Group, History
from groups.moderation import actions as moderation
from groups.moderation.models import Sanction
from portal.accounts.sessions import end_sessions
from portal.limits import Allowance
from tests.cast import begin_session
from tests.chat.inside import InnerPage
from tests.chat.model import MEMBERS, Model, stands

pytestmark = pytest.mark.django_db(transaction=True)

CODES = (None, 1000, 4401, 4403, 4429)
names = st.sampled_from(MEMBERS)


class Chat(Model):
    """What can happen, in any order, and what must be true after each step."""

    said = Bundle("said")

    # Coming and going

    @initialize(history=st.sampled_from([History.ALL, History.JOINED]))
    def everybody_opens_a_page(self, history: History) -> None:
        Group.objects.filter(pk=self.group.pk).update(history=history)
        self.sees_all = history == History.ALL
        self.layer.mood = "kind"
        self.layer.held.clear()
        for place, name in enumerate(MEMBERS):
            self.opens(name, place % 2, None)

    @rule(name=names, where=st.integers(0, 1), seen=st.none() | st.integers(0, 99))
    def opens(self, name: str, where: int, seen: int | None) -> None:
        """A page drawn at some moment opens its link. Nobody has more than eight."""
        if sum(one["who"] == name and not one["page"].is_cut and one["page"].code is None for one in self.pages) >= 8:
            return
        seen = self.head if seen is None else min(seen, self.head)
        session = begin_session(self.people[name])
        page = InnerPage(self.processes[where], session, self.room.public_id, seen=seen)
        self.pages.append({"page": page, "who": name, "lost": None, "signed out": False, "from": seen})
        page.wait(lambda: page.is_live or page.is_away, "Neither live nor sent away.")
        assert page.is_away is (not self.inside[name])
        if not self.inside[name]:
            self.pages.pop()
            self._cut(page)

    @rule(place=st.integers(0, 20), missed=st.integers(0, 3))
    def cut_and_return(self, place: int, missed: int) -> None:
        """A link is lost; the page comes back for what was said meanwhile."""
        if not (open_ := self._open()):
            return
        one = open_[place % len(open_)]
        old = one["page"]
        self._cut(old)
        for number in range(missed):
            self._send(MEMBERS[number], uuid4(), "Meanwhile")
        new = InnerPage(old.process, old.session, self.room.public_id, seen=old.shown)
        new.messages, new.kinds, new.wrong = old.messages, old.kinds, old.wrong
        one["page"] = new
        new.wait(lambda: new.is_live or new.is_away, "Neither live nor sent away.")

    @rule(place=st.integers(0, 20), seq=st.integers(0, 99))
    def asks_again(self, place: int, seq: int) -> None:
        """A page wants again what came after a number."""
        if open_ := self._open():
            page = open_[place % len(open_)]["page"]
            page.put("since", room=page.room, seq=min(seq, page.shown))

    # Writing

    @rule(target=said, name=names, body=st.sampled_from(["Hello", "I am here", "Thank you"]))
    def says(self, name: str, body: str) -> UUID:
        key = uuid4()
        self._send(name, key, body)
        return key

    @rule(key=said, same=st.booleans())
    def says_again(self, key: UUID, same: bool) -> None:
        """The same key once more, with the same words or others."""
        if key in self.kept:
            known = self.kept[key]
            self._send(known["author"], key, known["first"] if same else "Something else")

    @rule(key=said, body=st.sampled_from(["Changed", "Changed again"]))
    def edits(self, key: UUID, body: str) -> None:
        known = self.kept.get(key)
        page = known and self._page_of(known["author"])
        if not page:
            return
        answer = self._act(page, "edit", known, body=body)
        name = known["author"]
        if not self.inside[name]:
            assert answer["code"] in ("not_found", "no_such_message")
        elif known["state"] != "shown":
            assert answer["code"] == "no_such_message"
        elif self.muted[name]:
            assert answer["code"] == "muted"
        elif known["old"]:
            assert answer["code"] == "too_late"
        else:
            assert answer["op"] == "ok"
            self.head += body != known["body"]
            known["body"] = body

    @rule(key=said)
    def takes_back(self, key: UUID) -> None:
        known = self.kept.get(key)
        page = known and self._page_of(known["author"])
        if not page:
            return
        answer = self._act(page, "remove", known)
        name = known["author"]
        if not self.inside[name]:
            assert answer["code"] in ("not_found", "no_such_message")
        elif known["state"] == "hidden":
            assert answer["code"] == "no_such_message"
        else:
            assert answer["op"] == "ok"
            self.head += known["state"] == "shown"
            known["state"] = "removed"

    @rule(key=said, name=names, kind=st.sampled_from(ReactionKind.values), on=st.booleans())
    def reacts(self, key: UUID, name: str, kind: str, on: bool) -> None:
        known, page = self.kept.get(key), self._page_of(name)
        if not known or page is None:
            return
        Allowance.objects.all().delete()
        answer = self._act(page, "react", known, kind=kind, on=on)
        if not self.inside[name] or (known["author"] != name and self._is_withheld(name, known)):
            assert answer["code"] in ("not_found", "no_such_message")
        elif known["state"] != "shown":
            assert answer["code"] == "no_such_message"
        elif self.muted[name]:
            assert answer["code"] == "muted"
        else:
            assert answer["op"] == "ok"
            whose = (kind, str(self.people[name].public_id))
            self.head += (whose in known["reactions"]) is not on
            known["reactions"] = known["reactions"] | {whose} if on else known["reactions"] - {whose}

    # What others do to them

    @rule(name=names, deed=st.sampled_from([membership.remove_member, membership.ban_member]))
    def is_sent_away(self, name: str, deed) -> None:
        if self.inside[name]:
            deed(self.amina, self.group.public_id, self._stay(name), reason="Rules.", at=self._now())
            self._is_out(name)
            for other in MEMBERS:  # heard by those who are still here; who was sent away is refused
                self._send(other, uuid4(), "After")

    @rule(name=names)
    def leaves(self, name: str) -> None:
        if self.inside[name]:
            membership.leave(self.people[name], self.group.public_id, at=self._now())
            self._is_out(name)

    @rule(name=names, deed=st.sampled_from([membership.remove_member, membership.ban_member]))
    def is_sent_away_while_others_talk(self, name: str, deed) -> None:
        """Messages are on their way before and after: what got its number after theirs is not for who was sent away."""
        talkers = [other for other in MEMBERS if other != name and self.inside[other] and not self.muted[other]]
        pages = {other: page for other in talkers if (page := self._page_of(other)) is not None}
        if not self.inside[name] or not pages:
            return
        Allowance.objects.all().delete()
        said = [(other, page, uuid4()) for other, page in pages.items() for _ in range(3)]
        for place, (_, page, key) in enumerate(said):
            if place == 2:
                deed(self.amina, self.group.public_id, self._stay(name), reason="Rules.", at=self._now())
            page.put("send", room=page.room, key=key, body="Meanwhile")
        for other, page, key in said:
            answer = page.answer(key)
            assert answer["op"] == "ok"
            self._keep(other, key, "Meanwhile", answer)
        self.head += len(said)
        left = Change.objects.filter(room=self.room, kind="member.left").latest("seq").seq
        self._is_out(name, left=left)

    @rule(name=names)
    def joins_again(self, name: str) -> None:
        if not self.inside[name]:
            person = self.people[name].public_id
            membership.add_person(self.eve, self.group.public_id, person, role="member", at=self._now())
            self.inside[name] = True
            self.head += 1
            for one in self.pages:  # a page that has not yet heard that it should go may stay now
                if one["who"] == name and not one["signed out"] and not one["page"].is_away:
                    one["lost"] = None
            muted = Sanction.objects.filter(group=self.group, user=self.people[name], lifted_at=None)
            self.muted[name] = muted.filter(ends_at__gt=timezone.now()).exists()

    @rule(name=names)
    def is_muted(self, name: str) -> None:
        if self.inside[name] and not self.muted[name]:
            moderation.mute(
                self.amina, self.group.public_id, self._stay(name), minutes=60, reason="Heated.", at=self._now()
            )
            self.muted[name] = True
            self._send(name, uuid4(), "But")

    @rule(name=names)
    def may_speak_again(self, name: str) -> None:
        if self.inside[name] and self.muted[name]:
            moderation.unmute(self.amina, self.group.public_id, self._stay(name), at=self._now())
            self.muted[name] = False

    @rule(key=said, hide=st.booleans())
    def is_hidden_or_shown(self, key: UUID, hide: bool) -> None:
        known = self.kept.get(key)
        if not known or known["state"] == "removed" or (known["state"] == "hidden") is hide:
            return
        deed = moderation.hide if hide else moderation.show
        message = UUID(known["message"])
        deed(self.amina, self.group.public_id, "message", message, reason="Rules.", at=self._now())
        known["state"] = "hidden" if hide else "shown"
        self.head += 1

    @rule(name=names)
    def signs_out_everywhere(self, name: str) -> None:
        end_sessions(self.people[name])
        self._lose(name, self.head)
        for one in self.pages:
            one["signed out"] |= one["who"] == name

    # The clock

    @rule()
    def sessions_expire(self) -> None:
        """By the clock alone: nobody says so. The next look of the hub finds it."""
        sessions = [one["page"].session for one in self.pages]
        Session.objects.filter(pk__in=sessions[::2]).update(expire_date=timezone.now())
        for process in self.processes:
            process.look()
        for one in self.pages[::2]:
            one["page"].wait(lambda one=one: one["page"].is_away, "It stays although its session is over.")
            one["lost"] = self.head if one["lost"] is None else one["lost"]
            one["signed out"] = True

    @rule()
    def twenty_minutes_pass(self) -> None:
        Message.objects.filter(room=self.room).update(sent_at=F("sent_at") - timedelta(minutes=20))
        for known in self.kept.values():
            known["old"] = True

    @rule()
    def mutes_run_out(self) -> None:
        """As if the hour had passed: what the clock does to everybody's mute."""
        past = timezone.now() - timedelta(seconds=1)
        Sanction.objects.filter(group=self.group).update(starts_at=past - timedelta(hours=1), ends_at=past)
        self.muted = dict.fromkeys(MEMBERS, False)

    # Hints

    @rule(mood=st.sampled_from(["kind", "lose", "double", "hold"]))
    def hints_become(self, mood: str) -> None:
        self.layer.mood = mood

    @rule(seed=st.integers(0, 99))
    def what_was_held_comes(self, seed: int) -> None:
        self.layer.let_go(random.Random(seed))  # noqa: S311 (a die, not a secret)

    @rule()
    def two_seconds_pass(self) -> None:
        """Each hub looks for itself. Then every page that may be here has everything, and nobody else stays."""
        for process in self.processes:
            process.look()
        for one in self.pages:
            page, drawn = one["page"], self._drawn(one["who"])
            if one["lost"] is not None:
                page.wait(lambda page=page: page.is_away, "It stays although access is lost.")
            elif not page.is_away:
                page.wait(lambda page=page: page.shown == self.head or page.is_away, f"Not all of {self.head}.")
                shown = {id: stands(said) for id, said in page.messages.items()}
                assert page.is_away or shown == {id: drawn[id] for id in shown}
                if one["from"] == 0 and not page.is_away:
                    assert shown == drawn

    # What must be true

    @invariant()
    def every_kept_message_is_there_once(self) -> None:
        rows = list(Message.objects.filter(room=self.room).order_by("seq").values_list("key", "seq", "state", "body"))
        known = sorted(((k, v["seq"], v["state"], v["body"]) for k, v in self.kept.items()), key=lambda row: row[1])
        assert rows == known

    @invariant()
    def numbers_have_no_gap(self) -> None:
        numbers = Change.objects.filter(room=self.room).order_by("seq").values_list("seq", flat=True)
        assert list(numbers) == list(range(1, self.head + 1))

    @invariant()
    def pages_hear_in_order_and_nothing_they_should_not(self) -> None:
        for one in self.pages:
            page = one["page"]
            assert page.wrong == [], (one["who"], [frame for frame in page.heard if frame["op"] != "beat"][-6:])
            assert page.code in CODES
            if one["lost"] is not None:
                assert page.told <= max(one["lost"], one["from"])

    @invariant()
    def all_pages_tell_the_same_story(self) -> None:
        story: dict[int, tuple] = {}
        for one in self.pages:
            for seq, about in list(one["page"].kinds.items()):
                assert story.setdefault(seq, about) == about

    def teardown(self) -> None:
        self.layer.mood = "kind"
        self.two_seconds_pass()
        for one in self.pages:
            self._cut(one["page"])


@pytest.fixture
def chat(processes):
    """The machine, on two hubs with an unreliable way between them."""
    Chat.processes, Chat.layer = processes, channel_layers["default"]
    return Chat


# What fails is told as it failed: to shrink it would take longer than to read it.
ANYHOW = {"deadline": None, "suppress_health_check": list(HealthCheck), "phases": [Phase.explicit, Phase.generate]}


def test_whatever_people_do_the_promises_hold(chat):
    run_state_machine_as_test(
        chat, settings=settings(max_examples=5, stateful_step_count=40, derandomize=True, database=None, **ANYHOW)
    )


@pytest.mark.slow
def test_whatever_people_do_for_long_the_promises_hold(chat):
    run_state_machine_as_test(
        chat, settings=settings(max_examples=40, stateful_step_count=50, print_blob=True, **ANYHOW)
    )
