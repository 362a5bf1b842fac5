"""Wanting to see nothing of somebody. In the rooms both are in it hides each from the other; nobody tells them.

Who facilitates a room they share can neither be blocked nor block: they answer for it and must see everybody.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from groups.followers import Happening, tell
from groups.moderation.access import neighbor_for
from groups.moderation.models import Block
from portal import audit, limits
from portal.accounts.models import User
from portal.errors import Refusal


class BlocksNobody(Refusal):
    code, message = "blocks_nobody", "This is you. You can take back what you wrote in the chat."


class FacilitatesHere(Refusal):
    code = "facilitates_here"
    message = (
        "This person facilitates a group you are in, so they can’t be blocked: they look after everybody there. "
        "If something they do troubles you, please tell another facilitator or the clinic."
    )


class YouFacilitate(Refusal):
    code = "you_facilitate"
    message = (
        "You facilitate a group this person is in, so you need to see what they write. You can mute them for a time."
    )


def block(user: User, person_id: UUID, *, at: datetime) -> Block:
    """See nothing of somebody any more. Doing it twice changes nothing."""
    limits.take(f"block.{user.public_id}", every=60, burst=20, at=at)
    with transaction.atomic(durable=True):
        person, shared = neighbor_for(user, person_id)
        require_blockable(user, person, shared)
        made, new = Block.objects.get_or_create(blocker=user, blocked=person, lifted_at=None, defaults={"at": at})
        if new:
            _note(user, "person.blocked", person, at=at)
        return made


@transaction.atomic(durable=True)
def unblock(user: User, person_id: UUID, *, at: datetime) -> int:
    """See somebody again. Harmless where there is no block."""
    row = Block.objects.in_force().select_for_update().filter(blocker=user, blocked__public_id=person_id)
    found = row.select_related("blocked").first()
    if found is None:
        return 0
    found.lifted_at = at
    found.save(update_fields=["lifted_at"])
    _note(user, "person.unblocked", found.blocked, at=at)
    return 1


def require_blockable(user: User, person: User, shared: list) -> None:
    """Raises why this person cannot be blocked."""
    if person == user:
        raise BlocksNobody
    for stay in shared:
        running = stay.group.memberships.facilitating()
        if running.filter(user=person).exists():
            raise FacilitatesHere
        if running.filter(user=user).exists():
            raise YouFacilitate


def _note(user: User, verb: str, person: User, *, at: datetime) -> None:
    """Write it down, and let every page of a room they share look again before its next byte."""
    audit.record(user, verb, "person", person.public_id, at=at)
    _, shared = neighbor_for(user, person.public_id, strict=False)
    for stay in shared:
        tell(Happening.SIGHT_CHANGED, group=stay.group, by=user, at=at, person=user)
