"""What becomes of a person's stays when they go for good. Stands in settings.CLOSING_FOLLOWERS."""

from datetime import datetime

from groups.membership import deeds
from groups.membership.models import Group, GroupRole, Membership, State, Status
from portal.accounts.models import Role, Standing, User
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind


def leave_all(person: User, *, keep_words: bool, at: datetime) -> None:
    """End every stay and request, each under its group's lock. Admins hear of a group that nobody runs any more."""
    groups = Membership.objects.open().filter(user=person).values("group_id")
    is_alone = False
    for group in Group.objects.select_for_update(no_key=True).filter(pk__in=groups).order_by("pk"):
        stay = group.memberships.open().get(user=person)
        deeds.step(stay, State.LEFT, by=person, verb="membership.left", at=at)
        ran = stay.role == GroupRole.FACILITATOR and group.status != Status.ARCHIVED
        is_alone = is_alone or (ran and not group.memberships.facilitating().exists())
    Membership.objects.filter(user=person).update(words="")
    if is_alone:
        for admin in User.objects.filter(role=Role.ADMIN, standing=Standing.APPROVED).exclude(pk=person.pk):
            tell(admin, Kind.MEMBERSHIP_CHANGED, at=at)
