"""However much somebody has written, making and fetching a copy takes little memory at a time."""

import io
import json
import os
import tracemalloc
import zipfile
from collections.abc import Iterator
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import AsyncClient
from django.utils import timezone

from chat import pictures
from chat.models import Message, Picture
from chat.pictures import Fitted
from groups.membership.models import Group
from portal import keeping
from portal.accounts import copies, packing
from portal.accounts.models import DataCopy, DataCopyPiece, User
from portal.accounts.packing import PIECE, ROWS, Pieces, pack
from tests import cast
from tests.cast import NOW
from tests.chat.test_pictures import folder  # noqa: F401 (a fixture)


def test_what_is_written_is_handed_on_in_pieces_of_one_size() -> None:
    given, kept = os.urandom(2 * PIECE + 7), []
    with Pieces(kept.append) as file:
        for start in range(0, len(given), 1000):
            file.write(given[start : start + 1000])
    assert [len(piece) for piece in kept] == [PIECE, PIECE, 7]
    assert b"".join(kept) == given


def test_rows_are_read_while_earlier_ones_are_on_their_way_out() -> None:
    """Between two pieces no more rows are alive than one drawing and one piece hold."""
    read, at_each_piece = 0, []

    def rows() -> Iterator[dict[str, str]]:
        nonlocal read
        for _ in range(2000):
            read += 1
            yield {"Text": os.urandom(500).hex()}

    with Pieces(lambda piece: at_each_piece.append(read)) as file:
        pack(file, [("Your messages", rows)], [], at=NOW)
    steps = [after - before for before, after in zip([0, *at_each_piece], at_each_piece, strict=False)]
    assert len(steps) > 7
    assert max(steps) <= PIECE / 500 + 2 * ROWS


def test_ten_times_as_much_takes_no_more_memory() -> None:
    def most(rows: int) -> int:
        tracemalloc.start()
        with Pieces(lambda piece: None) as file:
            pack(file, [("Your messages", lambda: ({"Text": "word " * 200} for _ in range(rows)))], [], at=NOW)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    most(ROWS)  # what is loaded once
    assert most(10 * ROWS) < 1.5 * most(ROWS) + PIECE


def test_many_messages_and_large_pictures_come_whole(
    harbor: Group, ben: User, carla: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 50)
    texts = [f"{number} {uuid4()}" for number in range(320)]
    rows = [
        Message(room=harbor.room, author=ben, key=uuid4(), seq=number, sent_at=NOW, body=text, digest=b"")
        for number, text in enumerate(texts, start=1)
    ]
    Message.objects.bulk_create(rows)
    shown = [os.urandom(PIECE) for _ in range(3)]
    for message, webp in zip(rows, shown, strict=False):
        name = pictures.put(Fitted(webp, 10, 10, "A lake"))
        Picture.objects.create(message=message, name=name, width=10, height=10, alt="A lake")
    copy = copies.ask_for_copy(ben, at=NOW)
    copies.make_copy(copy.public_id, at=NOW)

    sizes = [len(piece.content) for piece in DataCopyPiece.objects.order_by("number")]
    assert len(sizes) >= 4
    assert set(sizes[:-1]) == {PIECE}
    whole = b"".join(map(copies.read_piece, copies.fetch_copy(ben, copy.public_id, at=NOW)))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        plain, words = json.loads(archive.read("my-data.json")), archive.read("my-data.html").decode()
        given = {archive.read(name) for name in archive.namelist() if name.startswith("pictures/")}
    assert [row["Text"] for part in plain["parts"] if part["title"] == "Your messages" for row in part["rows"]] == texts
    assert all(text in words for text in texts)
    assert words.count("<h2>Your messages</h2>") == 1
    assert given == set(shown)


def test_a_newer_copy_takes_the_place_of_the_one_before(ben: User) -> None:
    for _ in range(2):
        copies.make_copy(copies.ask_for_copy(ben, at=NOW).public_id, at=NOW)
    assert DataCopy.objects.count() == 1
    assert {piece.copy_id for piece in DataCopyPiece.objects.all()} == {DataCopy.objects.get().pk}


@pytest.mark.django_db(transaction=True)
async def test_a_server_sends_piece_after_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next piece is read when the one before has gone: on a server nothing gathers them first."""
    monkeypatch.setattr(packing, "PIECE", 512)

    def prepare() -> tuple[str, DataCopy]:
        sam = cast.person("Sam", at=timezone.now())
        copy = copies.ask_for_copy(sam, at=timezone.now())
        copies.make_copy(copy.public_id, at=timezone.now())
        return cast.begin_session(sam), copy

    session, copy = await sync_to_async(prepare)()
    browser = AsyncClient()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session
    answer = await browser.get(f"/me/data/{copy.public_id}/")
    got = [piece async for piece in answer.streaming_content]
    assert answer.is_async
    assert len(got) > 2
    assert {len(piece) for piece in got[:-1]} == {512}
    assert zipfile.is_zipfile(io.BytesIO(b"".join(got)))
