"""What the pages about factors need, already fetched."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator

from portal.accounts.models import Role, User

PUBLIC_ID = "public_id"  # in the row's data: what its pages are called by


@dataclass(frozen=True)
class Factor:
    """One way to show that it is you."""

    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass
class Factors:
    """All of a person's."""

    app: Factor | None = None
    passkeys: list[Factor] = field(default_factory=list)
    codes_left: int | None = None  # None: never made

    @property
    def main(self) -> list[Factor]:
        """Those that count: recovery codes only stand in for one of these."""
        return [*self.passkeys, *([self.app] if self.app else [])]


def factors_of(person: User) -> Factors:
    """A person's factors, the oldest first."""
    found = Factors()
    for row in Authenticator.objects.filter(user=person).order_by("created_at", "pk"):
        if row.type == Authenticator.Type.RECOVERY_CODES:
            found.codes_left = len(row.wrap().get_unused_codes())
        elif row.type == Authenticator.Type.TOTP:
            found.app = Factor(UUID(row.data[PUBLIC_ID]), "Authenticator app", row.created_at, row.last_used_at)
        else:
            found.passkeys.append(Factor(UUID(row.data[PUBLIC_ID]), row.wrap().name, row.created_at, row.last_used_at))
    return found


def has_factor(person: User) -> bool:
    """Whether they have one that counts."""
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def invites_passkey(person: User) -> bool:
    """Whether to invite somebody who is in a group to add a passkey: once, and never who said no, or has one."""
    return person.role == Role.PATIENT and person.passkey_offer_closed_at is None and not has_factor(person)
