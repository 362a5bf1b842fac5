"""How an account comes to be: somebody asks, and shows that the address is theirs. An admin decides after that."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from portal import audit
from portal.accounts.models import Role, Standing, User
from portal.errors import Refusal
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind

UNCONFIRMED_FOR = timedelta(days=1)  # after that the address and the name are free again


class NameTaken(Refusal):
    code, message = "name_taken", "Somebody here has this name already. Go back and choose another one."


class AddressTaken(Refusal):
    code, message = "address_taken", "There is an account with this address already."


@transaction.atomic(durable=True)
def ask_for_account(
    *, email: str, display_name: str, legal_name: str, time_zone: str, password: str, at: datetime
) -> User:
    """Make an account that waits. Until its address is confirmed it is nobody's, and gives way to the next who asks."""
    User.objects.unconfirmed().filter(email=email.lower()).delete()
    with name_or_address_taken():
        return User.objects.create_user(
            email,
            password,
            display_name=display_name,
            legal_name=legal_name,
            time_zone=time_zone,
            role=Role.PATIENT,
            standing=Standing.WAITING,
            created_at=at,
        )


def confirm_address(person: User, *, first: bool, at: datetime) -> None:
    """Write down that the address is theirs. From the first time on admins see the account, and are told."""
    with transaction.atomic():
        audit.record(person, "account.asked" if first else "address.changed", "person", person.public_id, at=at)
        if first and person.standing == Standing.WAITING:
            for admin in User.objects.filter(role=Role.ADMIN, standing=Standing.APPROVED).order_by("pk"):
                tell(admin, Kind.ACCOUNT_ASKED, at=at)


@transaction.atomic(durable=True)
def forget_unconfirmed(*, at: datetime) -> int:
    """Drop accounts whose address nobody confirmed in time."""
    _, counts = User.objects.unconfirmed().filter(created_at__lt=at - UNCONFIRMED_FOR).delete()
    return counts.get("portal.User", 0)


def address_is_confirmed(person: User) -> bool:
    """Whether the person showed that an address is theirs."""
    return EmailAddress.objects.filter(user=person, verified=True).exists()


@contextmanager
def name_or_address_taken() -> Iterator[None]:
    """Turn the database's word on uniqueness into ours."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "display_name" in str(error):
            raise NameTaken from None
        if "email" in str(error) or "address" in str(error):
            raise AddressTaken from None
        raise
