"""One run: pages talk, the plan's faults happen, and everything is noted."""

import asyncio
import random
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import Any, TypeVar
from uuid import uuid4

from django.db import InterfaceError, OperationalError, connection

from bench.faulting.community import WORDS, Community, Somebody
from bench.faulting.history import History
from bench.faulting.nemesis import CALM, Fault
from bench.faulting.page import Page, Place
from bench.faulting.proxy import Link, Proxy
from bench.faulting.stage import Stage

LOOK = 0.05  # seconds between two looks at one's own lateness
PAUSES = (1.0, 5.0)  # seconds between two things a person does
SETTLING = 75.0  # seconds at the end, at the most: two beats until a page finds out, and its longest back-off
FOR_GOOD = frozenset({"remove", "ban", "deactivate"})  # deeds after which nothing more can befall one
COOKIE = "session-{}"
KINDS = ("hope", "with_you", "thank_you")
Result = TypeVar("Result")


class Run:
    """Everything blocking goes to `hands`, the thread the children belong to."""

    def __init__(
        self, stage: Stage, community: Community, history: History, hands: Executor, seed: int, door: socket.socket
    ) -> None:
        self.stage, self.community, self.history, self.hands, self.seed = stage, community, history, hands, seed
        self.door = door
        self.site = f"http://127.0.0.1:{door.getsockname()[1]}"
        self.proxy = Proxy(stage.port)
        self.pages: list[Page] = []
        self.people: list[Somebody] = []
        self.gone: set[int] = set()  # people who were sent off; their pages may not have heard it yet
        self.talking = True
        self._tasks: set[asyncio.Task[None]] = set()

    async def go(self, faults: list[Fault], *, tabs: int) -> None:
        """The whole run. The first `tabs` people have a second page open."""
        await self.proxy.open(self.door)
        self._start(self._watch())
        for somebody in [*self.community.members, *self.community.members[:tabs]]:
            self._visit(somebody)
        await self._until(lambda: all(page.outbox.is_open for page in self.pages))
        for fault in faults:
            await asyncio.sleep(max(0.0, fault.at - self.history.now))
            await self._happen(fault)
            await asyncio.sleep(CALM)
        self.talking = False
        await self._until(self._is_settled)
        heads = await self._do(self.community.heads)
        await self._until(lambda: all(page.over or page.shown >= heads[page.place.room] for page in self.pages))
        for page in self.pages:
            page.note("end", shown=page.shown, over=page.over, messages=page.messages)
            page.over = True
        for task in self._tasks:
            task.cancel()
        await self.proxy.close()

    # Pages

    def _visit(self, somebody: Somebody, *, drawn: tuple[int, dict[str, list[str]]] | None = None) -> Page:
        cookie = COOKIE.format(self.site.rpartition(":")[2])
        place = Place(self.site, cookie, str(somebody.room.public_id), str(somebody.user.public_id), somebody.session)
        page = Page(len(self.pages), place, self.history, random.Random(f"{self.seed} {len(self.pages)}"))
        if drawn is not None:
            page.shown, page.messages = drawn
        self.pages.append(page)
        self.people.append(somebody)
        self._start(page.live())
        self._start(self._talk(page))
        return page

    async def _talk(self, page: Page) -> None:
        """A person says things, changes or takes back what they said, and reacts to what others say."""
        count = 0
        while not page.over:
            await asyncio.sleep(page.dice.uniform(*PAUSES))
            if not self.talking or len(page.outbox.entries) > 3:
                continue
            count += 1
            words = f"{WORDS} {page.number} {count}"
            chance = page.dice.random()
            if chance < 0.8 or not page.mine:
                page.outbox.add(words)
            elif chance < 0.87:
                self._act(page, "edit", page.dice.choice(page.mine), body=words)
            elif chance < 0.92:
                self._act(page, "remove", page.dice.choice(page.mine))
            else:
                message = page.dice.choice(list(page.messages))
                self._act(page, "react", message, kind=page.dice.choice(KINDS), on=page.dice.random() < 0.7)

    def _act(self, page: Page, op: str, message: str, **fields: Any) -> None:
        key = str(uuid4())
        page.note("invoke", op=op, key=key, message=message, body=fields.get("body", ""))
        if page.put(op, key=key, message=message, **fields):
            page.note("put", key=key)

    def _is_settled(self) -> bool:
        return all(page.over or (page.is_up and not page.outbox.entries) for page in self.pages)

    # Faults

    async def _happen(self, fault: Fault) -> None:
        self.history.note("fault", kinds=fault.kinds, lasts=fault.lasts, deed=fault.deed)
        endings = [await self._begin(fault, kind) for kind in fault.kinds]
        deed = asyncio.create_task(self._befall(fault))
        await asyncio.sleep(fault.lasts)
        for ending in endings:
            if ending is not None:
                await ending()
        heads = await self._do(self.community.heads)
        self.history.note("over", kind=" and ".join(fault.kinds), heads=heads)
        await deed

    async def _begin(self, fault: Fault, kind: str) -> Callable[[], Awaitable[object]] | None:
        stage = self.stage
        servers: dict[str, Callable[[], Any]] = {
            "kill a worker": lambda: stage.kill_worker(fault.worker),
            "freeze a worker": lambda: stage.freeze_worker(fault.worker),
            "rolling restart": stage.roll,
            "kill Valkey": stage.kill_valkey,
            "freeze Valkey": stage.freeze_valkey,
            "empty Valkey": stage.empty_valkey,
            "end Valkey's links": stage.end_valkey_links,
            "crash PostgreSQL": stage.crash_postgres,
            "end database links": stage.end_database_links,
        }
        if kind in servers:
            ending = await self._do(servers[kind])
            return None if ending is None else lambda: self._do(ending)
        ending = self._disturb(fault, kind)
        return None if ending is None else _soon(ending)

    def _disturb(self, fault: Fault, kind: str) -> Callable[[], None] | None:
        pages = [self.pages[number] for number in fault.pages if number < len(self.pages)]
        links = [link for page in pages if (link := self.proxy.links.get(page.port)) is not None]
        match kind:
            case "cut links":
                _each(links, Link.cut)
            case "network away":
                self.proxy.away = True
                _each(links, Link.cut)
                return lambda: setattr(self.proxy, "away", False)
            case "half-open links":
                _each(links, lambda link: link.cut(half=True))
                return lambda: _each(links, Link.release)
            case "silent links":
                _each(links, Link.hold)
                return lambda: _each(links, Link.release)
            case "slow links":
                _each(links, lambda link: setattr(link, "delay", 0.3))
                return lambda: _each(links, lambda link: setattr(link, "delay", 0.0))
            case "slow readers":
                _each(pages, lambda page: page.reading.clear())
                return lambda: _each(pages, lambda page: page.reading.set())
        return None

    async def _befall(self, fault: Fault) -> None:
        """Somebody loses something, however long the database makes them wait for it."""
        whom = next((page for page in self._candidates(fault)), None)
        if fault.deed == "none" or whom is None:
            return
        somebody = self.people[whom.number]
        if fault.deed in FOR_GOOD:
            self.gone.add(somebody.user.pk)
        told = await self._do(lambda: self.community.befall(fault.deed, somebody))
        self.history.note("deed", deed=fault.deed, **told)
        if fault.deed == "end session":
            again = await self._do(lambda: self.community.sign_in(somebody))
            drawn = await self._do(lambda: self.community.drawn(somebody.room))
            fresh = self._visit(again, drawn=drawn)
            fresh.note("drawn", seq=drawn[0])
            for entry in whom.outbox.entries:
                fresh.outbox.entries.append(entry)

    def _candidates(self, fault: Fault) -> list[Page]:
        """Beginning with those the fault is about: not facilitators, and nobody who has lost something before."""
        numbers = [*fault.pages, *range(len(self.pages))]
        found = [self.pages[number] for number in numbers if number < len(self.pages)]
        return [page for page in found if not page.over and self._may_befall(self.people[page.number])]

    def _may_befall(self, somebody: Somebody) -> bool:
        return somebody.user.pk not in self.gone and not self.community.is_facilitator(somebody)

    # Tools

    async def _do(self, work: Callable[[], Result]) -> Result:
        """Blocking work on the one thread; while the database is away it is tried again."""

        def attempt() -> Result:
            try:
                return work()
            finally:
                connection.close()

        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(self.hands, attempt)
            except (OperationalError, InterfaceError):
                await asyncio.sleep(0.3)

    async def _until(self, so: Callable[[], bool]) -> None:
        for _ in range(int(SETTLING / LOOK)):
            if so():
                break
            await asyncio.sleep(LOOK)

    async def _watch(self) -> None:
        """How late the run itself is: a busy machine is no fault of the portal."""
        while True:
            due = asyncio.get_running_loop().time() + LOOK
            await asyncio.sleep(LOOK)
            if (late := asyncio.get_running_loop().time() - due) > 0.2:
                self.history.note("late", by=round(late, 2))

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)


def _each(many: Any, act: Callable[[Any], object]) -> None:
    for one in many:
        act(one)


def _soon(act: Callable[[], None]) -> Callable[[], Awaitable[object]]:
    async def do() -> None:
        act()

    return do
