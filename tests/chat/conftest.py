"""A room for the cast: amina facilitates, ben and carla talk."""

from uuid import uuid4

import pytest
from channels.layers import channel_layers
from django.db import connection

from chat import actions
from chat.models import Room
from tests.cast import NOW
from tests.chat.inside import two_processes


@pytest.fixture
def room(harbor) -> Room:
    """The chat of the group."""
    return harbor.room


@pytest.fixture
def say(room):
    """Somebody says something in the room."""

    def send(who, body, *, at=NOW, **more):
        return actions.send(who, room.public_id, key=more.pop("key", None) or uuid4(), body=body, at=at, **more)

    return send


@pytest.fixture(scope="session")
def links(django_db_setup):
    """A pool that stays open from test to test: to make its links anew would cost more than most questions."""
    options = connection.settings_dict["OPTIONS"]
    kept = {"min_size": 1, "max_size": 10}
    yield kept
    options["pool"] = kept
    connection.close_pool()
    del options["pool"]


@pytest.fixture
def pool(transactional_db, links):
    """Links to the database are borrowed and given back, as in a server."""
    options = connection.settings_dict["OPTIONS"]
    own, connection.connection = connection.connection, None  # the test's own link is for after
    options["pool"] = links
    yield
    connection.close()
    stands = connection.pool.get_stats()
    if stands["pool_available"] < stands["pool_size"]:  # a thread still has one, which does not come back
        connection.close_pool()
    del options["pool"]
    connection.connection = own


@pytest.fixture
def processes(pool, settings):
    """Two hubs in this process, and a way between them that can be told to lose, double and hold hints."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "tests.chat.fickle.FickleLayer"}}
    channel_layers.backends.clear()
    channel_layers["default"]  # made here: two hubs that look for it at once would each make their own
    with two_processes() as both:
        yield both
    channel_layers.backends.clear()
