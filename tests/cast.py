"""The people of the tests. Each is somebody with a name, made by the same rows the actions leave behind."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from chat.models import Room, RoomKind
from groups.membership.models import (
    Agreement,
    AgreementReceipt,
    Group,
    GroupRole,
    JoinRule,
    Membership,
    MembershipChange,
    Site,
    State,
    Status,
)
from portal.accounts.lasting import Limits
from portal.accounts.models import DeviceKind, Role, Standing, User
from portal.accounts.sessions import KIND, LIMITS, SessionStore
from tests.rows import write

CLINIC = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 4, 17, 0, tzinfo=ZoneInfo("UTC"))  # a Wednesday at noon at the clinic
PASSWORD = "a long quiet password"
HOUSE = {"name": "Cleveland", "address": "12 Lake Road"}
_HASHED: list[str] = []


def person(name: str, *, role: Role = Role.PATIENT, standing: Standing = Standing.APPROVED, at: datetime = NOW) -> User:
    """Somebody with an account and a confirmed address. All share one password, hashed once."""
    user = User(
        email=f"{name.lower().replace(' ', '.')}@example.org",
        display_name=name,
        legal_name=f"Legal {name}",
        role=role,
        standing=standing,
        created_at=at - timedelta(days=100),
    )
    if not _HASHED:
        user.set_password(PASSWORD)
        _HASHED.append(user.password)
    user.password = _HASHED[0]
    if standing == Standing.INVITED:
        write(user)
    else:
        write(user, EmailAddress(user=user, email=user.email, verified=True, primary=True))
    return user


def site() -> Site:
    """The clinic's house in Cleveland."""
    return Site.objects.filter(name=HOUSE["name"]).first() or Site.objects.create(**HOUSE)


def group(
    name: str = "Quiet Harbor",
    *,
    capacity: int = 8,
    join_rule: JoinRule = JoinRule.ASK,
    status: Status = Status.OPEN,
    at: datetime = NOW,
) -> Group:
    """A group with an agreement, and its room."""
    house = Site.objects.filter(name=HOUSE["name"]).first()
    rows: list[Model] = [] if house else [house := Site(**HOUSE)]
    made = Group(
        name=name,
        purpose="For people who start with infusions.",
        focus="Infusions",
        site=house,
        capacity=capacity,
        join_rule=join_rule,
        status=status,
        created_at=at - timedelta(days=90),
    )
    agreement = Agreement(group=made, version=1, text="What is said here stays here.", published_at=at)
    write(*rows, made, agreement, Room(group=made, kind=RoomKind.GROUP, created_at=at))
    made.first_agreement = agreement  # whoever comes to stay accepts it
    return made


def stay(
    group: Group,
    user: User,
    *,
    state: State = State.ACTIVE,
    role: GroupRole = GroupRole.MEMBER,
    at: datetime = NOW,
) -> Membership:
    """Put a person into a group, as it stands after all the steps before."""
    ended = state in (State.LEFT, State.REMOVED, State.BANNED, State.DECLINED)
    row = Membership(
        group=group,
        user=user,
        role=role,
        state=state,
        asked_at=at - timedelta(days=31),
        joined_at=None
        if state in (State.ASKED, State.WAITLISTED, State.OFFERED, State.DECLINED)
        else at - timedelta(days=30),
        ended_at=at - timedelta(days=1) if ended else None,
    )
    step = MembershipChange(membership=row, state=state, role=role, by=user, at=at)
    agreement = getattr(group, "first_agreement", None) or group.agreements.get()
    receipt = AgreementReceipt(agreement=agreement, user=user, accepted_at=at - timedelta(days=31))
    write(row, step, receipt, once=AgreementReceipt)
    return row


def enter(user: User, *, minutes_ago: float = 0, factor: bool | None = None) -> Client:
    """A browser of this person, signed in by password; staff showed their second factor as well."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = begin_session(user, minutes_ago=minutes_ago, factor=factor)
    return client


def begin_session(user: User, *, minutes_ago: float = 0, factor: bool | None = None) -> str:
    """A session on this person's own device, as signing in leaves it; gives its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[KIND] = DeviceKind.OWN
    session.update(records(user, minutes_ago=minutes_ago, factor=factor))
    session[LIMITS] = Limits.of(user.role, DeviceKind.OWN, at=timezone.now()).as_words()
    session._session_key = key = get_random_string(32)  # nobody has it yet: create() would ask
    write(session.create_model_instance(session._get_session()), session._sign_in(key, user.pk, timezone.now()))
    return key


def records(user: User, *, minutes_ago: float = 0, factor: bool | None = None) -> dict[str, Any]:
    """What a session remembers of how its person came in."""
    at = time.time() - 60 * minutes_ago
    how: list[dict[str, Any]] = [{"method": "password", "at": at, "email": user.email}]
    if user.is_staff_member if factor is None else factor:
        how.append({"method": "mfa", "at": at, "type": "totp"})
    return {"account_authentication_methods": how, "account_authentication_methods_user": str(user.pk)}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in here is undone, the actions' own durable transactions included."""
    outer = transaction.atomic()
    outer._from_testcase = True
    with outer:
        yield
        transaction.set_rollback(True)


def nobody() -> UUID:
    """An id that belongs to nothing."""
    return uuid4()
