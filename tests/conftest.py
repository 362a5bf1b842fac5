"""Fixtures: a named cast around one group. amina and dora run it, ben and carla are in it, sam is a stranger."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from groups.membership.models import Group, GroupRole, State
from portal.accounts.models import Role, Standing, User
from tests import cast

hypothesis_settings.register_profile("portal", deadline=None)  # speed is measured by bin/bench, never asserted here
hypothesis_settings.load_profile("portal")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Style sheets and scripts under their hashed names, as pages ask for them: gathered once, before any worker."""
    if not hasattr(session.config, "workerinput"):
        call_command("collectstatic", verbosity=0, interactive=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database says of itself that it is emptied between tests: the audit log allows it nowhere else."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"COMMENT ON DATABASE {name} IS 'emptied between tests'")


@pytest.fixture(autouse=True)
def no_jobs_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test whose transactions are real leaves no job behind: the queue is no model that the flush would know."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def now() -> datetime:
    return cast.NOW


@pytest.fixture
def harbor(db: None) -> Group:
    """The group of the tests, with eight places."""
    return cast.group()


@pytest.fixture
def amina(harbor: Group) -> User:
    """Facilitates the group."""
    user = cast.person("Amina", role=Role.FACILITATOR)
    cast.stay(harbor, user, role=GroupRole.FACILITATOR)
    return user


@pytest.fixture
def ben(harbor: Group) -> User:
    """A member."""
    user = cast.person("Ben")
    cast.stay(harbor, user)
    return user


@pytest.fixture
def carla(harbor: Group) -> User:
    """Another member."""
    user = cast.person("Carla")
    cast.stay(harbor, user)
    return user


@pytest.fixture
def asking(harbor: Group) -> User:
    """Has asked to join."""
    user = cast.person("Asha")
    cast.stay(harbor, user, state=State.ASKED)
    return user


@pytest.fixture
def sam(db: None) -> User:
    """A patient who is in no group."""
    return cast.person("Sam")


@pytest.fixture
def dora(db: None) -> User:
    """Facilitates another group."""
    user = cast.person("Dora", role=Role.FACILITATOR)
    cast.stay(cast.group("Morning Light"), user, role=GroupRole.FACILITATOR)
    return user


@pytest.fixture
def eve(db: None) -> User:
    """An admin."""
    return cast.person("Eve", role=Role.ADMIN)


@pytest.fixture
def waiting(db: None) -> User:
    """Has an account that nobody approved yet."""
    return cast.person("Wanda", standing=Standing.WAITING)


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """A browser of this person, who signed in just now or some minutes ago."""
    return cast.enter
