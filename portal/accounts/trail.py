"""The audit log as people read it: names instead of ids, fetched a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.paginator import Page, Paginator

from portal.accounts import words
from portal.accounts.models import User
from portal.audit import AuditEntry

ENTRIES_A_PAGE = 30

Names = dict[str, dict[str, str]]  # kind -> id -> name


@dataclass(frozen=True)
class AuditRow:
    """One deed, with names instead of ids."""

    entry: AuditEntry
    deed: str
    actor: User | None
    target: str
    group: str
    facts: str


def audit_page(*, person: User | None, verb: str, group_id: str, page: str | None) -> tuple[Page, list[AuditRow]]:
    """The log, newest first."""
    entries = _entries()
    if person is not None:
        entries = entries.about_person(person)
    if verb:
        entries = entries.filter(verb=verb)
    if group_id:
        entries = entries.filter(group_id=group_id)
    shown = Paginator(entries, ENTRIES_A_PAGE).get_page(page)
    return shown, _rows(list(shown.object_list))


def audit_choices() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What the log can be narrowed to: deeds that are in it, and groups."""
    verbs = AuditEntry.objects.order_by("verb").values_list("verb", flat=True).distinct()
    groups = _named("group").order_by("name").values_list("public_id", "name")
    return [(verb, in_words(verb)) for verb in verbs], [(str(public_id), name) for public_id, name in groups]


def recent_about(person: User, *, limit: int) -> list[AuditRow]:
    """The newest entries about one person; looks at this very page aside."""
    return _rows(list(_entries().about_person(person).exclude(verb="person.seen")[:limit]))


def in_words(verb: str) -> str:
    """membership.approved becomes Membership approved."""
    return words.DEEDS.get(verb) or verb.replace(".", " ").replace("_", " ").capitalize()


def _entries() -> Any:
    return AuditEntry.objects.newest_first().select_related("actor").defer("actor__password")


def _rows(entries: list[AuditEntry]) -> list[AuditRow]:
    names = _names(entries)
    return [_row(entry, names) for entry in entries]


def _row(entry: AuditEntry, names: Names) -> AuditRow:
    people, groups = names.get("person", {}), names.get("group", {})
    about = people.get(str(entry.facts.get("person", "")), "")
    target = names.get(entry.target_kind, {}).get(entry.target_id, "") or about
    facts = {key: value for key, value in entry.facts.items() if value and not _is_id(value)}
    return AuditRow(
        entry=entry,
        deed=in_words(entry.verb),
        actor=entry.actor,
        target=target or _kind(entry),
        group=groups.get(str(entry.group_id), ""),
        facts=", ".join(words.fact(key, value) for key, value in facts.items()),
    )


def _kind(entry: AuditEntry) -> str:
    """What has no name of its own: its kind, and of a page or an operation which one it is."""
    kind, named = in_words(entry.target_kind), entry.target_kind in ("page", "operation")
    return f"{kind}: {entry.target_id.replace(':', ', ').replace('_', ' ')}" if named else kind


def _names(entries: Iterable[AuditEntry]) -> Names:
    """One query a kind that occurs, however many entries there are."""
    wanted: dict[str, set[str]] = {}
    for entry in entries:
        for kind, opaque in (
            (entry.target_kind, entry.target_id),
            ("group", entry.group_id),
            ("person", entry.facts.get("person")),
        ):
            if kind in settings.AUDIT_NAMES and _is_id(opaque):
                wanted.setdefault(kind, set()).add(str(opaque))
    return {kind: _names_of(kind, ids) for kind, ids in wanted.items()}


def _is_id(text: object) -> bool:
    try:
        return bool(UUID(str(text)))
    except ValueError:
        return False


def _names_of(kind: str, ids: set[str]) -> dict[str, str]:
    _, field = settings.AUDIT_NAMES[kind]
    found = _named(kind).filter(public_id__in=ids).values_list("public_id", field)
    return {str(public_id): name for public_id, name in found}


def _named(kind: str) -> Any:
    model, _ = settings.AUDIT_NAMES[kind]
    return apps.get_model(model)._default_manager.all()
