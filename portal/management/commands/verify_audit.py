"""`bin/manage verify_audit`: whether the audit log is as it was written."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import audit_chain
from portal.audit_chain import Head

SHOWN = 20


def a_head(text: str) -> Head:
    position, _, digest = text.partition(":")
    if not position.isdigit() or len(digest) != 64:
        raise ArgumentTypeError("a known head is written as PLACE:DIGEST")
    return Head(int(position), digest)


class Command(BaseCommand):
    help = "Read the audit log from its beginning and find whatever was changed, taken away, moved or slipped in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--known", type=a_head, action="append", default=[], metavar="PLACE:DIGEST", help="a head you have noted"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = audit_chain.verify([*audit_chain.noted_heads(), *options["known"]])
        if verdict.flaws:
            for flaw in verdict.flaws[:SHOWN]:
                self.stderr.write(str(flaw))
            raise CommandError(f"The audit log is not as it was written: {len(verdict.flaws)} flaws.")
        stands = f" It stands at {verdict.head.position}:{verdict.head.digest}" if verdict.head else ""
        self.stdout.write(f"{verdict.entries} entries, each as it was written.{stands}")
