"""Inline icons, drawn once from the lucide package and kept."""

from functools import cache

from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide


@cache
def icon_svg(name: str, css: str = "icon") -> SafeString:
    """The icon as a decoration: its meaning is always written beside it."""
    svg = lucide(name, size=20, **{"class": css, "aria-hidden": "true", "stroke-width": "1.8"})
    return SafeString("".join(line.strip() for line in svg.splitlines()))
