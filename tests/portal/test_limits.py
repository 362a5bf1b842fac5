"""Limits hold when people try at the same moment, and nobody is locked out for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from portal import limits
from portal.errors import TooMany
from tests.cast import NOW


def take(at=NOW, key="code:ben", every=60, burst=3):
    limits.take(key, every=every, burst=burst, at=at)


def test_a_burst_is_let_through_and_the_next_must_wait(db):
    for _ in range(3):
        take()
    with pytest.raises(TooMany) as refused:
        take()
    assert refused.value.retry_after == 60


def test_one_place_comes_free_at_a_time(db):
    for _ in range(3):
        take()
    take(at=NOW + timedelta(seconds=60))
    with pytest.raises(TooMany) as refused:
        take(at=NOW + timedelta(seconds=90))
    assert refused.value.retry_after == 30


def test_hammering_does_not_prolong_the_wait(db):
    for _ in range(3):
        take()
    for second in range(59):
        with pytest.raises(TooMany):
            take(at=NOW + timedelta(seconds=second))
    take(at=NOW + timedelta(seconds=60))


def test_one_persons_tries_do_not_count_for_another(db):
    for _ in range(3):
        take(key="code:ben")
    take(key="code:carla")


def test_a_clock_that_steps_back_gives_nothing_away(db):
    for _ in range(3):
        take()
    with pytest.raises(TooMany):
        take(at=NOW - timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_share_the_same_places():
    def try_once(_):
        try:
            take()
        except TooMany:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as crowd:
        let_through = sum(crowd.map(try_once, range(40)))
    assert let_through == 3


def test_many_take_together_as_each_would_alone(db):
    wanted = {"say:ben": 2, "say:carla": 5}
    taken = limits.take_many(wanted, every=60, burst=3, at=NOW)
    assert (taken["say:ben"].granted, taken["say:carla"].granted) == (2, 3)
    assert taken["say:carla"].retry_after == 60

    take(key="say:ben")
    with pytest.raises(TooMany) as alone:
        take(key="say:ben", at=NOW + timedelta(seconds=30))
    together = limits.take_many({"say:ben": 1}, every=60, burst=3, at=NOW + timedelta(seconds=30))["say:ben"]
    assert (together.granted, together.retry_after) == (0, alone.value.retry_after)
    assert limits.take_many({"say:ben": 9}, every=60, burst=3, at=NOW + timedelta(seconds=60))["say:ben"].granted == 1


def test_looking_for_words_has_a_share_of_its_own(harbor, ben, carla, signed_in):
    at = timezone.now()
    for _ in range(40):
        try:
            limits.take_search(ben.public_id, at=at + timedelta(seconds=30))
        except TooMany:
            break
    address = reverse("resources:library")
    assert signed_in(ben).post(address, {"q": "sleep"}).status_code == 429
    assert signed_in(carla).post(address, {"q": "sleep"}).status_code == 302
