"""One visit to every page with nothing in the cache, and all that the browser noticed: what went over the network,
what moved on the page, what was said in the console, what the history keeps."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.browser.looks import Look
from tests.browser.walk import Walk

SETTLE, SETTLE_LIVE = 120, 500  # milliseconds until a page that was loaded has come to rest; one with a live line
WATCH = """
window.jumped = []
window.broken = []
const nameOf = (node) => (node?.outerHTML ?? node?.textContent ?? "?").slice(0, 80)
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    if (!hadRecentInput) window.jumped.push(`${value.toFixed(4)} by ${sources.map((it) => nameOf(it.node))}`)
  }
}).observe({ type: "layout-shift", buffered: true })
for (const begun of ["transitionrun", "animationstart"]) {
  addEventListener(begun, (event) => window.jumped.push(`${event.propertyName} of ${nameOf(event.target)}`), true)
}
addEventListener("securitypolicyviolation", (event) => {
  window.broken.push(`${event.effectiveDirective} ${event.blockedURI}`)
})
"""


@dataclass
class Moved:
    """One thing that came over the network. `size` counts what was on the wire, headers included."""

    url: str
    kind: str  # as the browser calls it: Document, Stylesheet, Script, Image, WebSocket ...
    size: int = 0


@dataclass
class Visit:
    """What the browser noticed. `said` are the console's words, errors and breaches of the security policy."""

    look: Look
    moved: dict[str, Moved] = field(default_factory=dict)
    jumped: list[str] = field(default_factory=list)  # layout shifts: how much, by what; and what faded or slid
    said: list[str] = field(default_factory=list)
    title: str = ""
    history: list[str] = field(default_factory=list)  # titles and addresses

    @property
    def size(self) -> int:
        return sum(one.size for one in self.moved.values())

    def size_of(self, kind: str) -> int:
        return sum(one.size for one in self.moved.values() if one.kind == kind)

    @property
    def hosts(self) -> set[str | None]:
        return {urlsplit(one.url).netloc for one in self.moved.values()}

    def __str__(self) -> str:
        parts = ", ".join(f"{one.kind} {one.size}" for one in self.moved.values())
        return f"{self.look.name}: {self.size} bytes in {len(self.moved)} requests ({parts})"


def watched(page: Page, look: Look) -> Visit:
    """Begin to watch a page that is still empty."""
    visit = Visit(look)
    page.add_init_script(WATCH)
    page.on("console", lambda message: visit.said.append(message.text))
    page.on("pageerror", lambda error: visit.said.append(str(error)))
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")

    def asked(event: dict) -> None:
        if not event["request"]["url"].startswith("data:"):
            visit.moved[event["requestId"]] = Moved(event["request"]["url"], event.get("type", "Other"))

    def came(event: dict) -> None:
        if event["requestId"] in visit.moved:
            visit.moved[event["requestId"]].size += event["encodedDataLength"]

    def opened(event: dict) -> None:
        visit.moved[event["requestId"]] = Moved(event["url"], "WebSocket")

    def heard(event: dict) -> None:
        visit.moved[event["requestId"]].size += len(event["response"]["payloadData"].encode())

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", came)
    wire.on("Network.webSocketCreated", opened)
    wire.on("Network.webSocketFrameReceived", heard)
    return visit


def noted(page: Page, visit: Visit) -> Visit:
    """Let the page come to rest, and write down the rest."""
    page.wait_for_timeout(SETTLE_LIVE if visit.look.route == "chat:room" else SETTLE)
    visit.jumped, visit.title = page.evaluate("window.jumped"), page.title()
    visit.said += page.evaluate("window.broken")
    past = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    visit.history = [entry[what] for entry in past["entries"] for what in ("title", "url")]
    return visit


def visit_all(walk: Walk, browser: Browser) -> list[Visit]:
    """Every look, each in a browser that has never been here."""
    return [visit_one(walk, browser, look) for look in walk.looks]


def visit_one(walk: Walk, browser: Browser, look: Look) -> Visit:
    """One look."""
    context = walk.enter(browser, look.email)
    page = context.new_page()
    visit = watched(page, look)
    page.goto(look.path)
    noted(page, visit)
    context.close()
    if look.status >= 400:  # the browser itself remarks on the answer's number
        visit.said = [words for words in visit.said if not words.startswith("Failed to load resource")]
    return visit
