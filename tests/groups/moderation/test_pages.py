"""The pages of moderation, as people press their buttons."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from chat.models import Message, MessageState
from groups.moderation import actions
from groups.moderation.models import Outcome, Report, Sanction, Why
from tests import cast
from tests.cast import NOW

BACK = "/groups/"


def text(response):
    """What a person reads in the page's own part, white space made even."""
    body = response.content.decode().partition('<main id="main"')[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def report_url(message, kind="message"):
    return reverse("moderation:report", args=[kind, message])


def people_url(name, group, person):
    return reverse(f"moderation:{name}", args=[group.public_id, group.memberships.get(user=person).public_id])


# Reporting


def test_the_report_page_quotes_the_message_and_shows_help(carla, said, signed_in):
    page = text(signed_in(carla).get(report_url(said)))

    assert "Ben wrote" in page
    assert "You are all fools" in page
    assert all(why.label in page for why in Why)
    assert "Call or text 988" in page


def test_reporting_thanks_and_leads_back(amina, carla, said, signed_in):
    answer = signed_in(carla).post(report_url(said), {"why": "hurtful", "words": "", "next": BACK}, follow=True)

    assert answer.redirect_chain == [(BACK, 302)]
    assert "Thank you. A facilitator will look." in text(answer)
    assert Report.objects.get().reporter == carla


def test_reporting_danger_names_the_numbers_again(amina, carla, said, signed_in):
    answer = signed_in(carla).post(report_url(said), {"why": "danger", "next": BACK}, follow=True)

    assert "call 911. You can also call or text 988." in text(answer)


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", ""]
)
def test_the_way_back_stays_on_this_site(path, amina, carla, harbor, said, signed_in):
    answer = signed_in(carla).post(report_url(said), {"why": "other", "next": path})

    assert answer.url.startswith(reverse("chat:room", args=[harbor.public_id]))


def test_a_report_without_a_reason_asks_for_one(carla, said, signed_in):
    answer = signed_in(carla).post(report_url(said), {"words": "Hm"})

    assert answer.status_code == 422
    assert "Choose one of these." in text(answer)
    assert Report.objects.count() == 0


def test_fields_that_are_not_asked_for_change_nothing(amina, carla, ben, said, signed_in):
    posted = {"why": "other", "reporter": ben.pk, "outcome": "removed", "closed_at": "2026-03-04"}
    signed_in(carla).post(report_url(said), posted)

    report = Report.objects.get()
    assert (report.reporter, report.outcome, report.closed_at) == (carla, "", None)


def test_own_words_get_no_form(ben, said, signed_in):
    page = text(signed_in(ben).get(report_url(said)))

    assert "You wrote this yourself" in page
    assert "What is the matter?" not in page


def test_a_hidden_message_is_reported_without_its_words(carla, said, signed_in):
    Message.objects.filter(public_id=said).update(state=MessageState.HIDDEN)
    page = text(signed_in(carla).get(report_url(said)))

    assert "You are all fools" not in page
    assert "Ben" not in page
    assert "You can still tell a facilitator about it." in page


def test_who_told_already_is_told_so(amina, carla, said, tell, signed_in):
    tell(carla, said)

    assert "You told us about this already" in text(signed_in(carla).get(report_url(said)))


def test_strangers_get_the_same_page_for_a_message_and_for_nothing(sam, dora, said, signed_in):
    for who in (sam, dora):
        answers = [signed_in(who).get(report_url(target)) for target in (said, cast.nobody())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert text(answers[0]) == text(answers[1])
    assert signed_in(sam).get(report_url(said, kind="kitchen")).status_code == 404


# The queue and a case


def test_an_empty_queue_says_so(amina, signed_in):
    assert "Nothing waits for you" in text(signed_in(amina).get(reverse("moderation:queue")))


def test_the_queue_lists_reports_requests_and_mutes(harbor, amina, ben, carla, asking, said, tell, signed_in):
    tell(carla, said, Why.DANGER)
    stay = harbor.memberships.get(user=carla)
    actions.mute(amina, harbor.public_id, stay.public_id, minutes=60, reason="Rest", at=timezone.now())
    page = text(signed_in(amina).get(reverse("moderation:queue")))

    assert "Someone may be in danger" in page
    assert "Asha" in page
    assert "End the mute" in page
    assert "You are all fools" not in page


def test_the_queue_of_another_facilitator_has_none_of_it(harbor, dora, carla, asking, said, tell, signed_in):
    tell(carla, said)
    page = text(signed_in(dora).get(reverse("moderation:queue")))

    assert "Nothing waits for you" in page
    assert "Quiet Harbor" not in page


def test_an_admin_sees_requests_and_counts_but_no_words(harbor, eve, carla, asking, said, tell, signed_in):
    tell(carla, said, words="It hurt me")
    page = text(signed_in(eve).get(reverse("moderation:queue")))

    assert "Asha" in page
    assert "1 waiting" in page
    assert not any(words in page for words in ("You are all fools", "It hurt me", "Ben", "Carla"))


def test_patients_have_no_queue(ben, sam, signed_in):
    for who in (ben, sam):
        assert signed_in(who).get(reverse("moderation:queue")).status_code == 404


def test_a_request_is_approved_from_the_queue(harbor, amina, asking, signed_in):
    browser, queue = signed_in(amina), reverse("moderation:queue")
    page = browser.get(queue).content.decode()
    action = re.search(r'action="([^"]+/approval/)"', page)[1]
    answer = browser.post(action, {"queue": "1"}, follow=True)

    assert answer.redirect_chain == [(queue, 302)]
    assert harbor.memberships.get(user=asking).state == "active"


def test_a_case_shows_the_message_and_who_told(amina, carla, said, tell, signed_in):
    report = tell(carla, said, words="It hurt me")
    page = text(signed_in(amina).get(reverse("moderation:case", args=[report.public_id])))

    assert all(words in page for words in ("You are all fools", "Members can read it", "Carla", "It hurt me"))


def test_a_case_follows_what_became_of_the_message(harbor, amina, carla, said, tell, signed_in):
    case = reverse("moderation:case", args=[tell(carla, said).public_id])
    actions.hide(amina, harbor.public_id, "message", said, reason="At once.", at=NOW)
    assert "Hidden from members" in text(signed_in(amina).get(case))

    Message.objects.filter(public_id=said).update(state=MessageState.REMOVED)
    page = text(signed_in(amina).get(case))
    assert "Taken back by its author" in page
    assert "Hide what was written" not in page


def test_a_case_is_for_the_facilitators_of_the_group(carla, ben, dora, eve, sam, amina, said, tell, signed_in):
    case = reverse("moderation:case", args=[tell(carla, said).public_id])

    said_to = {who.display_name: signed_in(who).get(case).status_code for who in (amina, carla, ben, dora, eve, sam)}

    assert said_to == {"Amina": 200, "Carla": 403, "Ben": 403, "Dora": 404, "Eve": 403, "Sam": 404}


@pytest.mark.parametrize(
    ("chosen", "outcome", "minutes"),
    [
        ("no_action", Outcome.NO_ACTION, None),
        ("talked", Outcome.TALKED, None),
        ("hidden", Outcome.HIDDEN, None),
        ("muted_60", Outcome.MUTED, 60),
        ("muted_1440", Outcome.MUTED, 1440),
        ("muted_10080", Outcome.MUTED, 10080),
        ("removed", Outcome.REMOVED, None),
    ],
)
def test_every_choice_of_the_case_page_is_carried_out(chosen, outcome, minutes, amina, carla, said, tell, signed_in):
    report = tell(carla, said)
    browser = signed_in(amina)
    url = reverse("moderation:decide", args=[report.public_id])
    answer = browser.post(url, {"outcome": chosen, "note": "It hurts people."}, follow=True)

    report.refresh_from_db()
    assert answer.redirect_chain == [(reverse("moderation:queue"), 302)]
    assert report.outcome == outcome
    mute = Sanction.objects.first()
    assert (mute and mute.ends_at - mute.starts_at) == (timedelta(minutes=minutes) if minutes else None)
    decided = text(browser.get(reverse("moderation:case", args=[report.public_id])))
    assert outcome.label in decided
    assert "It hurts people." in decided


@pytest.mark.parametrize("posted", [{}, {"outcome": "banished"}, {"outcome": "removed", "note": " "}, {"outcome": "_"}])
def test_a_decision_that_is_not_complete_shows_the_page_again(posted, amina, carla, said, tell, signed_in):
    report = tell(carla, said)
    answer = signed_in(amina).post(reverse("moderation:decide", args=[report.public_id]), posted)

    assert answer.status_code == 422
    assert "Please look at this again" in text(answer)
    report.refresh_from_db()
    assert report.closed_at is None


def test_hiding_beside_a_mute_asks_for_words(amina, carla, said, tell, signed_in):
    report = tell(carla, said)
    answer = signed_in(amina).post(
        reverse("moderation:decide", args=[report.public_id]), {"outcome": "no_action", "also_hide": "on"}
    )
    assert answer.status_code == 422
    assert "Say why in a few words." in text(answer)


def test_a_report_that_is_decided_already_answers_in_words(harbor, amina, carla, said, tell, signed_in):
    report = tell(carla, said)
    actions.decide(amina, report.public_id, outcome=Outcome.TALKED, note="", at=NOW)
    answer = signed_in(amina).post(reverse("moderation:decide", args=[report.public_id]), {"outcome": "no_action"})

    assert answer.status_code == 409
    assert "Another facilitator has already decided this." in text(answer)


def test_about_a_facilitator_there_is_nothing_to_mute_or_remove(harbor, amina, carla, say, tell, signed_in):
    frank = cast.person("Frank", role="facilitator")
    cast.stay(harbor, frank, role="facilitator")
    report = tell(carla, say(frank, harbor))
    page = text(signed_in(amina).get(reverse("moderation:case", args=[report.public_id])))

    assert "Hide what was written" in page
    assert "Mute the person" not in page
    assert "Remove the person" not in page


# Muting


def test_muting_from_its_page_leads_back_and_says_until_when(harbor, amina, ben, signed_in):
    posted = {"minutes": "1440", "reason": "Too heated.", "next": BACK}
    answer = signed_in(amina).post(people_url("mute", harbor, ben), posted, follow=True)

    assert answer.redirect_chain == [(BACK, 302)]
    assert "Ben is muted until" in text(answer)
    assert Sanction.objects.get().reason == "Too heated."


def test_the_mute_page_shows_the_mute_there_is_and_ends_it(harbor, amina, ben, signed_in):
    browser, url = signed_in(amina), people_url("mute", harbor, ben)
    browser.post(url, {"minutes": "60", "reason": "Too heated."})
    page = text(browser.get(url))
    assert "Muted now" in page
    assert "Too heated." in page

    answer = browser.post(people_url("unmute", harbor, ben), {"next": BACK}, follow=True)
    assert answer.redirect_chain == [(BACK, 302)]
    assert "Ben can write again." in text(answer)
    assert Sanction.objects.get().lifted_by == amina


@pytest.mark.parametrize(
    "posted", [{}, {"minutes": "5", "reason": "x"}, {"minutes": "60"}, {"minutes": "60", "reason": "x" * 501}]
)
def test_a_mute_that_is_not_complete_shows_the_form_again(posted, harbor, amina, ben, signed_in):
    assert signed_in(amina).post(people_url("mute", harbor, ben), posted).status_code == 422
    assert Sanction.objects.count() == 0


def test_a_facilitator_has_no_mute_form(harbor, amina, signed_in):
    frank = cast.person("Frank", role="facilitator")
    cast.stay(harbor, frank, role="facilitator")

    assert "This person cannot be muted" in text(signed_in(amina).get(people_url("mute", harbor, frank)))


def test_the_mute_page_is_for_the_facilitators_of_the_group(harbor, amina, ben, carla, dora, eve, sam, signed_in):
    url = people_url("mute", harbor, ben)

    said_to = {who.display_name: signed_in(who).get(url).status_code for who in (amina, carla, ben, dora, eve, sam)}

    assert said_to == {"Amina": 200, "Carla": 403, "Ben": 403, "Dora": 404, "Eve": 403, "Sam": 404}


# Hiding


def test_hiding_and_showing_from_their_pages(harbor, amina, said, signed_in):
    browser = signed_in(amina)
    for name, state, done in (
        ("hide", MessageState.HIDDEN, "Members do not see it now."),
        ("show", MessageState.SHOWN, "Members can read it."),
    ):
        url = reverse(f"moderation:{name}", args=[harbor.public_id, "message", said])
        assert "You are all fools" in text(browser.get(url))
        assert browser.post(url, {"reason": ""}).status_code == 422
        answer = browser.post(url, {"reason": "It hurts people.", "next": BACK}, follow=True)
        assert answer.redirect_chain == [(BACK, 302)]
        assert done in text(answer)
        assert Message.objects.get(public_id=said).state == state
        assert "already" in text(browser.get(url))


def test_a_muted_person_is_told_until_when_and_why(harbor, amina, ben):
    made = actions.mute(
        amina, harbor.public_id, harbor.memberships.get(user=ben).public_id, minutes=60, reason="Too <b>loud", at=NOW
    )
    page = render_to_string("groups/moderation/_my_mute.html", {"mute": made})

    assert "1pm" in page
    assert "Too &lt;b&gt;loud" in page


def test_what_was_taken_back_has_no_button(harbor, amina, said, signed_in):
    Message.objects.filter(public_id=said).update(state=MessageState.REMOVED)
    page = text(signed_in(amina).get(reverse("moderation:hide", args=[harbor.public_id, "message", said])))

    assert "Its author has taken this back." in page
    assert "You are all fools" not in page


# All of them


def test_titles_are_neutral_and_nothing_changes_by_looking(harbor, amina, carla, ben, said, tell, signed_in):
    report = tell(carla, said)
    pages = [
        reverse("moderation:queue"),
        report_url(tell(amina, said).target_id),
        reverse("moderation:case", args=[report.public_id]),
        people_url("mute", harbor, ben),
        reverse("moderation:hide", args=[harbor.public_id, "message", said]),
        reverse("moderation:show", args=[harbor.public_id, "message", said]),
    ]
    browser = signed_in(amina)
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        title = re.search(r"<title>(.*?)</title>", answer.content.decode())[1]
        assert "Harbor" not in title
        assert "Ben" not in title
    assert Sanction.objects.count() == 0
    for name in ("decide", "unmute"):
        args = [report.public_id] if name == "decide" else [harbor.public_id, uuid4()]
        assert browser.get(reverse(f"moderation:{name}", args=args)).status_code == 405


def test_a_post_from_another_site_is_refused(carla, said):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(carla, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(report_url(said), {"why": "other"}).status_code == 403
    assert Report.objects.count() == 0
