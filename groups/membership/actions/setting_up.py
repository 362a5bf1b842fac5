"""Making groups and changing what they are: work of admins."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from groups.access import Can, group_for, groups_for
from groups.followers import Happening, tell
from groups.membership.details import GroupDetails
from groups.membership.models import Agreement, Group, Site
from portal import audit
from portal.accounts.access import SiteCan
from portal.accounts.models import User
from portal.errors import Refusal

TALK = ("history", "history_days", "keep_months", "pictures")
PLAIN = ("name", "purpose", "focus", "capacity", "join_rule", "cohort", "status", "part_two", *TALK)
RIGHTS = {"status", *TALK}  # what of these changes what people may see or do


class TooFewPlaces(Refusal):
    code, message = "too_few_places", "More people than that hold a place now. Choose a bigger number."


class NoPlace(Refusal):
    code, message = "no_place", "Please choose where the group meets, or name a new place."


@transaction.atomic(durable=True)
def create_group(admin: User, *, details: GroupDetails, at: datetime) -> Group:
    """Make a group with the first version of its agreement. Its room is made by the followers."""
    groups_for(admin, need=SiteCan.MANAGE_GROUPS)
    group = Group(site=_site(details), created_at=at, **{name: getattr(details, name) for name in PLAIN})
    group.save()
    Agreement.objects.create(group=group, version=1, text=details.agreement, published_at=at)
    audit.record(admin, "group.created", "group", group.public_id, at=at, group_id=group.public_id)
    tell(Happening.GROUP_CREATED, group=group, by=admin, at=at)
    return group


@transaction.atomic(durable=True)
def edit_group(admin: User, group_id: UUID, *, details: GroupDetails, at: datetime) -> Group:
    """Change what a group is. A new text of the agreement is a new version, for everybody to accept again."""
    group = group_for(admin, group_id, need=Can.SET_UP, at=at, lock=True).group
    changed = [name for name in PLAIN if getattr(group, name) != getattr(details, name)]
    if "capacity" in changed and details.capacity < group.memberships.holding_places().count():
        raise TooFewPlaces
    for name in changed:
        setattr(group, name, getattr(details, name))
    site = _site(details)
    if site.pk != group.site_id:
        group.site = site
        changed.append("site")
    if changed:
        group.save(update_fields=changed)
    if _publish(group, details.agreement, at=at):
        changed.append("agreement")

    if changed:
        audit.record(admin, "group.changed", "group", group.public_id, at=at, group_id=group.public_id, changed=changed)
    if RIGHTS & set(changed):
        tell(Happening.RIGHTS_CHANGED, group=group, by=admin, at=at)
    return group


def _publish(group: Group, text: str, *, at: datetime) -> bool:
    """Keep a new version when the text is another one."""
    current = group.current_agreement()
    if current is not None and current.text == text:
        return False
    version = current.version + 1 if current is not None else 1
    Agreement.objects.create(group=group, version=version, text=text, published_at=at)
    return True


def _site(details: GroupDetails) -> Site:
    """The chosen place, or the named one."""
    if details.site_id is not None:
        site = Site.objects.filter(pk=details.site_id).first()
    elif details.place:
        site, _ = Site.objects.get_or_create(
            name=details.place, defaults={"address": details.address, "online": details.online}
        )
    else:
        site = None
    if site is None:
        raise NoPlace
    return site
