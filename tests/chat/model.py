"""What the machine of `test_machine.py` knows: one room, three members who come and go, a facilitator and an admin who
stay, the pages that are open, and a model in a few plain dicts of what must be there."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib.sessions.models import Session
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine

from chat.models import Message, MessageState, Room
from groups.membership.models import GroupRole, Membership
from portal.accounts.models import Role, User
from portal.limits import Allowance
from tests import cast
from tests.chat.inside import Frame, InnerPage, Process

MEMBERS = ("ben", "carla", "dan")


def stands(said: Frame) -> tuple:
    """A message as a page shows it: state, words, and whose reactions."""
    reactions = {(one["kind"], who["id"]) for one in said.get("reactions", []) for who in one["people"]}
    is_shown = said["state"] == MessageState.SHOWN
    return said["state"], said.get("body", ""), reactions if is_shown else set()


class Model(RuleBasedStateMachine):
    """The state and its small deeds; rules and promises are the machine's."""

    processes: tuple[Process, Process]
    layer = None
    sees_all = True

    def __init__(self) -> None:
        super().__init__()
        number = uuid4().hex[:8]
        self.at = timezone.now() - timedelta(minutes=1)
        self.group = cast.group(f"Group {number}", capacity=20)
        self.room = Room.objects.get(group=self.group)
        self.people: dict[str, User] = {}
        for name in MEMBERS:
            self.people[name] = cast.person(f"{name} {number}")
            cast.stay(self.group, self.people[name])
        self.amina = cast.person(f"Amina {number}", role=Role.FACILITATOR)
        cast.stay(self.group, self.amina, role=GroupRole.FACILITATOR)
        self.eve = cast.person(f"Eve {number}", role=Role.ADMIN)
        # The model.
        self.head = 0
        self.inside = dict.fromkeys(MEMBERS, True)
        self.muted = dict.fromkeys(MEMBERS, False)
        self.kept: dict[UUID, dict] = {}  # by key: author, body, seq, message, state, old
        self.pages: list[dict] = []  # page, who, lost: the number after which it may hear nothing

    def _open(self) -> list[dict]:
        """Pages that were not told to go: those that were say nothing more, as in a browser."""
        return [one for one in self.pages if not one["page"].is_away and one["lost"] is None]

    def _cut(self, page: InnerPage) -> None:
        if page.code is None:
            page.cut()

    def _send(self, name: str, key: UUID, body: str) -> None:
        page = self._page_of(name)
        if page is None:
            return
        Allowance.objects.all().delete()
        before = len(page._answers(key))
        page.put("send", room=page.room, key=key, body=body)
        page.wait(lambda: len(page._answers(key)) > before, f"No answer; closed with {page.code}")
        answer, known = page._answers(key)[-1], self.kept.get(key)
        if not self.inside[name]:
            assert answer["code"] == "not_found"
        elif known is not None:
            again = (answer["op"], answer.get("seq"), answer.get("message"))
            assert again == ("ok", known["seq"], known["message"]) or (
                body != known["first"] and answer["code"] == "key_reused"
            )
        elif self.muted[name]:
            assert answer["code"] == "muted"
        else:
            self.head += 1
            assert (answer["op"], answer["seq"]) == ("ok", self.head)
            self._keep(name, key, body, answer)

    def _keep(self, name: str, key: UUID, body: str, answer: dict) -> None:
        known = {"author": name, "first": body, "body": body, "seq": answer["seq"], "message": answer["message"]}
        self.kept[key] = {**known, "state": "shown", "old": False, "reactions": set()}

    def _act(self, page: InnerPage, op: str, known: dict, **fields: object) -> dict:
        key = uuid4()
        page.put(op, room=page.room, message=known["message"], key=key, **fields)
        return page.answer(key)

    def _page_of(self, name: str) -> InnerPage | None:
        """A page of theirs that is still open, whether or not they belong here."""
        theirs = [one["page"] for one in self.pages if one["who"] == name]
        open_ = [page for page in theirs if page.code is None and not page.is_cut]
        usable = [page for page in open_ if Session.objects.filter(pk=page.session, expire_date__gt=timezone.now())]
        return usable[-1] if usable else None

    def _is_out(self, name: str, *, left: int | None = None) -> None:
        self.inside[name] = False
        self.head += 1
        self._lose(name, (left or self.head) - 1)  # not even that they left

    def _drawn(self, name: str) -> dict[str, tuple]:
        """What a page of theirs shows once it has everything; what was said before they came is withheld."""
        drawn: dict[str, tuple] = {}
        for known in self.kept.values():
            if self._is_withheld(name, known):
                drawn[known["message"]] = ("held", "", set())
            else:
                is_shown = known["state"] == MessageState.SHOWN
                body, reactions = (known["body"], known["reactions"]) if is_shown else ("", set())
                drawn[known["message"]] = (known["state"], body, reactions)
        return drawn

    def _is_withheld(self, name: str, known: dict) -> bool:
        came = None if self.sees_all or not self.inside[name] else self._membership(name).joined_at
        return came is not None and Message.objects.get(public_id=known["message"]).sent_at < came

    def _membership(self, name: str) -> Membership:
        return Membership.objects.get(group=self.group, user=self.people[name], state="active")

    def _stay(self, name: str) -> UUID:
        return self._membership(name).public_id

    def _lose(self, name: str, seq: int) -> None:
        for one in self.pages:
            if one["who"] == name and one["lost"] is None:
                one["lost"] = seq

    def _now(self):
        return timezone.now()
