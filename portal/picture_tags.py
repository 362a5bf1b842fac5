"""The kit's tags for what people would rather look at than read. They come with the others, by {% load ui %}."""

from django import template
from django.utils.safestring import SafeString

from portal.charts import bars
from portal.drawing import draw

register = template.Library()


@register.simple_tag
def week(days: list[dict], label: str = "This week") -> SafeString:
    """Seven days as a strip. Each has `on` (a date) and may have url, words (what is on) and today."""
    return draw("week", days=days, label=label)


@register.simple_tag
def month(month: object) -> SafeString:
    """A month as a real table. It has a label and weeks of days; a day is as in the week's strip, or nothing."""
    return draw("month", month=month)


@register.simple_tag
def chart(points: list[tuple[str, int]], label: str, unit: str = "") -> SafeString:
    """Small bars, with the same numbers in a table."""
    return draw("chart", label=label, unit=unit, **bars(points))
