"""The table of OWASP ASVS 5.0 in docs/security.md, made from `asvs.txt`: `python -m tests.walls.asvs` writes it."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent
PAGE = TESTS.parent / "docs" / "security.md"
BEGIN, END = "<!-- asvs: begin -->", "<!-- asvs: end -->"
REASONS = ("design", "absent", "clinic", "open")


@dataclass(frozen=True)
class Item:
    """One item, or a whole section of them."""

    number: str
    words: str
    proof: str

    @property
    def reason(self) -> str:
        """The word before the colon, where no test holds the item."""
        word = self.proof.partition(":")[0]
        return word if word in REASONS else ""

    @property
    def tests(self) -> list[str]:
        return re.findall(r"\btest_\w+", self.proof)


def items() -> list[Item]:
    lines = (HERE / "asvs.txt").read_text().splitlines()
    return [Item(*(part.strip() for part in line.split("|", 2))) for line in lines if line and line[0] != "#"]


@cache
def where_tests_are() -> dict[str, str]:
    """Name of a test -> the file it is in."""
    found = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name in re.findall(r"^(?:async )?def (test_\w+)\(", path.read_text(), re.MULTILINE):
            found[name] = str(path.relative_to(TESTS.parent))
    return found


def marked() -> dict[str, set[str]]:
    """Number of an item -> the tests that are marked with it."""
    found: dict[str, set[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for numbers, name in re.findall(
            r"@pytest\.mark\.asvs\(([^)]*)\)\n(?:@[^\n]+(?:\n(?![@d])[^\n]*)*\n)*def (test_\w+)", path.read_text()
        ):
            for number in re.findall(r'"([\d.]+)"', numbers):
                found.setdefault(number, set()).add(name)
    return found


def table() -> str:
    """The table, with the numbers of each kind above it."""
    rows, places, marks = items(), where_tests_are(), marked()
    lines = []
    for row in rows:
        tests = [*row.tests, *sorted(marks.get(row.number, set()) - set(row.tests))]
        proof = [f"`{name}` ({places.get(name, 'missing')})" for name in tests]
        said = row.proof if row.reason else ""
        lines.append(f"| {row.number} | {row.words} | {'; '.join(proof) if proof and not said else said} |")
    kinds = {kind: sum(row.reason == kind for row in rows) for kind in ("", *REASONS)}
    counted = (
        f"{kinds['']} items are held by tests, {kinds['design']} by how the portal is made, {kinds['absent']} are about"
        f" what is not there, {kinds['clinic']} are for who runs it. Open: {kinds['open']}."
    )
    return "\n".join([counted, "", "| Item | In short | Held by |", "| --- | --- | --- |", *lines])


def page() -> str:
    """docs/security.md with the table as it is now."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page())
