"""The room's scripts one by one, in the browser they are for: the line, the feed, the outbox and what a tab keeps.

Only the browser's own socket is replaced, by one whose other end the test holds; time is the test's, too.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
SCRIPTS = "/static/js/features/chat"
SOCKET = """() => {
    window.sockets = []
    window.WebSocket = class {
        static OPEN = 1
        constructor(url, protocol) {
            Object.assign(this, { url: String(url), protocol, readyState: 0, sent: [], at: Date.now() })
            sockets.push(this)
        }
        send(text) { this.sent.push(JSON.parse(text)) }
        close() { this.readyState = 3 }
        opens() { this.readyState = 1; this.onopen() }
        says(frame) { this.onmessage({ data: JSON.stringify(frame) }) }
        breaks(code = 1006) { this.readyState = 3; this.onclose({ code }) }
    }
}"""


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page of the portal with a socket and a clock of the test's own."""
    page = browser.new_context(base_url=site).new_page()
    page.clock.install(time=NOON)
    page.goto("/help/")
    page.clock.pause_at(NOON + timedelta(hours=1))
    page.evaluate(SOCKET)
    yield page
    page.context.close()


@pytest.fixture
def run(page: Page) -> Callable[..., object]:
    """Runs lines of script that may use what a module exports."""

    def run(module: str, names: str, lines: str, arg: object = None) -> object:
        body = f"async (arg) => {{ const {{ {names} }} = await import('{SCRIPTS}/{module}.js');\n{lines} }}"
        return page.evaluate(body, arg)

    return run


LINE = """
    window.told = []
    const tell = (what) => (value) => window.told.push(value === undefined ? what : [what, value])
    const ears = { up: tell("up"), hear: tell("heard"), down: tell("down"), over: tell("over") }
    window.line = new Connection("/ws/", ears)
    line.open()
"""


def test_the_line_asks_for_the_protocol_on_the_sites_own_address(page, run, site):
    run("connection", "Connection", LINE)
    assert page.evaluate("[sockets[0].url, sockets[0].protocol]") == [site.replace("http", "ws") + "/ws/", "portal.v1"]
    page.evaluate("sockets[0].opens(); sockets[0].says({op: 'welcome'})")
    assert page.evaluate("told") == ["up", ["heard", {"op": "welcome"}]]


@pytest.mark.parametrize(
    ("luck", "waits"),
    [(1, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]), (0, [500] * 8)],
)
def test_each_try_may_wait_longer_up_to_half_a_minute(page, run, luck, waits):
    page.evaluate("luck => { Math.random = () => luck }", luck)
    run("connection", "Connection", LINE)
    for number, wait in enumerate(waits):
        page.evaluate("sockets.at(-1).breaks()")
        page.clock.run_for(wait - 1)
        assert page.evaluate("sockets.length") == number + 1
        page.clock.run_for(1)
        assert page.evaluate("sockets.length") == number + 2


def test_having_a_network_again_and_coming_back_from_sleep_wait_for_nothing(page, run):
    page.evaluate("Math.random = () => 1")
    run("connection", "Connection", LINE)
    for wait in (500, 1000, 2000, 4000):
        page.evaluate("sockets.at(-1).breaks()")
        page.clock.run_for(wait)
    page.evaluate("sockets.at(-1).breaks()")
    before = page.evaluate("sockets.length")
    page.evaluate("dispatchEvent(new Event('online'))")
    assert page.evaluate("sockets.length") == before + 1
    page.evaluate("sockets.at(-1).opens()")
    page.evaluate("line.heardAt -= 60_000; document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("sockets.length") == before + 2


@pytest.mark.parametrize("code", [1006, 1012, 4408, 1001, 1011])
def test_a_cut_comes_back_by_itself(page, run, code):
    run("connection", "Connection", LINE)
    page.evaluate("code => { sockets[0].opens(); sockets[0].breaks(code) }", code)
    page.clock.run_for(30_000)
    assert page.evaluate("sockets.length") > 1
    assert page.evaluate("told.slice(0, 2)") == ["up", "down"]


@pytest.mark.parametrize("code", [4401, 4403, 4429, 1008, 1009, 1007, 1003])
def test_what_coming_back_would_not_help_is_final(page, run, code):
    run("connection", "Connection", LINE)
    page.evaluate("code => { sockets[0].opens(); sockets[0].breaks(code) }", code)
    page.clock.run_for(120_000)
    page.evaluate("dispatchEvent(new Event('online')); document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("sockets.length") == 1
    assert page.evaluate("told") == ["up", ["over", code]]


def test_two_missed_beats_mean_a_dead_link(page, run):
    page.evaluate("Math.random = () => 0")
    run("connection", "Connection", LINE)
    page.evaluate("sockets[0].opens()")
    for beat in range(3):
        page.clock.run_for(15_000)
        page.evaluate("n => sockets[0].says({op: 'beat', n})", beat)
    page.clock.run_for(30_000)
    assert page.evaluate("sockets.length") == 1
    page.clock.run_for(4_000)
    assert page.evaluate("sockets.length") == 2
    page.clock.run_for(10_600)  # and a door that never opens is left, too
    assert page.evaluate("sockets.length") == 3


FEED = """
    window.shown = []
    window.asked = []
    window.feed = new Feed(5, { show: ({ seq }) => shown.push(seq), ask: (seq) => asked.push(seq) })
    const take = (...all) => all.forEach((seq) => feed.take({ seq }))
"""


def test_changes_are_shown_once_in_order_and_a_gap_is_asked_for_once(page, run):
    run("feed", "Feed", FEED + "take(6, 6, 5, 7, 10, 11, 9)")
    assert page.evaluate("[shown, asked]") == [[6, 7], [7]]
    run("feed", "Feed", "[8, 9, 10, 11, 9].forEach((seq) => feed.take({ seq })); feed.live(11)")
    assert page.evaluate("[shown, asked]") == [[6, 7, 8, 9, 10, 11], [7]]
    page.evaluate("feed.head(11); feed.head(13); feed.head(13)")
    assert page.evaluate("asked") == [7, 11]


OUTBOX = """
    window.sent = []
    window.states = []
    window.keep = new Keep(arg ?? "juniper", "room")
    window.make = () => {
        window.box = new Outbox(keep, {
            put: ({ key, body }) => { sent.push(body); window.key = key; return true },
            changed: ({ body, state }) => states.push(`${body} ${state}`),
        })
    }
    make()
"""


@pytest.fixture
def outbox(page, run) -> Callable[..., None]:
    """An outbox with a room to send to, and a tab to be kept in."""
    run("keep", "Keep", "window.Keep = Keep")
    run("outbox", "Outbox", "window.Outbox = Outbox")

    def make(you: str = "juniper") -> None:
        page.evaluate(f"(arg) => {{ {OUTBOX} }}", you)

    make()
    return make


def test_messages_go_one_after_the_other_and_only_while_the_room_is_live(page, outbox):
    page.evaluate("box.add('one', null); box.add('two', null)")
    assert page.evaluate("sent") == []
    page.evaluate("box.open()")
    assert page.evaluate("sent") == ["one"]
    page.evaluate("box.ok(key)")
    assert page.evaluate("[sent, states]") == [["one", "two"], ["one waiting", "two waiting", "one sent"]]
    page.evaluate("box.ok(key); box.ok(key)")
    assert page.evaluate("[box.entries, states.at(-1)]") == [[], "two sent"]


def test_without_an_answer_the_same_key_goes_again(page, outbox):
    page.evaluate("box.open(); box.add('one', null); window.first = key")
    page.clock.run_for(10_001)
    assert page.evaluate("[sent, key === first]") == [["one", "one"], True]
    page.evaluate("box.shut()")
    page.clock.run_for(60_000)
    assert page.evaluate("sent.length") == 2
    page.evaluate("box.open()")
    assert page.evaluate("[sent.length, key === first, states]") == [3, True, ["one waiting"]]


def test_a_fault_that_passes_is_tried_again_when_the_server_says(page, outbox):
    page.evaluate("box.open(); box.add('one', null); box.add('two', null)")
    page.evaluate("box.refused(key, { code: 'too_many', text: 'Please wait.', retry_after: 3 })")
    page.clock.run_for(2_999)
    assert page.evaluate("sent") == ["one"]
    page.clock.run_for(2)
    assert page.evaluate("sent") == ["one", "one"]


def test_what_is_refused_stays_with_its_words_and_the_next_goes_on(page, outbox):
    page.evaluate("box.open(); box.add('one', null); box.add('two', null); window.first = key")
    page.evaluate("box.refused(first, { code: 'too_long', text: 'Too long.' })")
    assert page.evaluate("[sent, box.find(first).words]") == [["one", "two"], "Too long."]
    page.evaluate("box.ok(key); box.again(first)")
    assert page.evaluate("[sent, key === first]") == [["one", "two", "one"], True]
    page.evaluate("box.refused(first, { code: 'too_long', text: 'Too long.' }); box.discard(first)")
    assert page.evaluate("[box.entries, states.at(-1)]") == [[], "one gone"]


def test_a_reload_keeps_unsent_words_and_their_keys_and_another_person_gets_none(page, outbox):
    page.evaluate("box.add('one', null); box.add('two', null); window.keys = box.entries.map(({ key }) => key)")
    outbox()
    assert page.evaluate(
        "[box.entries.map(({ body }) => body), box.entries.map(({ key }) => key).join() === keys.join()]"
    ) == [
        ["one", "two"],
        True,
    ]
    outbox("somebody else")
    assert page.evaluate("[box.entries, sessionStorage.unsent.includes('one')]") == [[], False]
    assert page.evaluate("localStorage.length") == 0


@pytest.fixture
def unsure(page, outbox) -> None:
    """Somebody whose messages wait for second thoughts, in a room that is live."""
    page.evaluate("document.documentElement.dataset.undo = 'on'")
    outbox()
    page.evaluate("box.back = ({ body }) => { window.given = body }; box.open()")


def test_a_message_waits_ten_seconds_and_then_goes_in_order(page, unsure):
    page.evaluate("box.add('one', null)")
    page.clock.run_for(4_000)
    page.evaluate("document.documentElement.dataset.undo = 'off'; box.add('two', null)")
    assert page.evaluate("[sent, states]") == [[], ["one pausing", "two waiting"]]
    page.clock.run_for(5_900)
    assert page.evaluate("sent") == []
    page.clock.run_for(200)
    page.evaluate("box.ok(key)")
    assert page.evaluate("sent") == ["one", "two"]


def test_undone_it_comes_back_and_was_never_sent(page, unsure):
    page.evaluate("box.add('one', null); box.undo(box.entries[0].key)")
    page.clock.run_for(20_000)
    assert page.evaluate("[sent, given, box.entries, states.at(-1)]") == [[], "one", [], "one gone"]
    page.evaluate("box.add('two', null); box.again(box.entries[0].key); box.undo(key)")  # too late: it is on its way
    assert page.evaluate("[sent, box.entries.length, given]") == [["two"], 1, "one"]


def test_a_reload_leaves_it_the_rest_of_its_time(page, unsure, outbox):
    page.evaluate("box.add('one', null)")
    page.clock.run_for(4_000)
    page.evaluate("box.shut()")
    outbox()
    page.evaluate("box.open()")
    page.clock.run_for(5_900)
    assert page.evaluate("[sent, box.entries[0].state]") == [[], "pausing"]
    page.clock.run_for(200)
    assert page.evaluate("sent") == ["one"]


def test_who_leaves_sends_what_waits_all_at_once_and_in_order(page, unsure, run):
    run("leaving", "whenLeaving", "whenLeaving(() => window.box.hurry())")
    page.evaluate("box.add('one', null); box.add('two', null)")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<a id=away href=/help/#top>x</a><a id=off href=/>x</a>')"
    )
    page.evaluate("document.getElementById('away').click()")  # stays on this page
    assert page.evaluate("sent") == []
    page.evaluate(
        "addEventListener('click', (event) => event.preventDefault()); document.getElementById('off').click()"
    )
    assert page.evaluate("[sent, box.entries.map(({ state }) => state)]") == [["one", "two"], ["waiting", "waiting"]]


def test_times_and_days_are_called_as_on_the_servers_pages(page, run):
    said = run(
        "days",
        "Days",
        """
        const [here, there] = [new Days("America/New_York"), new Days("America/Los_Angeles")]
        const clocks = ["2026-03-04T22:30:00Z", "2026-03-04T13:00:00Z", "2026-03-04T17:00:00Z", "2026-03-05T05:00:00Z"]
        const ago = (days) => new Date(Date.now() - days * 86_400_000)
        return [
            ...clocks.map((at) => here.clock(new Date(at))), there.clock(new Date(clocks[0])),
            here.date(new Date("2026-03-05T04:59:00Z")), here.heading(ago(0)), here.heading(ago(1)),
            here.heading(new Date("2021-12-14T15:00:00Z")),
        ]
        """,
    )
    assert said == [
        "5:30pm", "8am", "12 noon", "12 midnight", "2:30pm", "2026-03-04", "Today", "Yesterday",
        "Tuesday 14 December 2021",
    ]  # fmt: skip


ROOMS = """
    const list = document.createElement("div")
    list.className = "chat-rooms"
    list.innerHTML = `<ul><li data-room="a" data-seq="5"><span class="count" hidden>0</span></li></ul>`
    document.body.append(list)
    window.asked = 0
    window.rooms = new Rooms({ room: "b", you: "me", put: () => true, ask: () => (window.asked += 1) })
    rooms.welcome({ a: { unread: 0, head: 5 } })
"""


def test_what_came_while_the_server_counted_is_not_forgotten(page, run):
    run("rooms", "Rooms", ROOMS)
    page.evaluate("rooms.hear({op: 'change', room: 'a', seq: 6, kind: 'message.sent', message: {author: {id: 'you'}}})")
    shown = "document.querySelector('.chat-rooms .count').textContent"
    assert page.evaluate(shown) == "1"
    page.evaluate("rooms.welcome({a: {unread: 0, head: 5}})")  # counted before, told after
    page.clock.run_for(1000)
    assert page.evaluate("asked") == 1
    page.evaluate("rooms.welcome({a: {unread: 1, head: 6}})")
    page.clock.run_for(1000)
    assert page.evaluate(f"[asked, {shown}]") == [1, "1"]
