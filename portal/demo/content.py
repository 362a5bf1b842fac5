"""Reads the texts of the demo. The files say themselves how they are written."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REVIEW = "*Written for the demo; have your clinician review it.*"


@dataclass(frozen=True)
class Article:
    """One resource post."""

    key: str
    title: str
    group: str  # the group's key, or "everyone"
    by: str
    days_ago: int
    pinned: bool
    summary: str
    body: str


@dataclass(frozen=True)
class Flag:
    """That a message was reported or hidden: by whom, why, and in which words."""

    by: str
    why: str
    words: str = ""


@dataclass
class Line:
    """One message. `when` is ("day", days, hours, minutes) or ("now", hours, minutes) before now."""

    who: str
    answers: "Line | None"
    when: tuple[str, int, int, int]
    text: str
    reactions: list[tuple[str, list[str]]] = field(default_factory=list)
    reported: Flag | None = None
    hidden: Flag | None = None


def people() -> dict[str, list[dict[str, Any]]]:
    """Role -> people."""
    return _table("people.toml")


def sites() -> list[dict[str, Any]]:
    return _table("groups.toml")["site"]


def groups() -> list[dict[str, Any]]:
    return _table("groups.toml")["group"]


def agreement(promise: str) -> str:
    """The ground rules, with what this group adds to them."""
    return (HERE / "agreement.txt").read_text(encoding="utf-8").replace("{promise}", promise)


def articles() -> Iterator[Article]:
    """The resource posts, oldest first."""
    found = []
    for path in (HERE / "posts").glob("*.md"):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        facts = dict(line.split(": ", 1) for line in head.splitlines())
        found.append(
            Article(
                key=path.stem,
                title=facts["title"],
                group=facts["for"],
                by=facts["by"],
                days_ago=int(facts["days ago"]),
                pinned=facts["pinned"] == "yes",
                summary=facts["summary"],
                body=f"{body.strip()}\n\n{REVIEW}\n",
            )
        )
    return iter(sorted(found, key=lambda article: (-article.days_ago, article.key)))


def conversation(key: str) -> list[Line]:
    """What was said in a group's room, oldest first."""
    return _lines(HERE / "conversations" / f"{key}.txt")


def aside(key: str) -> list[Line]:
    """What those who facilitate a group said in its back room; in most nobody has written yet."""
    path = HERE / "conversations" / f"{key}-back.txt"
    return _lines(path) if path.exists() else []


def _lines(path: Path) -> list[Line]:
    lines: list[Line] = []
    for raw in path.read_text(encoding="utf-8").splitlines():
        if not raw.strip() or raw.startswith("#"):
            continue
        if raw.startswith("  "):
            _note(lines[-1], raw.strip())
        else:
            lines.append(_line(raw, lines))
    return lines


def _line(raw: str, before: list[Line]) -> Line:
    who, day, clock, text = raw.split(" | ", 3)
    who, _, whom = who.partition(" > ")
    hours, minutes = map(int, clock.split(":"))
    when = ("now", 0, hours, minutes) if day == "now" else ("day", int(day), hours, minutes)
    answers = next(line for line in reversed(before) if line.who == whom) if whom else None
    return Line(who, answers, when, text)


def _note(line: Line, raw: str) -> None:
    mark, rest = raw[0], raw[1:].strip()
    what, _, words = rest.partition(": ")
    if mark == "+":
        line.reactions.append((what, words.split(", ")))
    elif what.startswith("reported by "):
        why, _, said = words.partition(" | ")
        line.reported = Flag(what.removeprefix("reported by "), why, said)
    elif what.startswith("hidden by "):
        line.hidden = Flag(what.removeprefix("hidden by "), words)
    else:
        raise ValueError(f"not understood: {raw}")


def _table(name: str) -> dict[str, Any]:
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)
