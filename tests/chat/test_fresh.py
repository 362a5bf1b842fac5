"""Whatever happens, the feed turns an old page into what a fresh page shows: one case for each kind of change."""

from datetime import timedelta

import pytest

from chat import changes
from chat.frames import change
from chat.models import Change, ChangeKind
from tests.cast import NOW
from tests.chat.kinds import CASES, There, past
from tests.chat.test_feed import apply, pages_of, plain

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def there(room, amina, ben, carla, eve) -> There:
    there = There(room, amina, ben, carla, eve)
    past(there, at=NOW)
    return there


def test_every_kind_has_a_case():
    assert set(CASES) == set(ChangeKind)


@pytest.mark.parametrize("kind", sorted(CASES))
def test_an_old_page_and_the_feed_make_a_fresh_page(there, kind):
    old, seq = pages_of(there.room), changes.since(there.room.pk, 0, limit=999).head
    CASES[ChangeKind(kind)](there, LATER)
    assert Change.objects.filter(room=there.room, kind=kind, seq__gt=seq).exists()
    steps = changes.since(there.room.pk, seq, limit=999).steps
    for _ in range(2):  # applied twice it does no harm
        for step in steps:
            for reader, page in old.items():
                apply(page, plain(change(str(there.room.public_id), step, reader)))
    assert old == pages_of(there.room)
