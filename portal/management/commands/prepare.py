"""`manage.py prepare`: what has to be done before the first page, in one process. `bin/run` asks for it."""

import gc
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.embedded import database_url
from portal.env import read
from portal.supervising.steps import needed
from portal.supervising.waiting import say


class Command(BaseCommand):
    help = "Bring the tables, the style files and the demo community up to date. What is done already is left out."

    def handle(self, *args: Any, **options: Any) -> None:
        gc.disable()  # migrating makes thousands of classes, in a process that soon ends
        env = read()
        for step in needed(env, env.database_url or database_url(env.data_dir)):
            say(step.saying)
            step.begin()
            call_command(step.command, **step.options)
            step.end()
