"""Whatever happens, the feed turns an old page into what a fresh page shows: one case for each kind of change."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from chat import changes
from chat.frames import change
from chat.models import Change, ChangeKind
from portal.env import ROOT
from tests.cast import NOW
from tests.chat.kinds import CASES, NOT_YET, There, past
from tests.chat.test_feed import apply, page_of, plain

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def there(room, amina, ben, carla, eve) -> There:
    there = There(room, amina, ben, carla, eve)
    past(there, at=NOW)
    return there


def test_every_kind_has_a_case():
    assert set(CASES) | NOT_YET == set(ChangeKind)
    assert not set(CASES) & NOT_YET


@pytest.mark.parametrize("kind", sorted(NOT_YET))
def test_what_has_no_case_yet_is_recorded_by_nobody(kind):
    name = ChangeKind(kind).name
    code = [file for file in Path(ROOT, "chat").rglob("*.py") if "migrations" not in file.parts]
    assert not [file.name for file in code if re.search(rf"ChangeKind\.{name}\b", file.read_text())], "write its case"


@pytest.mark.parametrize("reader", ["anybody", "author", "facilitator"])
@pytest.mark.parametrize("kind", sorted(CASES))
def test_an_old_page_and_the_feed_make_a_fresh_page(there, kind, reader):
    old, seq = page_of(there.room, reader), changes.since(there.room.pk, 0, limit=999).head
    CASES[ChangeKind(kind)](there, LATER)
    assert Change.objects.filter(room=there.room, kind=kind, seq__gt=seq).exists()
    steps = changes.since(there.room.pk, seq, limit=999).steps
    for _ in range(2):  # applied twice it does no harm
        for step in steps:
            apply(old, plain(change(str(there.room.public_id), step, reader)))
    assert old == page_of(there.room, reader)
