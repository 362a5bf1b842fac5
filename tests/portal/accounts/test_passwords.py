"""What a password must be, and what it need not be."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from portal.accounts.models import User
from portal.accounts.passwords import Argon2id
from tests import quick
from tests.portal.accounts.conftest import ASKED

NORA = User(email="nora.newman@example.org", display_name="Quiet River", legal_name="Nora Newman")


def said(password: str) -> str:
    try:
        validate_password(password, NORA)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "my dog is called rex",
        "tea on the kitchen windowsill",
        "xK9#mQ2$vL7p",
        "ein langer Weg übers Feld",
        "лошадь скрепка батарея",
        "the rain came down over the lake and nobody minded since there was soup, bread, a stove and time to sit",
    ],
)
def test_long_and_unlikely_is_enough_whatever_the_letters(password: str) -> None:
    assert said(password) == ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("qm7#xK2!vv", "too short. Use at least 12"),
        ("x7 q " * 26, "too long. Use at most 128"),
        ("passwordpassword", "again and again"),
        ("aaaaaaaaaaaaaaa", "again and again"),
        ("123456789012", "like the passwords many people use"),
        ("iloveyouforever", "like the passwords many people use"),
        ("abcdefghijklmnop", "alphabet"),
        ("jennifer1985!!", "easy to guess"),
        ("NewPathways2024!", "your name, or of words that everybody here would try"),
        ("ketamine12345", "easy to guess"),
        ("Spravato-2026", "words that everybody here would try"),
        ("QuietRiver-26", "your name"),
        ("nora.newman.1", "your name"),
    ],
)
def test_what_others_would_try_is_refused_with_the_reason(password: str, why: str) -> None:
    assert why in said(password)


def test_the_reason_stands_beside_the_field_with_what_to_do(db: None) -> None:
    page = Client().post("/account/signup/", ASKED | {"password1": "passwordpassword"})
    assert b"Put three or four words together" in page.content
    assert b'autocomplete="new-password"' in page.content
    assert b"maxlength" not in page.content.partition(b'name="password1"')[2].partition(b">")[0]


def test_how_it_is_kept_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in quick.IN_EARNEST.items():
        monkeypatch.setattr(Argon2id, name, value)
    assert make_password("correct horse battery").startswith("argon2$argon2id$v=19$m=65536,t=3,p=1$")
    assert len(get_default_password_validators()) == 3
