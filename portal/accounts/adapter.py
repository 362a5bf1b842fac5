"""How allauth makes and greets our people."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """The seam between allauth and the portal."""
