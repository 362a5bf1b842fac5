"""Secrets at rest, and changing the keys that seal them."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from portal.accounts.factors import actions, codes
from portal.accounts.models import User
from portal.sealing import Unreadable, seal, unseal
from tests import cast

OLD, NEW = "an old key of the ring " * 3, "a new key of the ring " * 3


def test_every_key_of_the_ring_opens_and_the_first_one_seals(settings: object) -> None:
    settings.FIELD_KEYS = [OLD]  # type: ignore[attr-defined]
    sealed = seal("a secret")
    settings.FIELD_KEYS = [NEW, OLD]  # type: ignore[attr-defined]
    assert unseal(sealed) == "a secret"
    fresh = seal("a secret")
    settings.FIELD_KEYS = [NEW]  # type: ignore[attr-defined]
    assert unseal(fresh) == "a secret"
    with pytest.raises(Unreadable):
        unseal(sealed)


def test_after_resealing_the_old_key_can_go(sam: User, settings: object) -> None:
    settings.FIELD_KEYS = [OLD]  # type: ignore[attr-defined]
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    recovery = actions.add_app(sam, secret=secret, counter=0, here=None, at=cast.NOW)
    settings.FIELD_KEYS = [NEW, OLD]  # type: ignore[attr-defined]
    out = StringIO()
    call_command("reseal", stdout=out)
    assert out.getvalue() == "2 secrets are sealed with the newest key.\n"

    settings.FIELD_KEYS = [NEW]  # type: ignore[attr-defined]
    assert codes.decrypt(Authenticator.objects.get(type="totp").data["secret"]) == secret
    assert codes.spend(sam, recovery[0]) is not None
