"""What waits for somebody who works here, as home says it. Composition: may import any app."""

from dataclasses import dataclass

from django.urls import reverse

from groups.membership import queries as membership_queries
from groups.moderation import queries as moderation_queries
from portal.accounts import queries as account_queries
from portal.accounts.access import SiteCan, site_can
from portal.accounts.models import User


@dataclass(frozen=True)
class Task:
    """A kind of thing that waits, and where it is done."""

    words: str
    url: str
    icon: str


def waiting_for(user: User) -> list[Task]:
    """Reports first, then people. Nothing for patients, and nothing is said where nothing waits."""
    tasks = []
    if site_can(user, SiteCan.SEE_QUEUE):
        queue = reverse("moderation:queue")
        reports = moderation_queries.open_reports(user)
        requests = len(membership_queries.requests_for(user))
        tasks += [
            (reports, "1 report to look at", f"{reports} reports to look at", f"{queue}#reports", "flag"),
            (requests, "1 person asks to join", f"{requests} people ask to join", f"{queue}#requests", "user-plus"),
        ]
    if site_can(user, SiteCan.MANAGE_PEOPLE):
        people = account_queries.waiting_accounts()
        words = "1 person waits for an account", f"{people} people wait for an account"
        tasks += [(people, *words, reverse("accounts:people"), "contact")]
    return [Task(one if count == 1 else many, url, icon) for count, one, many, url, icon in tasks if count]
