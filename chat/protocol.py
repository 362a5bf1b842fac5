"""What a client may send: its own envelope, allow-listed, strict on types and size. Pure: text in, values out."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from portal.errors import Refusal

DEPTH = 4  # hello: {"rooms": {room: seq}}
ROOMS = 200  # in one frame
LARGEST = 2**53  # what a browser can count to
T = TypeVar("T")


class Malformed(Refusal):
    """A frame that is none of the protocol's."""

    code, status = "malformed", 400
    message = "The page sent something the chat does not know. Please load the page again."


@dataclass(frozen=True, slots=True)
class Hello:
    epoch: str | None
    rooms: dict[UUID, int]


@dataclass(frozen=True, slots=True)
class Say:
    room: UUID
    key: UUID
    body: str
    reply_to: UUID | None


@dataclass(frozen=True, slots=True)
class Edit:
    room: UUID
    message: UUID
    key: UUID
    body: str


@dataclass(frozen=True, slots=True)
class Remove:
    room: UUID
    message: UUID
    key: UUID


@dataclass(frozen=True, slots=True)
class React:
    room: UUID
    message: UUID
    key: UUID
    kind: str
    on: bool


@dataclass(frozen=True, slots=True)
class Read:
    room: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class Unread:
    room: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class Since:
    room: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class Typing:
    room: UUID


@dataclass(frozen=True, slots=True)
class Beat:
    n: int
    seen: dict[UUID, int]


Frame = Hello | Say | Edit | Remove | React | Read | Unread | Since | Typing | Beat


def parse(text: str) -> Frame:
    """The frame a client sent. Raises Malformed, whatever it was."""
    try:
        fields = json.loads(text, parse_constant=_no_such_number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(fields, dict) or not isinstance(op := fields.get("op"), str) or _depth(fields) > DEPTH:
        raise Malformed
    try:
        return _OPS[op](fields)
    except (KeyError, ValueError, TypeError):
        raise Malformed from None


def _no_such_number(_: str) -> None:
    raise ValueError


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice means two things, and so nothing."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError
    return fields


def _depth(value: object) -> int:
    deepest, todo = 0, [(value, 1)]
    while todo:
        one, level = todo.pop()
        inside = one.values() if isinstance(one, dict) else one if isinstance(one, list) else None
        if inside is not None:
            deepest = max(deepest, level)
            if deepest > DEPTH:
                break
            todo += [(each, level + 1) for each in inside]
    return deepest


def _id(value: object) -> UUID:
    if not isinstance(value, str) or len(value) != 36:
        raise ValueError
    return UUID(value)


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST:  # True is an int to Python
        raise ValueError
    return value


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _numbers(value: object) -> dict[UUID, int]:
    if not isinstance(value, dict) or len(value) > ROOMS:
        raise ValueError
    return {_id(room): _number(seq) for room, seq in value.items()}


def _maybe(value: object, read: Callable[[object], T]) -> T | None:
    return None if value is None else read(value)


_OPS: dict[str, Callable[[dict[str, Any]], Frame]] = {
    "hello": lambda f: Hello(_maybe(f.get("epoch"), _words), _numbers(f["rooms"])),
    "send": lambda f: Say(_id(f["room"]), _id(f["key"]), _words(f["body"]), _maybe(f.get("reply_to"), _id)),
    "edit": lambda f: Edit(_id(f["room"]), _id(f["message"]), _id(f["key"]), _words(f["body"])),
    "remove": lambda f: Remove(_id(f["room"]), _id(f["message"]), _id(f["key"])),
    "react": lambda f: React(_id(f["room"]), _id(f["message"]), _id(f["key"]), _words(f["kind"]), _flag(f["on"])),
    "read": lambda f: Read(_id(f["room"]), _number(f["seq"])),
    "unread": lambda f: Unread(_id(f["room"]), _number(f["seq"])),
    "since": lambda f: Since(_id(f["room"]), _number(f["seq"])),
    "typing": lambda f: Typing(_id(f["room"])),
    "beat": lambda f: Beat(_number(f["n"]), _numbers(f.get("seen", {}))),
}
OPS = frozenset(_OPS)
