"""The seam between allauth's factors and the portal: sealed at rest, neutral names, nobody of the staff without one."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from portal.accounts import words
from portal.accounts.models import User
from portal.sealing import seal, unseal


class FactorAdapter(DefaultMFAAdapter):
    """What allauth asks about factors. What people do with them stands in `actions`."""

    error_messages = DefaultMFAAdapter.error_messages | words.ERRORS

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return settings.NEUTRAL_NAME

    def _get_site_name(self) -> str:
        return settings.NEUTRAL_NAME  # the passkey's name in a person's phone reveals nothing

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return False  # allauth's own pages are not routed; `actions.remove` decides

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        return "Passkey"
