"""A new portal gets its first admin from whoever holds the server, and only its first."""

import io

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from portal.accounts.models import User
from portal.audit import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def typed(monkeypatch):
    """What stands on standard input."""

    def type_in(text):
        monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))

    return type_in


def test_the_first_admin_can_sign_in(typed):
    typed("a-long-river-of-words")

    call_command("first_admin", "Pat@Clinic.example", name="Pat")

    pat = User.objects.get()
    assert (pat.email, pat.display_name, pat.is_admin) == ("pat@clinic.example", "Pat", True)
    assert pat.check_password("a-long-river-of-words")
    assert EmailAddress.objects.filter(user=pat, verified=True, primary=True).exists()
    assert [(entry.actor, entry.verb) for entry in AuditEntry.objects.all()] == [(None, "account.first_admin")]


def test_there_is_only_one_first_admin(eve, typed):
    typed("a-long-river-of-words")

    with pytest.raises(CommandError, match="There is an admin already"):
        call_command("first_admin", "second@clinic.example")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "password"), [("nowhere", "a-long-river-of-words"), ("pat@clinic.example", "short")]
)
def test_a_wrong_address_or_a_weak_password_is_told(typed, address, password):
    typed(password)

    with pytest.raises(CommandError):
        call_command("first_admin", address)
    assert not User.objects.exists()
