"""Fixtures: a named cast around one group. amina and dora run it, ben and carla are in it, sam is a stranger."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from groups.membership.models import Group, GroupRole, State
from portal.accounts.models import Role, Standing, User
from tests import around, cast, quick, ready
from tests.serving import live_portal, production, servers, serving  # noqa: F401 (fixtures)


def pytest_configure(config: pytest.Config) -> None:
    quick.configure(config)
    around.configure()


def pytest_sessionstart(session: pytest.Session) -> None:
    django_settings.STAFF_NEED_FACTOR = True  # the tests run with the demo's settings, which waive it
    django_settings.ANSWER_BEAT = 0  # nobody is in doubt here; test_time asks for one
    if hasattr(session.config, "workerinput"):
        return
    if session.config.getoption("dist") == "no":
        ready.gather_static()
    else:
        session.config.add_cleanup(ready.begin().wait)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    around.leave_out_unused(session)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    quick.longest_first(items)
    if hasattr(config, "workerinput"):
        quick.list_the_served(items)


def pytest_collection_finish() -> None:
    quick.keep_what_was_read()


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    if not hasattr(item.config, "workerinput"):
        return None
    quick.run_and_tell(item, nextitem)
    return True


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> quick.Together:
    return quick.Together(config, log)


@pytest.fixture(scope="session", autouse=True)
def pages_watched(django_test_environment: None) -> None:
    quick.watch_pages_only()
    quick.look_at_static_files_once()


@pytest.fixture(scope="session", autouse=True)
def made_ready(request: pytest.FixtureRequest, django_test_environment: None) -> None:
    if hasattr(request.config, "workerinput"):
        ready.wait()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, made_ready: None) -> None:
    """The copy is asked for before the database is made."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database says of itself that it is emptied between tests: the audit log allows it nowhere else."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"COMMENT ON DATABASE {name} IS 'emptied between tests'")


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
