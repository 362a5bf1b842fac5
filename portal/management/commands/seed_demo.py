"""`manage.py seed_demo`: the demo community. Running it again changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.demo.build import RealPeople, build
from portal.demo.signins import DEMO_PASSWORD


class Command(BaseCommand):
    help = "Fill an empty database with the demo community. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or settings.DEMO):
            raise CommandError("The demo community is for trying out only. Set DEMO=1 if this is not a real portal.")
        try:
            made = build(now=timezone.now(), password=DEMO_PASSWORD)
        except RealPeople:
            raise CommandError(
                "There are people here who are not of the demo, so nothing was added. "
                "Start with DEMO=0, or use an empty database."
            ) from None
        if made:
            self.stdout.write("The demo community is here. The sign-in page shows how to look around.")
        else:
            self.stdout.write("The demo community was here already. Nothing was changed.")
