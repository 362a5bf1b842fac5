"""The file of a copy, written row by row and kept in pieces: ten years of messages take no more memory than a day's."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

PIECE = 256 * 1024
ROWS = 200  # of a table, drawn at once
PARTS_GO_HERE = "<!-- parts -->"

Row = dict[str, Any]
Rows = Callable[[], Iterable[Row]]  # read once for people and once for programs


class Pieces(io.RawIOBase):
    """A file that only grows: what is written to it is handed on in pieces of one size."""

    def __init__(self, keep: Callable[[bytes], object]) -> None:
        self._keep = keep
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, given: Any) -> int:
        """Take some more."""
        self._waiting += given
        while len(self._waiting) >= PIECE:
            self._keep(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]
        return len(given)

    def close(self) -> None:
        """Hand on the rest."""
        if not self.closed and self._waiting:
            self._keep(bytes(self._waiting))
            self._waiting.clear()
        super().close()


def pack(
    out: io.RawIOBase,
    parts: list[tuple[str, Rows]],
    files: Iterable[tuple[str, bytes]],
    *,
    notices: Sequence[str] = (),
    at: datetime,
) -> None:
    """Two files that say the same, one for people, one for programs; and the person's own files beside them."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, texts in (
            ("my-data.html", _for_people(parts, notices, at)),
            ("my-data.json", _for_programs(parts, notices, at)),
        ):
            with archive.open(name, "w") as inside:
                for text in texts:
                    inside.write(text.encode())
        for name, content in files:
            archive.writestr(name, content)


def _for_people(parts: list[tuple[str, Rows]], notices: Sequence[str], at: datetime) -> Iterator[str]:
    before, after = render_to_string("portal/accounts/copy.html", {"at": at, "notices": notices}).split(PARTS_GO_HERE)
    yield before
    for title, rows in parts:
        some = iter(rows())
        first = True
        while (drawn := list(islice(some, ROWS))) or first:
            yield render_to_string("portal/accounts/_copy_rows.html", {"title": title if first else "", "rows": drawn})
            first = False
    yield after


def _for_programs(parts: list[tuple[str, Rows]], notices: Sequence[str], at: datetime) -> Iterator[str]:
    yield f'{{"made_at": {_json(at)}, "notices": {_json(notices)}, "parts": ['
    for place, (title, rows) in enumerate(parts):
        yield f'{"," if place else ""}\n{{"title": {_json(title)}, "rows": ['
        for number, row in enumerate(rows()):
            yield f"{',' if number else ''}\n {_json(row)}"
        yield "]}"
    yield "\n]}\n"


def _json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
