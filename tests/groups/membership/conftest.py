"""What the tests of this slice look at: the newest audit entry, the steps of a stay, who was told."""

from collections.abc import Callable

import pytest

from groups.membership.models import Group, GroupRole, Membership, State
from portal.accounts.models import User
from portal.audit import AuditEntry
from portal.notifications.models import Notice
from tests import cast


@pytest.fixture
def newest_entry(db: None) -> Callable[[], AuditEntry]:
    return lambda: AuditEntry.objects.newest_first()[0]


@pytest.fixture
def told(db: None) -> Callable[[User], list[str]]:
    """The kinds of notices a person got, in order."""
    return lambda person: list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def eli(harbor: Group) -> User:
    """Facilitates the group beside Amina."""
    user = cast.person("Eli", role=cast.Role.FACILITATOR)
    cast.stay(harbor, user, role=GroupRole.FACILITATOR)
    return user


@pytest.fixture
def fill() -> Callable[[Group], list[Membership]]:
    """Give every free place of a group to somebody."""

    def all_places(group: Group) -> list[Membership]:
        names = [f"Guest {group.pk} {number}" for number in range(group.places_left())]
        return [cast.stay(group, cast.person(name)) for name in names]

    return all_places


@pytest.fixture
def stay_of() -> Callable[[Group, User], Membership]:
    """The newest stay of a person."""
    return lambda group, user: group.memberships.filter(user=user).order_by("-pk")[0]


@pytest.fixture
def asked(asking: User, harbor: Group) -> Membership:
    """Asha's request."""
    return harbor.memberships.get(user=asking, state=State.ASKED)
