"""The first admin. Everybody after that is let in by an admin; somebody has to be there before."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from portal import audit
from portal.accounts.joining import name_or_address_taken
from portal.accounts.models import Role, Standing, User
from portal.errors import Refusal


class AdminThere(Refusal):
    code, message = "admin_there", "There is an admin already, who can invite others on the page People."


@transaction.atomic(durable=True)
def make_first_admin(*, email: str, display_name: str, password: str, at: datetime) -> User:
    """Make the account of the first admin. Whoever types this holds the server, so the address counts as theirs."""
    if User.objects.filter(role=Role.ADMIN, standing=Standing.APPROVED).exists():
        raise AdminThere
    with name_or_address_taken():
        person = User.objects.create_user(
            email,
            password,
            display_name=display_name,
            role=Role.ADMIN,
            standing=Standing.APPROVED,
            standing_at=at,
            created_at=at,
        )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    audit.record(None, "account.first_admin", "person", person.public_id, at=at)
    return person
