"""Server time, queries and bytes of each main page, with the demo community. `bin/bench pages [--json] [--times N]`."""

import argparse
import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import django

TIMES = 60  # requests a page, after a few to warm up


@dataclass(frozen=True)
class Measured:
    """One page as one person sees it. Times in milliseconds of this process; bytes of the document alone."""

    page: str
    person: str
    median_ms: float
    p95_ms: float
    queries: int
    bytes: int
    gzipped: int


def main(words: Sequence[str]) -> int:
    """Measure, print a table or JSON. Returns the exit code."""
    options = argparse.ArgumentParser(prog="bin/bench pages")
    options.add_argument("--json", action="store_true")
    options.add_argument("--times", type=int, default=TIMES)
    chosen = options.parse_args(words)
    os.environ["DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from django.core.management import call_command  # needs the set-up above

    call_command("migrate", verbosity=0)
    call_command("seed_demo", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    results = [measure(page, person, url, chosen.times) for page, person, url in pages()]
    if chosen.json:
        json.dump([asdict(result) for result in results], sys.stdout, indent=1)
    else:
        show(results)
    return 0


def pages() -> Iterator[tuple[str, str, str]]:
    """(page, who looks, address). The group is the demo patient's fullest; the facilitator's is their own."""
    from django.urls import reverse

    from groups.models import Group, Membership, Post, Session
    from portal.demo.signins import SIGN_INS

    patient, facilitator, admin = (sign_in.email for sign_in in SIGN_INS)

    def groups_of(email: str) -> list[Group]:
        stays = Membership.objects.active().filter(user__email=email).values("group")
        return list(Group.objects.filter(pk__in=stays).with_places().order_by("-taken", "pk"))

    group = groups_of(patient)[0]
    session = Session.objects.filter(group=group).order_by("-starts_at").first()
    post = Post.objects.filter(group=None).order_by("pk").first()
    assert session is not None
    assert post is not None
    yield "front", "", reverse("home")
    yield "sign in", "", reverse("account_login")
    yield "help", "", reverse("help")
    for name in ("home", "membership:groups", "schedule:mine", "resources:library", "accounts:me"):
        yield name, patient, reverse(name)
    for name in ("membership:group", "chat:room", "schedule:sessions", "resources:posts", "membership:people"):
        yield name, patient, reverse(name, args=[group.public_id])
    yield "schedule:session", patient, reverse("schedule:session", args=[session.public_id])
    yield "resources:post", patient, reverse("resources:post", args=[post.public_id])
    yield "moderation:queue", facilitator, reverse("moderation:queue")
    yield "chat:room", facilitator, reverse("chat:room", args=[groups_of(facilitator)[0].public_id])
    yield "accounts:people", admin, reverse("accounts:people")
    yield "accounts:audit", admin, reverse("accounts:audit")


def measure(page: str, person: str, url: str, times: int) -> Measured:
    """Ask for one page many times. Raises AssertionError when it does not answer 200."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from portal.accounts.models import User

    client = Client(HTTP_HOST="127.0.0.1")
    if person:
        client.force_login(
            User.objects.get(email=person), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    for _ in range(3):
        answer = client.get(url)
        if answer.status_code != 200:
            raise AssertionError(f"{page} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        client.get(url)
        spent.append((time.perf_counter() - began) * 1000)
    return Measured(
        page=page,
        person=person.split("@")[0] or "visitor",
        median_ms=round(statistics.median(spent), 1),
        p95_ms=round(statistics.quantiles(spent, n=20)[-1], 1),
        queries=len(queries),
        bytes=len(answer.content),
        gzipped=len(gzip.compress(answer.content)),
    )


def show(results: Sequence[Measured]) -> None:
    """A table for people."""
    line = "{:<22} {:<14} {:>9} {:>8} {:>8} {:>8} {:>8}\n"
    sys.stdout.write(line.format("page", "person", "median ms", "p95 ms", "queries", "bytes", "gzip"))
    for row in results:
        sys.stdout.write(line.format(*asdict(row).values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
