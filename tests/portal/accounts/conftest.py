"""What the tests of accounts share: a visitor's browser, and the hints the sockets would hear."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from portal import live
from tests.portal.notifications.worker import run_jobs

Hints = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def visitor(db: None) -> Client:
    return Client()


@pytest.fixture
def hints() -> Iterator[Hints]:
    """What was announced on commit. Use with django_capture_on_commit_callbacks(execute=True)."""
    heard: Hints = []

    def listener(topic: str, hint: dict[str, Any]) -> None:
        heard.append((topic, hint))

    live.listen(listener)
    yield heard
    live.silence(listener)


@pytest.fixture
def newest_code(db: None) -> Callable[[], str]:
    """The code in the newest mail, after the worker has sent it."""

    def read() -> str:
        run_jobs()
        found = re.search(r"\b([A-Z]{4}-[A-Z]{4})\b", mail.outbox[-1].body)
        assert found, mail.outbox[-1].body
        return found.group(1)

    return read


ASKED = {
    "email": "new.person@example.org",
    "display_name": "Quiet River",
    "legal_name": "Nora Newman",
    "time_zone": "America/New_York",
    "password1": "a long quiet password",
}


@pytest.fixture
def asked() -> dict[str, str]:
    """What somebody who asks for an account writes."""
    return dict(ASKED)
