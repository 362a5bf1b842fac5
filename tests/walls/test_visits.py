"""What looking at every page does: nothing changes, and nobody but admins learns who somebody is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from django.db import connection

from chat.rooms import epoch
from portal.accounts.models import User
from tests.cast import undone
from tests.permissions import ROUTES
from tests.test_permissions import There
from tests.walls.walking import address

# What a visit may write: that somebody is here, how far they have read, and that staff looked.
MAY_GROW = {
    "django_session",
    "portal_signin",
    "portal_allowance",
    "chat_readmark",
    "portal_auditentry",
    "portal_auditlink",
}


@dataclass(frozen=True)
class Visits:
    """The pages that opened, by the name of their route, and the tables that hold something else afterwards."""

    pages: dict[str, bytes]
    changed: set[str]


@pytest.fixture(scope="module")
def visits(there: There) -> Callable[[str], Visits]:
    """Somebody looks at every page, once for all tests that ask."""

    @cache
    def of(who: str) -> Visits:
        epoch()  # the log's own name, made once when somebody first looks
        pages = {}
        with undone():
            before = contents()
            for name in ROUTES:
                page = there.browsers[who].get(address(there, name, next(iter(ROUTES[name]))))
                content = b"".join(page.streaming_content) if page.streaming else page.content
                if page.status_code == 200:
                    pages[name] = content
            after = contents()
        return Visits(pages, {table for table in before if before[table] != after[table]})

    return of


def contents() -> dict[str, str]:
    """A digest of every table."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*), sum(hashtextextended(t::text, 0)) FROM "{table}" t')  # noqa: S608
            found[table] = str(cursor.fetchone())
        return found


# Facilitators see every page a member sees, and more.
@pytest.mark.parametrize("who", ["facilitator", "admin", pytest.param("member", marks=pytest.mark.slow)])
@pytest.mark.asvs("3.5.3")
def test_no_visit_changes_anything(visits: Callable[[str], Visits], who: str) -> None:
    assert visits(who).changed <= MAY_GROW


def test_no_page_of_anybody_but_admins_shows_an_address_or_a_real_name(visits: Callable[[str], Visits]) -> None:
    """Everybody's own left out."""
    amina = User.objects.get(email="amina@example.org")
    foreign = [word for other in User.objects.exclude(pk=amina.pk) for word in (other.email, other.legal_name) if word]
    pages = visits("facilitator").pages

    assert len(pages) > 35
    assert len(foreign) > 20
    for name, page in pages.items():
        assert [word for word in foreign if word.encode() in page] == [], name
