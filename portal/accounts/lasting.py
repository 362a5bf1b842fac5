"""How long a session lasts: by whose device it is on and what the person is here. Pure, but for the settings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

OWN, SHARED = "own", "shared"  # a person's own phone or computer; one that others use, too


@dataclass(frozen=True, slots=True)
class Limits:
    """Fixed when a session begins. `idle`: seconds it may lie unused; `ends_at`: over then, however much it is used."""

    idle: int
    ends_at: datetime

    @classmethod
    def of(cls, role: str, kind: str, *, at: datetime) -> "Limits":
        """What somebody of this role gets on a device of this kind."""
        known, shared = settings.SESSIONS, kind == SHARED
        idle, longest = known["IDLE"][role], known["LONGEST"]
        if shared:
            idle, longest = min(idle, known["IDLE_SHARED"]), min(longest, known["LONGEST_SHARED"])
        return cls(idle, at + timedelta(seconds=longest))

    def over_at(self, at: datetime) -> datetime:
        """When it ends if it is used at this moment and never again."""
        return min(at + timedelta(seconds=self.idle), self.ends_at)

    def as_words(self) -> list[Any]:
        """How a session's own store keeps them."""
        return [self.idle, self.ends_at.isoformat()]

    @classmethod
    def from_words(cls, kept: list[Any]) -> "Limits":
        return cls(int(kept[0]), datetime.fromisoformat(kept[1]))
