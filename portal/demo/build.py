"""Puts the demo community into a database, once, in one transaction."""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from portal.accounts.models import User
from portal.demo.clock import Clock
from portal.demo.groups import make_groups
from portal.demo.ledger import make_audit
from portal.demo.moderation import make_moderation
from portal.demo.people import make_people, marker
from portal.demo.resources import make_posts
from portal.demo.rooms import make_rooms
from portal.demo.schedule import make_schedule
from portal.demo.waiting import make_invitations

ONE_AT_A_TIME = 5_140_611  # of two commands at once, the second waits and then finds everything there


class RealPeople(Exception):
    """The database has people who are not of the demo."""


@transaction.atomic
def build(*, now: datetime, password: str) -> bool:
    """Fill the database as if eight weeks had passed until `now`. Says whether there was anything to do.

    Rows are written in bulk, as the actions would have left them; nothing is announced, for nobody is listening yet.
    Raises RealPeople rather than putting accounts with a known password among them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    if User.objects.filter(public_id=marker()).exists():
        return False
    if User.objects.exists():
        raise RealPeople
    clock = Clock(now, settings.CLINIC_TIME_ZONE)
    people = make_people(clock, password=password)
    make_invitations(people)
    circles = make_groups(clock, people)
    make_schedule(clock, circles, people)
    make_posts(clock, circles, people)
    said = make_rooms(clock, circles, people)
    make_moderation(clock, circles, said, people)
    make_audit(people)
    return True
