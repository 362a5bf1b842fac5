"""What the moderation tests start from: ben has said something that carla minds."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from chat import actions as chat
from chat.models import Message
from groups.membership.models import Group
from groups.moderation import actions
from groups.moderation.models import Report, Why
from portal.accounts.models import User
from tests.cast import NOW

Tell = Callable[..., Report]


@pytest.fixture
def say() -> Callable[..., UUID]:
    """Somebody says something in a group's room; gives the message's opaque id."""

    def send(who: User, where: Group, words: str = "You are all fools", *, at: datetime = NOW) -> UUID:
        chat.send(who, where.room.public_id, key=uuid4(), body=words, at=at)
        return Message.objects.filter(author=who).latest("pk").public_id

    return send


@pytest.fixture
def said(say: Callable[..., UUID], ben: User, harbor: Group) -> UUID:
    """Ben's message."""
    return say(ben, harbor)


@pytest.fixture
def tell() -> Tell:
    """Somebody reports a message."""

    def report(who: User, target: UUID, why: Why = Why.HURTFUL, words: str = "", *, at: datetime = NOW) -> Report:
        return actions.report(who, "message", target, why=why, words=words, at=at)

    return report
