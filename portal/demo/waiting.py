"""Ways in that nobody has used yet."""

from datetime import timedelta
from hashlib import sha256

from portal.accounts.models import Invitation, Standing
from portal.demo.names import opaque_id
from portal.demo.people import FIRST_ADMIN, People

INVITED_FOR = timedelta(days=7)


def make_invitations(people: People) -> None:
    """One open invitation for each person who is invited. Its token is known to nobody."""
    Invitation.objects.bulk_create(
        Invitation(
            public_id=opaque_id("invitation", person.email),
            email=person.email,
            role=person.role,
            token_hash=sha256(f"no token {person.public_id}".encode()).hexdigest(),
            invited_by=people[FIRST_ADMIN],
            created_at=person.created_at,
            expires_at=person.created_at + INVITED_FOR,
        )
        for person in people.values()
        if person.standing == Standing.INVITED
    )
