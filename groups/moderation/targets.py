"""What can be reported. The kinds stand in `settings.MODERATION_TARGETS` (kind -> dotted path), so that moderation
can hide a chat message without knowing of chat."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from portal.errors import NotFound

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True)
class Target:
    """A reportable thing as it is now. Who is no facilitator is shown `text` only while members can see the thing."""

    kind: str
    public_id: UUID
    group_id: UUID  # the group's public id
    author: "User"
    text: str
    url: str
    at: datetime
    hidden: bool  # kept from members: hidden by a facilitator, or held back until one has looked
    gone: bool = False  # taken back by its author
    picture: str = ""  # the address of its picture, for who may decide about it
    backstage: bool = False  # said among those who facilitate: for others it does not exist

    @property
    def in_sight(self) -> bool:
        """Whether every member can read it now."""
        return not self.hidden and not self.gone


class TargetKind(Protocol):
    """What a reportable kind offers. No rights are checked here: moderation opens the group's door first."""

    def find(self, public_id: UUID) -> Target:
        """Raises NotFound."""

    def hide(self, public_id: UUID, *, by: "User", at: datetime) -> None:
        """Take it from everybody's sight, in the caller's transaction. Harmless when it is out of sight already."""

    def show(self, public_id: UUID, *, by: "User", at: datetime) -> None:
        """Give it back. Harmless when it is in sight already."""

    def settled(self, public_id: UUID) -> None:
        """No report about it is open any more, in the caller's transaction."""


def kind_named(kind: str) -> TargetKind:
    """The kind's own module or object. Raises NotFound for an unknown kind."""
    try:
        return import_string(settings.MODERATION_TARGETS[kind])
    except KeyError:
        raise NotFound from None
