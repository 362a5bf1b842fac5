"""What makes the tests quick takes nothing away from them."""

import pytest
from django.apps import apps
from django.contrib.auth.hashers import get_hasher
from django.db import connection
from django.utils import timezone

from portal import audit
from tests import quick, world


def test_passwords_are_only_cheap_in_the_tests() -> None:
    assert get_hasher().algorithm == "argon2"
    assert quick.IN_EARNEST["memory_cost"] >= 19 * 1024  # KiB, as OWASP asks of Argon2id
    assert quick.IN_EARNEST["time_cost"] >= 2


@pytest.mark.django_db(transaction=True)
def test_what_was_really_written_is_really_gone() -> None:
    world.build(timezone.now())
    audit.record(None, "group.archived", "group", "7", at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_jobs (task_name, queue_name) VALUES ('a.task', 'default')")
    assert filled() >= {"portal.User", "portal.AuditEntry", "portal.AuditLink", "chat.Message", "groups.Membership"}

    quick.empty_tables()

    assert filled() == {"contenttypes.ContentType", "auth.Permission"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


def filled() -> set[str]:
    """The models that have rows."""
    return {model._meta.label for model in apps.get_models() if model._meta.managed and model.objects.exists()}
