"""What these tests start from: Amina has written for the group, Eve for everyone, Dora for another group."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groups.membership.models import Group
from groups.resources import actions
from groups.resources.models import Post
from portal.accounts.models import User
from portal.audit import AuditEntry
from tests.cast import NOW

Publish = Callable[..., Post]


@pytest.fixture
def publish() -> Publish:
    """Somebody publishes a post; without a group it is for everyone."""

    def put(
        who: User, group: Group | None = None, title: str = "Before a visit", at: datetime = NOW, **more: Any
    ) -> Post:
        values = {"summary": "", "body": "Eat **lightly**.", **more}
        return actions.publish_post(who, group.public_id if group else None, title=title, at=at, **values)

    return put


@pytest.fixture
def ours(publish: Publish, amina: User, harbor: Group) -> Post:
    """A post for the group."""
    return publish(amina, harbor)


@pytest.fixture
def everyones(publish: Publish, eve: User) -> Post:
    """A post for everyone."""
    return publish(eve, title="Sleep, the quiet helper", body="Sleeping well helps.")


@pytest.fixture
def theirs(publish: Publish, dora: User) -> Post:
    """A post for another group."""
    return publish(dora, Group.objects.get(name="Morning Light"), title="Only for Morning Light", body="Sleep late.")


@pytest.fixture
def entries(db: None) -> Callable[[str], list[AuditEntry]]:
    """The audit entries of one kind of deed, oldest first."""
    return lambda verb: list(AuditEntry.objects.filter(verb=verb).order_by("pk"))


@pytest.fixture
def count_of() -> Callable[[Client, str], int]:
    """How many queries a page takes."""

    def count(browser: Client, page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200
        return len(queries)

    return count
