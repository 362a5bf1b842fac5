"""How long an answer takes does not tell whether an address has an account."""

import math
import time
from collections.abc import Callable
from statistics import median

import pytest
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import User
from portal.limits import Allowance

UNKNOWN = "nobody@example.org"
TRIES, WARM = 250, 15
BEAT = 0.04  # seconds: longer than an answer takes where hashing is cheap, and shorter than in earnest
RUNS = 3  # by chance alone one in a hundred runs of equals looks unequal

Fields = Callable[[str], dict[str, str]]


def same_distribution(these: list[float], those: list[float]) -> float:
    """Kolmogorov and Smirnov's p: how likely two samples of the same thing differ at least this much."""
    marked = sorted([(value, 1 / len(these)) for value in these] + [(value, -1 / len(those)) for value in those])
    apart = running = 0.0
    for _, step in marked:
        running += step
        apart = max(apart, abs(running))
    size = math.sqrt(len(these) * len(those) / (len(these) + len(those)))
    reach = (size + 0.12 + 0.11 / size) * apart
    terms = (2 * (-1) ** (k - 1) * math.exp(-2 * (k * reach) ** 2) for k in range(1, 101))
    return min(1.0, max(0.0, sum(terms)))


def test_the_test_can_tell_a_difference() -> None:
    plain = [100 + (number * 37 % 101) / 10 for number in range(250)]
    assert same_distribution(plain, [value + 0.1 for value in plain]) > 0.01
    assert same_distribution(plain, [value + 2 for value in plain]) < 0.01


def took(url: str, data: dict[str, str]) -> float:
    Allowance.objects.all().delete()  # the limits have tests of their own
    browser = Client()
    start = time.perf_counter()
    browser.post(url, data)
    return time.perf_counter() - start


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/account/login/", lambda email: {"login": email, "password": "not the password"}),
        ("/account/login/code/", lambda email: {"email": email}),
        ("/account/password/reset/", lambda email: {"email": email}),
    ],
    ids=["password", "code", "reset"],
)
def test_known_and_unknown_take_the_same_time(url: str, fields: Fields, sam: User, settings: Settings) -> None:
    settings.ANSWER_BEAT = BEAT
    for _ in range(WARM):
        took(url, fields(sam.email)), took(url, fields(UNKNOWN))
    likely = []
    for _ in range(RUNS):
        known, unknown = [], []
        for number in range(TRIES):  # side by side, each first as often as second
            pair = [(known, sam.email), (unknown, UNKNOWN)]
            for times, email in pair if number % 2 else reversed(pair):
                times.append(took(url, fields(email)))
        likely.append(same_distribution(known, unknown))
        if likely[-1] > 0.01:
            return
    apart = median(known) / median(unknown) - 1
    raise AssertionError(f"p = {likely}, the medians of the last run are {apart:.1%} apart")


@pytest.mark.parametrize("email", ["sam@example.org", UNKNOWN])
def test_an_answer_waits_for_the_beat(sam: User, settings: Settings, email: str) -> None:
    settings.ANSWER_BEAT = 0.2

    assert took("/account/login/", {"login": email, "password": "not the password"}) >= 0.2
    assert took("/account/login/code/", {"email": email}) >= 0.2
