"""The permission matrix as data: every route and every socket operation, and what each kind of person gets.

`tests/test_permissions.py` walks it. A route or an operation without a row here fails the suite.

Answers: "ok" (the page, a redirect onwards, a form with errors, or a refusal in words), "login" (sent to sign in),
"gate" (sent to the page that says where the account stands), 403 and 404. A row is written as the answer most people
get, and then who gets another one.
"""

from dataclasses import dataclass, field

Answer = str | int

WHO = (
    "visitor",
    "deactivated",
    "waiting",
    "paused_account",
    "patient",
    "asking",
    "paused",
    "former",
    "removed",
    "banned",
    "member",
    "muted",
    "facilitator",
    "other_facilitator",
    "admin",
)
NOT_IN = {"visitor": "login", "deactivated": "login", "waiting": "gate", "paused_account": "gate"}


@dataclass(frozen=True)
class Row:
    """What one method of one route answers to everybody. `ids` rename a parameter of the address, `data` is posted."""

    most: Answer
    others: dict[str, Answer]
    ids: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)

    def answer(self, who: str) -> Answer:
        return self.others.get(who, self.most)


def everybody(**values) -> Row:
    """Open to visitors, too."""
    return Row("ok", {}, **values)


def signed_in(**values) -> Row:
    """Anybody with an account that may sign in, whatever its standing."""
    return Row("ok", {"visitor": "login", "deactivated": "login"}, **values)


def approved(**values) -> Row:
    """Every approved person."""
    return Row("ok", NOT_IN, **values)


def members(admin: Answer = 403, muted: Answer = "ok", **values) -> Row:
    """The group's members and facilitators. Others get the same 404 as for a group that does not exist."""
    return Row(404, NOT_IN | {"member": "ok", "muted": muted, "facilitator": "ok", "admin": admin}, **values)


def facilitators(admin: Answer = 403, **values) -> Row:
    """The group's facilitators. Members are told that they may not; others are told nothing."""
    return Row(404, NOT_IN | {"member": 403, "muted": 403, "facilitator": "ok", "admin": admin}, **values)


def staff(**values) -> Row:
    """Facilitators of any group, and admins."""
    return Row(404, NOT_IN | {"facilitator": "ok", "other_facilitator": "ok", "admin": "ok"}, **values)


def admins(**values) -> Row:
    """Admins. For others the page does not exist."""
    return Row(404, NOT_IN | {"admin": "ok"}, **values)
