"""How a person wants the pages to look, and the chat to behave. The first choice of each setting is its default."""

from django.conf import settings
from django.db import models
from django.db.models import Q

Chosen = dict[str, str]  # setting -> choice, every setting named


class Theme(models.TextChoices):
    SYSTEM = "system", "Same as my device"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class Size(models.TextChoices):
    NORMAL = "normal", "Normal"
    LARGE = "large", "Large"
    LARGEST = "largest", "Largest"


class Spacing(models.TextChoices):
    NORMAL = "normal", "Normal"
    ROOMY = "roomy", "Roomy"


class Motion(models.TextChoices):
    SYSTEM = "system", "Same as my device"
    REDUCED = "reduced", "Nothing moves"


class Enter(models.TextChoices):
    DEVICE = "device", "Sends on a computer, begins a new line on a phone"
    SENDS = "sends", "Always sends"
    BREAKS = "breaks", "Always begins a new line"


class Announce(models.TextChoices):
    ON = "on", "Read them out"
    OFF = "off", "Stay silent"


class Undo(models.TextChoices):
    OFF = "off", "Goes out at once"
    ON = "on", "Waits 10 seconds, so that I can undo it"


class Typing(models.TextChoices):
    OFF = "off", "Nobody sees it"
    ON = "on", "Show others when I am writing"


class Presence(models.TextChoices):
    OFF = "off", "Nobody sees it"
    ON = "on", "Show others when I am here"


LOOKS: dict[str, type[models.TextChoices]] = {"theme": Theme, "size": Size, "spacing": Spacing, "motion": Motion}
MANNERS: dict[str, type[models.TextChoices]] = {  # of the chat
    "enter": Enter,
    "announce": Announce,
    "undo": Undo,
    "typing": Typing,
    "presence": Presence,
}
SETTINGS = LOOKS | MANNERS
DEFAULTS: Chosen = {name: choices.values[0] for name, choices in SETTINGS.items()}


class Preferences(models.Model):
    """One person's choices. Who never chose has no row."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    size = models.CharField(max_length=8, choices=Size, default=Size.NORMAL)
    spacing = models.CharField(max_length=8, choices=Spacing, default=Spacing.NORMAL)
    motion = models.CharField(max_length=8, choices=Motion, default=Motion.SYSTEM)
    enter = models.CharField(max_length=8, choices=Enter, default=Enter.DEVICE)
    announce = models.CharField(max_length=8, choices=Announce, default=Announce.ON)
    undo = models.CharField(max_length=8, choices=Undo, default=Undo.OFF, db_default=Undo.OFF)
    typing = models.CharField(max_length=8, choices=Typing, default=Typing.OFF, db_default=Typing.OFF)
    presence = models.CharField(max_length=8, choices=Presence, default=Presence.OFF, db_default=Presence.OFF)

    class Meta:
        app_label = "portal"
        constraints = [
            models.CheckConstraint(condition=Q(**{f"{name}__in": choices.values}), name=f"{name}_is_a_choice")
            for name, choices in SETTINGS.items()
        ]

    def __str__(self) -> str:
        return f"preferences of {self.person_id}"

    @property
    def chosen(self) -> Chosen:
        return {name: getattr(self, name) for name in SETTINGS}
