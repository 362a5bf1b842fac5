"""Everything about me: what is in it, who gets it, and for how long."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from chat import actions as chat
from chat import pictures
from groups.membership.models import Group
from portal.accounts import copies
from portal.accounts.jobs import tidy_up
from portal.accounts.models import DataCopy, User
from portal.errors import NotFound, TooMany
from tests.cast import NOW
from tests.chat.test_pictures import folder, show  # noqa: F401 (a fixture)
from tests.portal.notifications.worker import run_jobs

Browser = Callable[[User], Client]


def fetched(person: User, copy: DataCopy) -> bytes:
    return b"".join(map(copies.read_piece, copies.fetch_copy(person, copy.public_id, at=NOW)))


def files(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_every_table_that_names_a_person_is_in_the_copy_or_left_out_for_a_reason() -> None:
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is User
    }
    parts = [import_module(path) for path in settings.OWN_DATA]
    kept = {one.names for part in parts for one in part.KEPT} - {"portal.User.pk"}
    left_out = {name: why for part in parts for name, why in part.LEFT_OUT.items()}
    assert kept | left_out.keys() == named, "say in own_data.py of its part what becomes of a new table"
    assert kept.isdisjoint(left_out)
    assert all(left_out.values())


def test_a_copy_has_my_own_words_and_nobody_elses(harbor, ben: User, carla: User) -> None:
    room = harbor.room.public_id
    mine = chat.send(ben, room, key=uuid4(), body="I slept <well>", at=NOW)
    chat.send(carla, room, key=uuid4(), body="Words of another", at=NOW, reply_to=mine.public_id)
    copy = copies.ask_for_copy(ben, at=NOW)
    copies.make_copy(copy.public_id, at=NOW)
    given = files(fetched(ben, copy))
    assert set(given) == {"my-data.html", "my-data.json"}
    assert "I slept &lt;well&gt;" in given["my-data.html"]
    parts = {part["title"]: part["rows"] for part in json.loads(given["my-data.json"])["parts"]}
    assert parts["You"][0]["E-mail"] == "ben@example.org"
    assert [row["Text"] for row in parts["Your messages"]] == ["I slept <well>"]
    assert parts["Your groups"][0]["Group"] == "Quiet Harbor"
    for content in given.values():
        for foreign in ("Words of another", "Carla", "carla@", ben.password):
            assert foreign not in content


def test_my_own_pictures_are_in_it_and_no_others(harbor, ben: User, carla: User) -> None:
    Group.objects.filter(pk=harbor.pk).update(pictures=True)
    mine, _ = show(ben, harbor.room), show(carla, harbor.room)
    copy = copies.ask_for_copy(ben, at=NOW)
    copies.make_copy(copy.public_id, at=NOW)
    with zipfile.ZipFile(io.BytesIO(fetched(ben, copy))) as archive:
        (name,) = set(archive.namelist()) - {"my-data.html", "my-data.json"}
        assert name == f"pictures/{mine.picture.name}.webp"
        assert archive.read(name) == pictures.path(mine.picture.name).read_bytes()
        assert mine.picture.name in archive.read("my-data.html").decode()


def test_it_is_made_by_a_job_and_told_in_words_that_tell_nothing(sam: User, signed_in: Browser) -> None:
    browser = signed_in(sam)
    assert "Ask for my data" in browser.get("/me/data/").content.decode()
    browser.post("/me/data/")
    assert "We are putting it together" in browser.get("/me/data/").content.decode()
    run_jobs()
    run_jobs()
    assert mail.outbox[-1].subject == "Something is ready for you"
    copy = DataCopy.objects.get()
    assert f"/me/data/{copy.public_id}/" in browser.get("/me/data/").content.decode()
    answer = browser.get(f"/me/data/{copy.public_id}/")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "no-store, private")
    assert "sam@example.org" in files(answer.getvalue())["my-data.json"]


def test_fetching_it_later_asks_who_one_is(sam: User, signed_in: Browser) -> None:
    browser = signed_in(sam)
    copy = copies.ask_for_copy(sam, at=timezone.now())
    copies.make_copy(copy.public_id, at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert browser.get(f"/me/data/{copy.public_id}/")["Location"].startswith("/me/confirmation/")
        assert browser.post("/me/data/")["Location"].startswith("/me/confirmation/")


def test_nobody_else_gets_it_and_after_seven_days_it_is_gone(sam: User, eve: User) -> None:
    copy = copies.ask_for_copy(sam, at=NOW)
    copies.make_copy(copy.public_id, at=NOW)
    with pytest.raises(NotFound):
        copies.fetch_copy(eve, copy.public_id, at=NOW)
    late = NOW + timedelta(days=7)
    with pytest.raises(NotFound):
        copies.fetch_copy(sam, copy.public_id, at=late)
    with time_machine.travel(late, tick=False):
        tidy_up(timestamp=0)
    assert not DataCopy.objects.exists()


def test_asking_twice_makes_one_and_asking_on_and_on_is_refused(sam: User) -> None:
    assert len({copies.ask_for_copy(sam, at=NOW).pk for _ in range(copies.AT_ONCE)}) == 1
    with pytest.raises(TooMany):
        copies.ask_for_copy(sam, at=NOW)
