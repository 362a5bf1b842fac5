"""Two tabs on each of two devices of one person agree on what is unread, whatever anybody has done."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from channels.layers import channel_layers
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chat import actions
from chat.models import Message, MessageState, Room
from chat.rooms import rooms_of
from groups.membership.models import GroupRole
from groups.moderation import actions as moderation
from portal.accounts.models import Role, User
from portal.limits import Allowance
from tests import cast
from tests.cast import begin_session
from tests.chat.inside import Frame, InnerPage, Process

pytestmark = pytest.mark.django_db(transaction=True)


class Tab(InnerPage):
    """Counts what is new as static/js/features/chat/rooms.js does."""

    def __init__(self, process: Process, user: User, room: UUID, *, seen: int) -> None:
        self.me, self.unread, self.counted = str(user.public_id), -1, -1
        super().__init__(process, begin_session(user), room, seen=seen)
        self.wait(lambda: self.is_live)

    def _hear(self, frame: Frame) -> None:
        super()._hear(frame)
        if frame["op"] == "welcome":
            mine = frame["rooms"][self.room]
            self.unread, self.counted = mine["unread"], mine["head"]
            if self.shown > self.counted:
                self.put("hello", epoch=None, rooms={})
        elif frame["op"] == "notify" and frame.get("room") == self.room:
            self.put("hello", epoch=None, rooms={})
        elif frame["op"] == "change" and frame["seq"] > self.counted and "message" in frame:
            if frame["kind"] != "message.sent":
                self.put("hello", epoch=None, rooms={})
            elif frame["message"].get("author", {}).get("id") != self.me:
                self.unread += 1


class House:
    """Ben with four tabs, and the others in the room."""

    def __init__(self, processes: tuple[Process, Process]) -> None:
        number = uuid4().hex[:8]
        group = cast.group(f"Group {number}")
        self.room = Room.objects.select_related("group").get(group=group)
        self.people = {name: cast.person(f"{name} {number}") for name in ("ben", "carla")}
        self.amina = cast.person(f"Amina {number}", role=Role.FACILITATOR)
        for person in self.people.values():
            cast.stay(group, person)
        cast.stay(group, self.amina, role=GroupRole.FACILITATOR)
        self.processes = processes
        self.tabs = [self.open(place) for place in (0, 0, 1, 1)]

    def open(self, place: int) -> Tab:
        return Tab(self.processes[place], self.people["ben"], self.room.public_id, seen=self.head)

    @property
    def head(self) -> int:
        return Room.objects.values_list("head_seq", flat=True).get(pk=self.room.pk)

    def messages(self, **like: object) -> list[Message]:
        return list(Message.objects.filter(room=self.room, **like).order_by("seq"))

    # What can happen; `number` picks whom or what

    def says(self, number: int) -> None:
        who = list(self.people.values())[number % 2]
        Allowance.objects.all().delete()
        actions.send(who, self.room.public_id, key=uuid4(), body=f"{number}", at=timezone.now())

    def says_from_a_tab(self, number: int) -> None:
        tab, key = self.tabs[number % 4], uuid4()
        Allowance.objects.all().delete()
        tab.put("send", room=tab.room, key=key, body=f"{number}")
        assert tab.answer(key)["op"] == "ok"

    def takes_back(self, number: int) -> None:
        if said := self.messages(state=MessageState.SHOWN):
            one = said[number % len(said)]
            actions.remove(one.author, self.room.public_id, one.public_id, at=timezone.now())

    def changes(self, number: int) -> None:
        if said := self.messages(state=MessageState.SHOWN):
            one = said[number % len(said)]
            actions.edit(one.author, self.room.public_id, one.public_id, body=f"changed {number}", at=timezone.now())

    def hides(self, number: int) -> None:
        self._moderate(moderation.hide, MessageState.SHOWN, number)

    def shows(self, number: int) -> None:
        self._moderate(moderation.show, MessageState.HIDDEN, number)

    def _moderate(self, deed, state: MessageState, number: int) -> None:
        if said := self.messages(state=state):
            one, group = said[number % len(said)], self.room.group.public_id
            deed(self.amina, group, "message", one.public_id, reason="Rules.", at=timezone.now())

    def reads(self, number: int) -> None:
        """From one tab, up to somewhere, also to where the reader has been before."""
        tab = self.tabs[number % 4]
        tab.put("read", room=tab.room, seq=number % (self.head + 1))
        tab.put("hello", epoch=None, rooms={})

    def finds_new(self, number: int) -> None:
        """From one tab: the room is new again from somewhere on."""
        tab = self.tabs[number % 4]
        tab.put("unread", room=tab.room, seq=number % (self.head + 1))
        tab.put("hello", epoch=None, rooms={})

    def comes_back(self, number: int) -> None:
        """A tab is closed and another one opened on the same device."""
        place = number % 4
        self.tabs[place].cut()
        self.tabs[place] = self.open(place // 2)

    def agree(self) -> None:
        """Every tab comes to show what the database counts."""
        for tab in self.tabs:
            tab.wait(lambda tab=tab: tab.unread == self.unread(), "It counts what is unread otherwise than it is kept:")

    def unread(self) -> int:
        ben = self.people["ben"].pk
        return rooms_of([ben], at=timezone.now() + timedelta(seconds=1))[ben][0].unread


DEEDS = ("says", "says_from_a_tab", "takes_back", "changes", "hides", "shows", "reads", "finds_new", "comes_back")
mixes = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 40)), min_size=8, max_size=14)
ANYHOW = {"deadline": None, "suppress_health_check": list(HealthCheck), "phases": [Phase.explicit, Phase.generate]}


def live_through(processes: tuple[Process, Process], mix: list[tuple[str, int]]) -> None:
    house = House(processes)
    for deed, number in mix:
        getattr(house, deed)(number)
        house.agree()
    for tab in house.tabs:
        tab.cut()


def test_all_tabs_agree_on_what_is_unread(processes):
    @settings(max_examples=2, derandomize=True, database=None, **ANYHOW)
    @given(mixes)
    def whatever_happens(mix: list[tuple[str, int]]) -> None:
        live_through(processes, mix)

    whatever_happens()


@pytest.mark.slow
def test_all_tabs_agree_for_long(processes):
    @settings(max_examples=60, print_blob=True, **ANYHOW)
    @given(mixes)
    def whatever_happens(mix: list[tuple[str, int]]) -> None:
        live_through(processes, mix)

    whatever_happens()


def test_a_mark_whose_hint_was_lost_is_made_up_for_at_the_next_beat(processes):
    house = House(processes)
    channel_layers["default"].mood = "lose"
    for number in range(6):
        house.says(number)
    for process in processes:
        process.look()
    here, there = house.tabs[0], house.tabs[2]
    for number, (op, seq) in enumerate([("read", 6), ("unread", 3), ("read", 5)]):
        here.put(op, room=here.room, seq=seq)
        here.wait(lambda number=number: len(notices(here)) > number)
        processes[1].look()
        there.wait(lambda: there.unread == house.unread())
        assert [frame["kind"] for frame in notices(there)[number:]] == [op]
        processes[1].look()  # once is enough
        assert len(notices(there)) == number + 1
    for tab in house.tabs:
        tab.cut()


def notices(tab: Tab) -> list[Frame]:
    return [frame for frame in tab.heard if frame["op"] == "notify" and frame["kind"] != "slower"]
