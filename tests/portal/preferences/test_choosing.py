"""Choosing how pages look: with an account, and without."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, close_old_connections, transaction
from django.test import Client

from portal.accounts.models import User
from portal.audit import AuditEntry
from portal.preferences import actions
from portal.preferences.models import DEFAULTS, LOOKS, SETTINGS, Preferences
from tests import cast

Browser = Callable[[User], Client]
PAGE = "/me/display/"
LATE_AT_NIGHT = DEFAULTS | {"theme": "dark", "size": "largest", "announce": "off"}


def looks_worn(client: Client, path: str = PAGE) -> dict[str, str]:
    """What a page says of itself in its first tag."""
    tag = client.get(path).content.decode().partition("<html")[2].partition(">")[0]
    return {name: tag.partition(f'data-{name}="')[2].partition('"')[0] for name in SETTINGS}


def test_a_person_chooses_and_the_account_keeps_it(sam: User, signed_in: Browser) -> None:
    browser = signed_in(sam)
    answer = browser.post(PAGE, LATE_AT_NIGHT)

    assert answer["Location"] == f"{PAGE}?saved"
    assert Preferences.objects.get(person=sam).chosen == LATE_AT_NIGHT
    assert looks_worn(browser, "/") == LATE_AT_NIGHT
    assert b"Saved." in browser.get(answer["Location"]).content


def test_the_audit_says_which_settings_changed_and_never_to_what(sam: User) -> None:
    actions.change_preferences(sam, values=LATE_AT_NIGHT, at=cast.NOW)

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.target_id) == (sam, "preferences.changed", str(sam.public_id))
    assert entry.facts == {"changed": ["theme", "size", "announce"]}


def test_saving_what_is_there_changes_nothing(sam: User) -> None:
    for _ in range(2):
        actions.change_preferences(sam, values=LATE_AT_NIGHT, at=cast.NOW)

    assert AuditEntry.objects.count() == 1


def test_choosing_the_defaults_is_a_choice_too(sam: User) -> None:
    actions.change_preferences(sam, values=DEFAULTS, at=cast.NOW)
    assert Preferences.objects.get(person=sam).chosen == DEFAULTS


def test_nobody_chooses_for_somebody_else(sam: User, ben: User, signed_in: Browser) -> None:
    signed_in(sam).post(PAGE, LATE_AT_NIGHT | {"person": str(ben.pk), "person_id": str(ben.pk)})
    assert list(Preferences.objects.values_list("person", flat=True)) == [sam.pk]


def test_what_is_no_choice_is_told_beside_the_field_and_changes_nothing(sam: User, signed_in: Browser) -> None:
    browser = signed_in(sam)
    page = browser.post(PAGE, LATE_AT_NIGHT | {"theme": "sepia"})

    assert page.status_code == 200
    assert page.content.count(b"Choose one of these.") == 2  # in the summary, and beside the field
    assert not Preferences.objects.exists()
    assert looks_worn(browser) == DEFAULTS


@pytest.mark.parametrize("name", SETTINGS)
def test_the_database_refuses_what_is_no_choice(sam: User, name: str) -> None:
    with pytest.raises(IntegrityError, match=f"{name}_is_a_choice"), transaction.atomic():
        Preferences(person=sam, **{name: "other"}).save()


def test_who_waits_for_approval_may_choose(waiting: User, signed_in: Browser) -> None:
    signed_in(waiting).post(PAGE, LATE_AT_NIGHT)
    assert Preferences.objects.get(person=waiting).theme == "dark"


def test_a_visitor_chooses_looks_and_no_row_is_written(db: None) -> None:
    browser = Client()
    page = browser.get(PAGE).content.decode()
    assert [name in page for name in ('name="theme"', 'name="motion"', 'name="enter"')] == [True, True, False]

    browser.post(PAGE, LATE_AT_NIGHT)

    assert looks_worn(browser, "/account/login/") == LATE_AT_NIGHT | {"announce": "on"}
    assert not Preferences.objects.exists()
    assert not AuditEntry.objects.exists()
    assert not Session.objects.exists()


def test_every_looks_setting_of_a_visitor_is_on_the_page(db: None) -> None:
    page = Client().get(PAGE).content.decode()
    for name, choices in LOOKS.items():
        for value in choices.values:
            assert f'name="{name}" value="{value}"' in page


def test_nothing_is_changed_from_another_site(sam: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(sam, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post(PAGE, LATE_AT_NIGHT).status_code == 403
    assert not Preferences.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_windows_saving_for_the_first_time_at_once_both_succeed() -> None:
    sam, failed = cast.person("Sam"), []

    def save(theme: str) -> None:
        try:
            actions.change_preferences(sam, values=DEFAULTS | {"theme": theme}, at=cast.NOW)
        except Exception as error:
            failed.append(error)
        finally:
            close_old_connections()

    windows = [Thread(target=save, args=[theme]) for theme in ("dark", "light")]
    for window in windows:
        window.start()
    for window in windows:
        window.join(10)

    assert failed == []
    assert Preferences.objects.get().theme in ("dark", "light")
