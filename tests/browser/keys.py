"""Somebody who has a keyboard and nothing else. At every stop the focus is seen, in sight, and not covered."""

from uuid import uuid4

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import DEMO_PASSWORD

FAR = 250  # stops of the Tab key on one page, at most
LOST = "!document.activeElement || document.activeElement === document.body"
WRONG = """() => {
  const it = document.activeElement
  if (!it || it === document.body) return "the focus is lost"
  const name = it.outerHTML.slice(0, 100)
  const rings = [getComputedStyle(it), getComputedStyle(it, "::after")]
  if (it.closest("label")) rings.push(getComputedStyle(it.closest("label")))
  if (!rings.some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)) return `no ring: ${name}`
  const box = it.getBoundingClientRect()
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2]
  if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return `out of sight: ${name}`
  const top = document.elementFromPoint(x, y)
  const own = [it, ...it.labels ?? []]
  return own.some((one) => one.contains(top)) || top?.contains(it) ? "" : `covered: ${name}`
}"""


class Typist:
    """A browser of their own, in which nothing is ever clicked."""

    def __init__(self, browser: Browser, site: str, **habits: object) -> None:
        size = {"viewport": {"width": 1280, "height": 800}}
        self.page: Page = browser.new_context(base_url=site, **(size | habits)).new_page()  # type: ignore[arg-type]
        self.press = self.page.keyboard.press
        self.writes = self.page.keyboard.type

    def opens(self, path: str) -> None:
        """By the address bar."""
        self.page.goto(path)

    def goes_to(self, target: Locator, key: str = "Tab") -> None:
        """Presses Tab until it is there."""
        target = target.first
        expect(target).to_be_visible()
        goal = f"goal-{uuid4().hex[:8]}"
        target.evaluate("(it, goal) => it.setAttribute('data-goal', goal)", goal)
        for _ in range(FAR):
            self.press(key)
            wrong = self.page.evaluate(WRONG)
            assert not wrong, f"{self.page.url}, on the way to {target}: {wrong}"
            if self.page.evaluate("goal => document.activeElement.dataset.goal === goal", goal):
                return
        raise AssertionError(f"{self.page.url}: no way to {target}")

    def follows(self, target: Locator) -> None:
        """Goes there and presses Enter."""
        self.goes_to(target)
        self.press("Enter")

    def fills(self, field: Locator, words: str) -> None:
        self.goes_to(field)
        self.writes(words)

    def keeps_the_focus(self) -> None:
        """Nothing that was done took the focus away."""
        assert not self.page.evaluate(LOST), f"{self.page.url}: the focus is lost"

    def goes_on_within(self, place: Locator) -> None:
        """The next stop lies in this part of the page: the work goes on where it was."""
        self.press("Tab")
        assert self.page.evaluate(WRONG) == ""
        assert place.first.evaluate("it => it.contains(document.activeElement)"), self.page.evaluate(
            "document.activeElement.outerHTML.slice(0, 100)"
        )

    def signs_in(self, email: str) -> None:
        self.opens("/account/login/")
        main = self.page.get_by_role("main")
        if not main.get_by_label("E-mail").evaluate("it => it === document.activeElement"):
            self.goes_to(main.get_by_label("E-mail"))
        self.writes(email)
        self.fills(main.get_by_label("Password", exact=True), DEMO_PASSWORD)
        self.follows(main.get_by_role("button", name="Sign in", exact=True))
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Hello")
