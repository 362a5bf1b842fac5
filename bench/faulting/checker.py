"""Reads a history and the final log, and says what went wrong. Pure: it knows nothing of servers.

What must be true stands in docs/chat-protocol.md, section 6.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.faulting.history import Event

WITHIN = 5.0  # seconds after a fault's end
PASSING = ("try_again", "too_many", "session_over")


@dataclass
class Said:
    """One thing somebody wanted, from the wish to the answer."""

    op: str
    page: int
    began: float
    body: str = ""
    tries: int = 0
    answers: int = 0
    ok: tuple[int, str] | None = None
    refused: str | None = None


@dataclass
class Seen:
    """One page, as far as its history tells."""

    person: str
    session: str
    room: str
    wire: int = 0  # the last number on this link
    shown: list[tuple[float, int]] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)  # when it lost its link, when it tries again
    over_at: float | None = None
    end: Event | None = None


def check(history: Iterable[Event], log: dict[str, Any]) -> list[str]:
    """Every sentence is a broken promise."""
    return list(Checker(history, log).broken())


class Checker:
    """Goes through the history once, then through what it has gathered."""

    def __init__(self, history: Iterable[Event], log: dict[str, Any]) -> None:
        self.pages: dict[int, Seen] = {}
        self.said: dict[str, Said] = {}
        self.faults: list[tuple[str, float, dict[str, int]]] = []
        self.begun: list[float] = []
        self.taken: list[Event] = []  # what people lost
        self.changes: list[Event] = []
        self.late: list[tuple[float, float]] = []
        self.closed: Counter[int] = Counter()
        self.worst = (0.0, "none")
        self.wrong: list[str] = []
        self.heads: dict[str, int] = log["heads"]
        self.drawn: dict[str, dict[str, list[str]]] = log["drawn"]
        self.log: dict[str, list[list[Any]]] = defaultdict(list)
        for room, *change in log["changes"]:
            self.log[room].append(change)
        for event in history:
            getattr(self, f"_on_{event['what']}", self._pass_over)(event)

    def broken(self) -> Iterator[str]:
        """All of it."""
        yield from self.wrong
        yield from self._numbers()
        yield from self._acknowledged()
        yield from self._own_order()
        yield from self._same_for_all()
        yield from self._leaks()
        yield from self._written_while_muted()
        yield from self._whole_again()
        yield from self._pages_at_the_end()
        if self.closed[1011]:
            yield f"fault of the server: {self.closed[1011]} links closed with 1011"

    # Gathering

    def _pass_over(self, event: Event) -> None:
        """Of no concern here."""

    def _on_page(self, event: Event) -> None:
        self.pages[event["page"]] = Seen(event["person"], event["session"], event["room"])

    def _on_drawn(self, event: Event) -> None:
        self.pages[event["page"]].shown.append((event["t"], event["seq"]))

    def _on_link(self, event: Event) -> None:
        self.pages[event["page"]].wire = event["seen"]

    def _on_since(self, event: Event) -> None:
        self._on_link(event)

    def _on_change(self, event: Event) -> None:
        page = self.pages[event["page"]]
        event |= {"person": page.person, "session": page.session, "room": page.room}
        self.changes.append(event)
        if event["seq"] > page.wire + 1:
            self.wrong.append(f"skipped: page {event['page']} heard {event['seq']} after {page.wire}")
        page.wire = max(page.wire, event["seq"])
        if event["shown"]:
            before = page.shown[-1][1] if page.shown else 0
            if event["seq"] != before + 1:
                self.wrong.append(f"reordered: page {event['page']} showed {event['seq']} after {before}")
            page.shown.append((event["t"], event["seq"]))

    def _on_invoke(self, event: Event) -> None:
        self.said[event["key"]] = Said(event["op"], event["page"], event["t"], event.get("body", ""))

    def _on_put(self, event: Event) -> None:
        self.said[event["key"]].tries += 1

    def _on_ok(self, event: Event) -> None:
        said, answer = self.said[event["key"]], (event["seq"], event["message"])
        if said.ok is not None and said.op == "send" and said.ok != answer:
            self.wrong.append(f"two answers: {said.body!r} was {said.ok[0]} and then {event['seq']}")
        said.ok, said.answers = answer, said.answers + 1

    def _on_refused(self, event: Event) -> None:
        if (said := self.said.get(event["key"])) is None:
            self.wrong.append(f"refused for nothing: {event['code']} to page {event['page']}")
            return
        said.answers += 1
        if event["code"] not in PASSING:
            said.refused = event["code"]

    def _on_reset(self, event: Event) -> None:
        self.wrong.append(f"sent away: page {event['page']} was told to load again")

    def _on_down(self, event: Event) -> None:
        page = self.pages[event["page"]]
        self.closed[event["code"]] += 1
        page.waits.append((event["t"], event["t"] + event["pause"]))
        if event["over"]:
            page.over_at = event["t"]

    def _on_deed(self, event: Event) -> None:
        self.taken.append(event)

    def _on_fault(self, event: Event) -> None:
        self.begun.append(event["t"])

    def _on_over(self, event: Event) -> None:
        self.faults.append((event["kind"], event["t"], event["heads"]))

    def _on_late(self, event: Event) -> None:
        self.late.append((event["t"], event["by"]))

    def _on_end(self, event: Event) -> None:
        self.pages[event["page"]].end = event

    # Judging

    def _numbers(self) -> Iterator[str]:
        for room, head in self.heads.items():
            numbers = [change[0] for change in self.log[room]]
            if numbers != list(range(1, head + 1)):
                yield f"gap in the log: {len(numbers)} changes up to {head}"

    def _acknowledged(self) -> Iterator[str]:
        sent = Counter((change[3], change[4]) for log in self.log.values() for change in log if _is_first(change))
        firsts = {
            (change[3], change[4]): (change[0], change[2])
            for log in self.log.values()
            for change in log
            if _is_first(change)
        }
        every = {(room, change[0]): change for room, log in self.log.items() for change in log}
        for key, said in self.said.items():
            page = self.pages[said.page]
            found = firsts.get((key, page.person))
            if said.op != "send":
                change = every.get((page.room, said.ok[0])) if said.ok else None
                if said.ok and (change is None or change[2] != said.ok[1]):
                    yield f"lost: the {said.op} of {said.ok[1]} was kept as {said.ok[0]} and is not there"
            elif said.ok and found is None:
                yield f"lost: {said.body!r} was kept as {said.ok[0]} and is not there"
            elif said.ok and found != said.ok:
                yield f"moved: {said.body!r} was kept as {said.ok[0]} and stands at {found[0] if found else None}"
            elif said.refused and not said.ok and found and said.tries <= said.answers:
                yield f"kept though refused: {said.body!r} ({said.refused})"
        doubled = [key for (key, _), times in sent.items() if times > 1]
        bodies = Counter(
            body for drawn in self.drawn.values() for state, body in drawn.values() if state == "shown" and body
        )
        doubled += [body for body, times in bodies.items() if times > 1]
        yield from (f"doubled: {one}" for one in doubled)

    def _own_order(self) -> Iterator[str]:
        """What one page sent stands in the order it was sent in."""
        last: dict[int, tuple[int, str]] = {}
        for said in self.said.values():
            if said.op != "send" or said.ok is None:
                continue
            if said.ok[0] < last.get(said.page, (0, ""))[0]:
                yield f"reordered: page {said.page} said {last[said.page][1]!r} before {said.body!r}"
            last[said.page] = (said.ok[0], said.body)

    def _same_for_all(self) -> Iterator[str]:
        every = {(room, change[0]): change for room, log in self.log.items() for change in log}
        for event in self.changes:
            change = every.get((event["room"], event["seq"]))
            if change is None or change[1] != event["kind"] or change[2] != event["message"]["id"]:
                yield f"not the same for all: page {event['page']} was told another {event['seq']}"

    def _leaks(self) -> Iterator[str]:
        for lost in self.taken:
            if "from" not in lost:
                continue
            for event in self.changes:
                theirs = event["session"] == lost["session"] if "session" in lost else event["person"] == lost["person"]
                if theirs and event["room"] == lost["room"] and event["seq"] >= lost["from"]:
                    yield f"leaked: page {event['page']} heard {event['seq']} after {lost['deed']} at {lost['from']}"

    def _written_while_muted(self) -> Iterator[str]:
        for lost in self.taken:
            for log in self.log.values() if "muted" in lost else ():
                for change in log:
                    if _is_first(change) and change[4] == lost["person"] and change[0] > lost["muted"]:
                        yield f"written while muted: {change[0]}"

    def _whole_again(self) -> Iterator[str]:
        """After a fault every page holds what there was when it ended; one that waits to try again may wait first. What
        had no time for it before the next fault began is judged after that one, which asks for more."""
        for kind, over, heads in self.faults:
            for number, page in self.pages.items():
                came = page.shown[0][0] if page.shown else 0.0
                waited = max((to for since, to in page.waits if since <= over < to), default=over)
                if (
                    (page.over_at is not None and page.over_at < waited + WITHIN)
                    or came > over
                    or page.room not in heads
                    or any(over < begun < waited + WITHIN for begun in self.begun)
                ):
                    continue
                late = sum(by for at, by in self.late if over <= at <= waited + WITHIN + 1)
                at = next((t for t, seq in page.shown if seq >= heads[page.room]), None)
                if at is None and heads[page.room] > 0:
                    yield f"not whole: page {number} never had all after “{kind}”"
                elif at is not None:
                    self.worst = max(self.worst, (round(at - over, 2), kind))
                    if at - waited > WITHIN + late:
                        yield f"not whole: page {number} had all {at - waited:.1f} s after “{kind}”"

    def _pages_at_the_end(self) -> Iterator[str]:
        for number, page in self.pages.items():
            if page.end is None or page.end["over"]:
                continue
            if page.end["shown"] != self.heads[page.room]:
                yield f"not whole: page {number} ended at {page.end['shown']} of {self.heads[page.room]}"
            elif page.end["messages"] != self.drawn[page.room]:
                yield f"not the same: page {number} shows other words than a fresh page"


def _is_first(change: list[Any]) -> bool:
    return change[1] in ("message.sent", "message.held")
