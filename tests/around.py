"""What pytest's plugins and Django do around each single test, without the parts that no test here asks for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.signals import setting_changed
from django.db import connections
from django.test import TestCase
from django.test.client import ClientHandler
from psycopg.pq import TransactionStatus

# Fixtures of plugins that look before every test for a mark, an option or a kind of test that is nowhere here.
UNUSED = (
    "_django_clear_site_cache",
    "_django_isolate_apps",
    "_django_set_urlconf",
    "_django_setup_unittest",
    "_live_server_helper",
    "_pw_trace_api_requests",
    "_template_string_if_invalid_marker",
)


def leave_out_unused(session: pytest.Session) -> None:
    """Before the tests are read."""
    asked = session._fixturemanager._node_autousenames[session]
    asked[:] = [name for name in asked if name not in UNUSED]


def configure() -> None:
    """Before the first test."""
    TestCase._fixture_teardown = roll_back
    share_the_middleware()


def roll_back(test: TestCase) -> None:
    """Django's own end of a test asks first whether the server is still there, and last for deferred checks again."""
    try:
        for name in test._databases_names():
            connection = connections[name]
            raw = connection.connection
            if raw and not connection.needs_rollback and raw.info.transaction_status == TransactionStatus.INTRANS:
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    finally:
        test._rollback_atomics(test.atomics)


def share_the_middleware() -> None:
    """Every new browser of a test would make it anew. It knows nothing of browsers; changed settings begin it anew."""
    load = ClientHandler.load_middleware
    kept: list[Callable[..., Any]] = []

    def load_once(handler: ClientHandler) -> None:
        if kept:
            handler._middleware_chain = kept[0]
        else:
            load(handler)
            kept.append(handler._middleware_chain)

    ClientHandler.load_middleware = load_once
    setting_changed.connect(lambda **_: kept.clear(), weak=False)
