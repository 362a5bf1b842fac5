"""What keeps people out that a machine can find: axe’s rules on a page as it stands."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# All at once: a motion that is called off while an earlier one is awaited would get a new promise that nobody keeps.
SETTLED = """() => Promise.race([
    Promise.allSettled(document.getAnimations().map((one) => one.finished)),
    new Promise((_, refuse) => setTimeout(refuse, 5000, new Error("something on the page keeps moving"))),
])"""


def barriers(page: Page) -> list[str]:
    """Each as its rule, its place, and the first words of the reason. Looks once nothing moves any more: a colour or a
    dialog on its way to being seen lacks contrast."""
    page.evaluate(SETTLED)
    found = Axe().run(page, options=RULES).response
    assert len(found["passes"]) > 10
    return [
        f"{rule['id']} at {', '.join(map(str, node['target']))}: {node['failureSummary'].splitlines()[1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
