"""The kit's component tags: one tag and one template in templates/ui/ a component. /kit/ shows them all."""

from datetime import date, datetime
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from django import template
from django.core.paginator import Page
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from portal import form_tags, picture_tags
from portal.drawing import draw
from portal.icons import icon_svg
from portal.moments import in_words

register = template.Library()
register.tags |= form_tags.register.tags | picture_tags.register.tags

AVATAR_TINTS = 8
MESSAGE_TONES = {"success": "good", "warning": "care", "error": "harm"}


class Person(Protocol):
    """Whoever has a name to show and an opaque id."""

    display_name: str
    public_id: UUID


# Headings and containers


@register.simple_tag
def page_header(
    title: str, lead: str = "", back_url: str = "", back_label: str = "Back", back_count: int | str = ""
) -> SafeString:
    """The page's one h1, with a way back above it (and how much is new there), and a sentence below it."""
    return draw("page_header", title=title, lead=lead, back_url=back_url, back_label=back_label, back_count=back_count)


@register.simple_block_tag
def page_actions(content: str) -> SafeString:
    """What can be done on this page, beside or below its header."""
    return draw("page_actions", content=content)


@register.simple_block_tag
def heading(content: str) -> SafeString:
    """For base.html: the heading block as an h1, or nothing when the page draws its own."""
    return draw("heading", content=SafeString(content.strip()))


@register.simple_block_tag
def aside(content: str) -> SafeString:
    """For base.html: the details column, or nothing when the page has none."""
    return draw("aside", content=SafeString(content.strip()))


@register.simple_block_tag
def card(
    content: str, title: str = "", level: int = 2, tone: str = "plain", icon: str = "", id: str = ""
) -> SafeString:
    """A sheet of paper with one subject."""
    return draw("card", content=content, title=title, level=level, tone=tone, icon=icon, id=id)


@register.simple_block_tag
def notice(content: str, tone: str = "calm", title: str = "", role: str = "") -> SafeString:
    """A few words that matter now."""
    return draw("notice", content=content, tone=tone, title=title, role=role)


@register.simple_block_tag
def empty(content: str, title: str, icon: str = "sprout") -> SafeString:
    """Nothing here yet: why, what will come, one thing to do."""
    return draw("empty", content=content, title=title, icon=icon)


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:
    """A native dialog, opened by anything with data-opens="id"."""
    return draw("dialog", content=content, id=id, title=title)


@register.simple_block_tag
def menu(content: str, label: str, icon: str = "ellipsis", align: str = "end") -> SafeString:
    """A button that unfolds a short list of actions; opens without a script, too."""
    return draw("menu", content=content, label=label, icon=icon, align=align)


# Lists and tables


@register.simple_block_tag
def rows(content: str, label: str = "") -> SafeString:
    """A list of rows."""
    return draw("rows", content=content, label=label)


@register.simple_block_tag
def row(content: str, title: str, url: str = "", meta: str = "", icon: str = "", unread: bool = False) -> SafeString:
    """One row: a title that opens it, quiet facts below, anything else at the end."""
    return draw("row", content=SafeString(content.strip()), title=title, url=url, meta=meta, icon=icon, unread=unread)


@register.simple_block_tag
def table(content: str, caption: str = "") -> SafeString:
    """A real table; wide ones scroll sideways inside their own frame."""
    return draw("table", content=content, caption=caption)


@register.simple_tag(takes_context=True)
def pager(context: Context, page: Page, parameter: str = "page", label: str = "Pages") -> SafeString:
    """Links to the pages before and after, keeping the rest of the address."""
    request = context.get("request")
    address = request.GET.copy() if request else None

    def link(number: int) -> str:
        if address is None:
            return f"?{parameter}={number}"
        address[parameter] = number
        return f"?{address.urlencode()}"

    before = link(page.previous_page_number()) if page.has_previous() else ""
    after = link(page.next_page_number()) if page.has_next() else ""
    return draw("pager", page=page, before=before, after=after, label=label)


@register.simple_tag(takes_context=True)
def tabs(
    context: Context, items: list | None = None, current: str = "", label: str = "Parts of this page"
) -> SafeString:
    """Links to the parts of one subject. Items are (key, label, url), given here or as `tabs` in the page."""
    return draw("tabs", items=items if items is not None else context.get("tabs", []), current=current, label=label)


# Small things


@register.simple_tag
def badge(label: object, tone: str = "plain", icon: str = "") -> SafeString:
    """A word about a state."""
    return draw("badge", label=label, tone=tone, icon=icon)


@register.simple_tag
def avatar(person: Person, size: str = "") -> SafeString:
    """Initials on a tint chosen by the opaque id, never by a name or an address."""
    opaque = UUID(str(person.public_id)).int
    words = str(person.display_name).split()
    initials = "".join(word[0] for word in words[:2]).upper() or "?"
    return _avatar(initials, opaque % AVATAR_TINTS, size)


@lru_cache(1000)  # a chat's page shows the same few some fifty times
def _avatar(initials: str, tint: int, size: str) -> SafeString:
    return draw("avatar", initials=initials, tint=tint, size=size)


@register.simple_tag
def when(at: datetime | date | None, style: str = "near") -> SafeString:
    """A moment in the reader's zone: "Today, 7pm". Other styles: mid (in a sentence), exact, date, time, full, ago."""
    if at is None:
        return SafeString("")
    if not isinstance(at, datetime):
        at, style = timezone.make_aware(datetime(at.year, at.month, at.day)), "date"
    now = timezone.now()
    words = in_words(at, style=style, now=now)
    later = in_words(at, style="exact", now=now) if style in ("near", "mid") else words
    return draw("when", at=at, words=words, later="" if later == words else later)


@register.simple_tag
def steps(labels: list[str], current: int = 1) -> SafeString:
    """Where I am in something with an order; the first step is 1."""
    return draw("steps", labels=labels, current=current)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decoration from lucide."""
    return icon_svg(name)


@register.filter
def tone_of(level: str) -> str:
    """The kit's tone for a Django message's level."""
    return MESSAGE_TONES.get(level, "calm")
