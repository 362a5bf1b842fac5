"""`bin/manage first_admin ADDRESS`: the account of the first admin of a new portal."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from portal.accounts.founding import make_first_admin
from portal.accounts.models import User
from portal.errors import Refusal


class Command(BaseCommand):
    help = "Make the account of the first admin. Asks for a password, or reads it from standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the e-mail address to sign in with")
        parser.add_argument("--name", default="Clinic", help="the name others see")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            password = self._password()
            validate_password(password, User(email=options["email"], display_name=options["name"]))
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        try:
            make_first_admin(email=options["email"], display_name=options["name"], password=password, at=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write("The first admin is here and can sign in.")

    def _password(self) -> str:
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        password = getpass("A new password: ")
        if getpass("Once more: ") != password:
            raise CommandError("These were two different passwords. Nothing has been changed.")
        return password
