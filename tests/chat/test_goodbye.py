"""Somebody closes their account: their sockets, their stays, and what becomes of their words."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from chat import actions as chat
from chat import changes, pictures
from chat import jobs as chat_jobs
from chat.models import Message, MessageState, Picture, Room
from groups.membership.models import Group, Membership, State
from groups.moderation import actions as moderation
from groups.moderation.models import Outcome
from portal.accounts import leaving
from portal.accounts.access import SiteCan, site_can
from portal.accounts.actions import GoneForGood, LastAdmin, let_return
from portal.accounts.models import Role, Standing, User
from portal.audit import AuditEntry
from tests import cast
from tests.cast import NOW, PASSWORD
from tests.chat.test_history import frames_for
from tests.chat.test_pictures import folder, show  # noqa: F401 (a fixture)
from tests.portal.notifications.worker import run_jobs

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def talked(harbor, ben, carla):
    """Ben spoke, Carla answered."""
    room = Room.objects.get(group=harbor)
    said = chat.send(ben, room.public_id, key=uuid4(), body="I slept well", at=NOW)
    chat.send(carla, room.public_id, key=uuid4(), body="So good to hear", at=NOW, reply_to=said.public_id)
    return room


def names(room):
    steps = changes.since(room.pk, 0, limit=100).steps
    return [(step.said.name, step.said.reply.name if step.said.reply else None) for step in steps if step.said]


def test_who_goes_leaves_their_words_under_no_name(talked, ben, harbor):
    leaving.close(ben, keep_words=True, at=LATER)
    gone = User.objects.get(pk=ben.pk)
    assert gone.display_name.startswith("Former member ")
    assert names(talked) == [(gone.display_name, None), ("Carla", gone.display_name)]
    assert changes.since(talked.pk, 0, limit=100).steps[0].said.body == "I slept well"
    assert (gone.standing, gone.legal_name, gone.has_usable_password()) == (Standing.DEACTIVATED, "", False)
    assert "ben" not in gone.email
    assert Membership.objects.get(group=harbor, user=ben).state == State.LEFT
    assert not site_can(gone, SiteCan.TAKE_PART)


def test_who_wants_it_takes_their_words_along_and_leaves_no_hole(talked, ben):
    leaving.close(ben, keep_words=False, at=LATER)
    run_jobs()
    run_jobs()
    said = changes.since(talked.pk, 0, limit=100).steps[0].said
    assert (said.state, said.body) == (MessageState.REMOVED, "")
    assert not Message.objects.exclude(body="").filter(author=ben).exists()
    quote = next(
        step.said.reply for step in changes.since(talked.pk, 0, limit=9).steps if step.said and step.said.reply
    )
    assert quote.excerpt == ""
    assert [step.kind for step in changes.since(talked.pk, 2, limit=9).steps] == ["member.left", "message.removed"]


def test_rooms_they_had_left_before_drop_the_old_name_from_open_pages_too(talked, harbor, ben, carla):
    Membership.objects.filter(group=harbor, user=ben).update(state=State.LEFT, ended_at=NOW)
    now = cast.group("Morning Light")
    cast.stay(now, ben)
    chat.send(ben, now.room.public_id, key=uuid4(), body="Here too", at=NOW)
    leaving.close(ben, keep_words=True, at=timezone.now())
    run_jobs()
    chat_jobs.tell_rooms_of_before(person=ben.pk)  # again: nobody hears of it twice
    for room in (talked, now.room):
        left = [step for step in changes.since(room.pk, 0, limit=100).steps if step.kind == "member.left"]
        assert [step.who.id for step in left] == [ben.public_id]
        assert frames_for(carla, room)[-1]["who"]["gone"] is True


@pytest.mark.parametrize("hidden", [False, True])
def test_what_is_reported_leaves_every_sight_and_is_erased_when_it_is_settled(
    talked, ben, carla, amina, harbor, signed_in, hidden, django_capture_on_commit_callbacks
):
    """Its words and its picture; what nobody reported goes at once."""
    Group.objects.filter(pk=harbor.pk).update(pictures=True)
    reported, other = show(ben, talked), show(ben, talked)
    files = {one.pk: pictures.path(Picture.objects.get(message=one).name) for one in (reported, other)}
    report = moderation.report(carla, "message", reported.public_id, why="hurtful", words="", at=NOW)
    if hidden:
        moderation.hide(amina, harbor.public_id, "message", reported.public_id, reason="Rules.", at=NOW)
    chat.pin(amina, talked.public_id, other.public_id, on=True, at=NOW)
    leaving.close(ben, keep_words=False, at=LATER)
    with django_capture_on_commit_callbacks(execute=True):
        run_jobs()
    assert list(Message.objects.filter(author=ben).order_by("seq").values_list("state", "body")) == [
        (MessageState.REMOVED, ""),
        (MessageState.REMOVED, "Look"),
        (MessageState.REMOVED, ""),
    ]
    chat_jobs.sweep_pictures(0)
    assert [file.exists() for file in files.values()] == [True, False]

    case = signed_in(amina).get(f"/reports/{report.public_id}/").content.decode()
    address = reverse("chat:picture", args=[talked.public_id, reported.public_id])
    assert "Look</blockquote>" in case
    assert address in case
    assert [signed_in(who).get(address).status_code for who in (amina, carla)] == [200, 404]
    moderation.show(amina, harbor.public_id, "message", reported.public_id, reason="Mistake.", at=LATER)
    with django_capture_on_commit_callbacks(execute=True):
        moderation.decide(amina, report.public_id, outcome=Outcome.TALKED, note="", at=LATER)
    reported.refresh_from_db()
    assert (reported.state, reported.body, files[reported.pk].exists()) == (MessageState.REMOVED, "", False)
    assert signed_in(amina).get(address).status_code == 404
    assert "took these words out" in signed_in(amina).get(f"/reports/{report.public_id}/").content.decode()


def test_who_leaves_their_words_leaves_them_after_a_report_too(talked, ben, carla, amina):
    said = Message.objects.get(author=ben)
    report = moderation.report(carla, "message", said.public_id, why="hurtful", words="", at=NOW)
    leaving.close(ben, keep_words=True, at=LATER)
    moderation.decide(amina, report.public_id, outcome=Outcome.NO_ACTION, note="", at=LATER)
    said.refresh_from_db()
    assert (said.state, said.body) == (MessageState.SHOWN, "I slept well")


def test_the_log_stays_and_the_account_does_not_open_again(talked, ben, eve):
    leaving.close(ben, keep_words=True, at=LATER)
    assert AuditEntry.objects.get(verb="account.left").facts == {"keep_words": True}
    with pytest.raises(GoneForGood):
        let_return(eve, ben.public_id, at=LATER)


@pytest.mark.parametrize("go", [leaving.pause, lambda person, at: leaving.close(person, keep_words=True, at=at)])
def test_the_last_admin_stays(eve, go):
    with pytest.raises(LastAdmin):
        go(eve, at=NOW)
    cast.person("Ada", role=Role.ADMIN)
    go(eve, at=NOW)


def test_a_pause_ends_when_its_person_says_so_and_one_by_the_clinic_does_not(ben, eve):
    leaving.pause(ben, at=NOW)
    ben.refresh_from_db()
    assert (ben.standing, site_can(ben, SiteCan.TAKE_PART)) == (Standing.PAUSED, False)
    leaving.come_back(ben, at=LATER)
    User.objects.filter(pk=ben.pk).update(standing=Standing.PAUSED, standing_by=eve)
    with pytest.raises(leaving.NotPausedByYou):
        leaving.come_back(ben, at=LATER)


def test_the_pages_do_it(talked, ben, signed_in, client):
    browser, elsewhere = signed_in(ben), signed_in(ben)
    assert browser.post("/me/pause/")["Location"] == "/account/login/?paused"
    browser = signed_in(User.objects.get(pk=ben.pk))
    assert "Come back" in browser.get("/waiting/").content.decode()
    assert browser.post("/me/comeback/")["Location"] == "/"
    assert b"Choose one of these." in browser.post("/me/closing/", {}).content
    assert browser.post("/me/closing/", {"words": "keep"})["Location"] == "/account/login/?closed"
    assert elsewhere.get("/me/").status_code == 302
    client.post("/account/login/", {"login": "ben@example.org", "password": PASSWORD})
    assert client.get("/me/").status_code == 302


def test_a_group_that_nobody_runs_any_more_is_told_to_admins(harbor, amina, eve):
    from portal.notifications.models import Notice

    leaving.close(amina, keep_words=True, at=timezone.now())
    assert Notice.objects.filter(person=eve, kind="membership.changed").exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_log_stays_as_it_was_written(talked, ben, carla, amina):
    said = Message.objects.get(author=ben)
    report = moderation.report(carla, "message", said.public_id, why="hurtful", words="", at=NOW)
    leaving.close(ben, keep_words=False, at=LATER)
    run_jobs()
    moderation.decide(amina, report.public_id, outcome=Outcome.NO_ACTION, note="", at=LATER)
    assert not Message.objects.filter(author=ben).exclude(body="").exists()
    verdict = StringIO()
    call_command("verify_audit", stdout=verdict)
    assert f"{AuditEntry.objects.count()} entries, each as it was written." in verdict.getvalue()
