"""Seal every kept secret with the newest key of FIELD_KEYS, so that the older keys can go."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from portal.notifications.models import Notice
from portal.sealing import reseal

SEALED = ("secret", "seed")  # in an authenticator's row


class Command(BaseCommand):
    """May run at any time, and again."""

    help = "Seal every kept secret with the newest key of FIELD_KEYS. Run it before you take an old key away."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        for row in Authenticator.objects.select_for_update().order_by("pk"):
            for name in SEALED:
                if name in row.data:
                    row.data[name] = reseal(row.data[name])
                    row.save(update_fields=["data"])
                    done += 1
        for notice in Notice.objects.select_for_update().exclude(secret="").order_by("pk"):
            notice.secret = reseal(notice.secret)
            notice.save(update_fields=["secret"])
            done += 1
        self.stdout.write(f"{done} secrets are sealed with the newest key.")
