"""`bin/manage reset_factors ADDRESS`: for the only admin, who lost phone and codes, and has nobody else to ask."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.accounts.factors.actions import reset_by_server
from portal.errors import Refusal


class Command(BaseCommand):
    help = "Take away the second factors of somebody who lost them. Make sure that it is them first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the e-mail address they sign in with")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reset_by_server(options["email"], at=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write("They are signed out, and sign in without a second step next time.")
