"""The pages of the schedule, as people read them and press their buttons."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from groups.membership.models import Group, Membership, Site
from groups.schedule import actions
from groups.schedule.models import Reply, Rsvp, Series, Session
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.usefixtures("on_wednesday")

MINE = "/schedule/"
LINK = "https://meet.example.org/tuesday"
PLACE = "Room 2, 12 Lake Road"


def text(response):
    """What a person reads in the page's own part and beside it, white space made even."""
    body = response.content.decode().partition('<main id="main"')[2].partition("<footer")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).strip()


def session_url(session, name="session"):
    return reverse(f"schedule:{name}", args=[session.public_id])


def sessions_url(group, name="sessions"):
    return reverse(f"schedule:{name}", args=[group.public_id])


def keep(count):
    """Leave only the first sessions there are."""
    Session.objects.exclude(
        pk__in=list(Session.objects.order_by("starts_at").values_list("pk", flat=True)[:count])
    ).delete()


@pytest.fixture
def all_pages(tuesdays, tuesday):
    """Every address of the slice that a stranger might try."""
    return [
        sessions_url(tuesdays.group),
        sessions_url(tuesdays.group, "new_series"),
        reverse("schedule:end_series", args=[tuesdays.public_id]),
        *(session_url(tuesday, name) for name in ("session", "details", "cancel")),
    ]


# Who sees what


@pytest.mark.parametrize("who", ["sam", "dora", "asking"])
def test_strangers_find_nothing(who, all_pages, tuesday, signed_in, request):
    browser = signed_in(request.getfixturevalue(who))

    assert {browser.get(page).status_code for page in all_pages} == {404}
    assert {browser.post(page).status_code for page in all_pages[1:3]} == {404}
    assert browser.post(session_url(tuesday, "answer"), {"reply": "yes"}).status_code == 404


@pytest.mark.parametrize("who", ["sam", "dora", "asking"])
def test_strangers_have_an_empty_schedule(who, tuesdays, signed_in, request):
    page = text(signed_in(request.getfixturevalue(who)).get(MINE))

    assert "10 Mar" not in page
    assert "Quiet Harbor" not in page


def test_members_read_but_do_not_run(ben, all_pages, signed_in):
    answers = [signed_in(ben).get(page).status_code for page in all_pages]

    assert answers == [200, 403, 403, 200, 403, 403]


def test_an_admin_who_is_not_in_the_group_is_told_so(eve, all_pages, signed_in):
    assert {signed_in(eve).get(page).status_code for page in all_pages} == {403}


def test_visitors_are_asked_to_sign_in(client, all_pages):
    assert {client.get(page).headers["Location"].partition("?")[0] for page in [MINE, *all_pages]} == {
        reverse("account_login")
    }


def test_titles_name_nobody(amina, all_pages, signed_in):
    for page in [MINE, *all_pages]:
        title = re.search("<title>(.*)</title>", signed_in(amina).get(page).content.decode())[1]
        assert title in ("Schedule · Portal", "Session · Portal", "Sessions · Portal")


# My schedule


def test_my_schedule_goes_by_week(ben, tuesdays, signed_in):
    page = text(signed_in(ben).get(MINE))

    assert re.findall(r"(?:This week|Next week|Week of \d+ \w+) (?=\w{3} \d)", page) == [
        "Next week ",
        *[f"Week of {monday} " for monday in ("16 March", "23 March", "30 March", "6 April", "13 April", "20 April")],
        "Week of 27 April ",
    ]
    assert "Tue 10 Mar, 5:30pm to 6:45pm Quiet Harbor" in page


def test_only_my_groups_are_on_it(ben, dora, tuesdays, plan, signed_in):
    plan(dora, Group.objects.get(name="Morning Light"))

    assert "Morning Light" not in text(signed_in(ben).get(MINE))


def test_who_left_has_nothing_on_it(ben, tuesdays, signed_in):
    Membership.objects.filter(user=ben).update(state="left", ended_at=NOW)

    assert "Nothing here yet" in text(signed_in(ben).get(MINE))


def test_a_cancelled_session_is_marked_and_asks_nothing(amina, ben, tuesday, signed_in):
    keep(1)
    actions.cancel_session(amina, tuesday.public_id, why="The house is closed.", at=NOW)

    page = signed_in(ben).get(MINE)

    assert "Cancelled The house is closed." in text(page)
    assert session_url(tuesday, "answer") not in page.content.decode()


def test_without_sessions_the_page_says_what_will_come(ben, signed_in):
    assert "No sessions are planned" in text(signed_in(ben).get(MINE))


def test_past_sessions_come_last_page_by_page(ben, tuesdays, signed_in):
    with time_machine.travel(NOW + timedelta(weeks=40), tick=False):
        for week in range(1, 12):
            actions.extend_series(tuesdays.public_id, at=NOW + timedelta(weeks=week))
        first, last = (text(signed_in(ben).get(MINE, {"page": page})) for page in (1, 3))

    assert "Page 1 of 3" in first
    assert "Tue 14 Jul, 5:30pm" in first
    assert "Your schedule" in last
    assert "Tue 10 Mar, 5:30pm" in last


def test_a_press_answers_and_leads_back_to_the_list(ben, tuesday, signed_in):
    answer = signed_in(ben).post(session_url(tuesday, "answer"), {"reply": "maybe", "next": MINE}, follow=True)

    assert answer.redirect_chain == [(MINE, 302)]
    assert "You can decide later" in text(answer)
    assert Rsvp.objects.get().reply == Reply.MAYBE
    assert re.findall(r'value="(\w+)"[^>]*aria-pressed="true"', answer.content.decode()) == ["maybe"]


def test_each_list_leads_back_to_the_row_that_was_pressed(ben, tuesday, signed_in):
    keep(1)
    for page in (MINE, sessions_url(tuesday.group)):
        html = signed_in(ben).get(page).content.decode()
        assert re.findall('name="next" value="(.*?)"', html) == [f"{page}#session-{tuesday.public_id}"]
        assert f'id="session-{tuesday.public_id}"' in html


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_a_press_never_leads_to_another_site(elsewhere, ben, tuesday, signed_in):
    answer = signed_in(ben).post(session_url(tuesday, "answer"), {"reply": "no", "next": elsewhere})

    assert answer.headers["Location"] == session_url(tuesday)


def test_an_answer_that_is_none_is_asked_again(ben, tuesday, signed_in):
    answer = signed_in(ben).post(session_url(tuesday, "answer"), {"reply": "perhaps"})

    assert answer.status_code == 422
    assert "Choose one of these." in text(answer)
    assert not Rsvp.objects.exists()


def test_an_answer_too_late_is_refused_in_words(amina, ben, tuesday, signed_in):
    actions.cancel_session(amina, tuesday.public_id, why="Snow.", at=NOW)

    answer = signed_in(ben).post(session_url(tuesday, "answer"), {"reply": "yes"})

    assert answer.status_code == 409
    assert "This session has been cancelled." in text(answer)


# One session


def test_the_page_of_a_session_says_all_of_it(amina, ben, tuesday, signed_in):
    actions.answer(amina, tuesday.public_id, reply=Reply.YES, at=NOW)

    page = text(signed_in(ben).get(session_url(tuesday)))

    for words in ("Tuesday 10 March 2026, 5:30pm", "6:45pm", PLACE, "Facilitated by Amina", "Coming 1 person"):
        assert words in page
    assert "Will you come? Yes Maybe No" in page


def test_times_are_the_readers_and_name_the_zone(ben, tuesday, signed_in):
    ben.time_zone = "America/Denver"
    ben.save()

    assert "Tuesday 10 March 2026, 3:30pm MDT" in text(signed_in(ben).get(session_url(tuesday)))


@pytest.mark.parametrize(
    ("before_start", "shown"),
    [
        (timedelta(minutes=16), False),
        (timedelta(minutes=15), True),
        (timedelta(minutes=-74), True),
        (-timedelta(2), False),
    ],
)
def test_the_link_is_there_when_it_is_time(before_start, shown, ben, tuesday, signed_in):
    browser = signed_in(ben)
    with time_machine.travel(tuesday.starts_at - before_start, tick=False):
        browser.force_login(ben, backend="allauth.account.auth_backends.AuthenticationBackend")
        pages = [
            browser.get(page).content.decode() for page in (session_url(tuesday), MINE, sessions_url(tuesday.group))
        ]

    assert [LINK in page for page in pages] == [shown] * 3


def test_a_cancelled_session_shows_no_link(amina, ben, tuesday, signed_in):
    actions.cancel_session(amina, tuesday.public_id, why="Snow.", at=NOW)
    with time_machine.travel(tuesday.starts_at, tick=False):
        page = signed_in(ben).get(session_url(tuesday))

    assert LINK not in page.content.decode()
    assert "This session is cancelled Snow." in text(page)


def test_members_see_how_many_and_facilitators_see_who(amina, ben, carla, tuesday, signed_in):
    actions.answer(carla, tuesday.public_id, reply=Reply.YES, at=NOW)

    member, facilitator = (text(signed_in(person).get(session_url(tuesday))) for person in (ben, amina))

    assert "Carla" not in member
    assert "Who is coming" not in member
    assert re.search("Coming 1 C Carla No answer yet 2 .*B Ben", facilitator)


def test_a_facilitator_changes_topic_and_place(amina, ben, tuesday, signed_in):
    values = {"topic": "Sleep", "place": "Room 9", "link": "meet.example.org/new"}

    answer = signed_in(amina).post(session_url(tuesday, "details"), values, follow=True)

    assert "Members see it now" in text(answer)
    assert "Sleep" in text(signed_in(ben).get(session_url(tuesday)))
    tuesday.refresh_from_db()
    assert tuesday.link == "https://meet.example.org/new"


@pytest.mark.parametrize("link", ["http://meet.example.org", "javascript:alert(1)", "no link at all"])
def test_a_link_that_cannot_be_used_is_named_beside_the_field(link, amina, tuesday, signed_in):
    answer = signed_in(amina).post(session_url(tuesday, "details"), {"link": link})

    assert answer.status_code == 422
    assert "It has to start with https://." in text(answer)


def test_a_facilitator_calls_it_off_and_says_why(amina, ben, tuesday, signed_in):
    browser = signed_in(amina)
    assert "Say why in a few words." in text(browser.post(session_url(tuesday, "cancel"), {"why": ""}))

    answer = browser.post(session_url(tuesday, "cancel"), {"why": "Snow."}, follow=True)

    assert "This session is cancelled Snow." in text(answer)


# The sessions of a group


def test_a_groups_sessions_go_by_month(ben, tuesdays, signed_in):
    page = text(signed_in(ben).get(sessions_url(tuesdays.group)))

    assert re.findall(r"(\w+) (?=Tue \d+ \w{3}, 5:30pm to 6:45pm)", page)[0] == "March"
    assert "April Tue 7 Apr, 5:30pm to 6:45pm" in page
    assert "Plan a series" not in page
    assert "How sessions are planned" not in page


def test_facilitators_see_the_rule_and_may_end_it(amina, ben, tuesdays, signed_in):
    browser = signed_in(amina)
    assert "Every Tuesday at 5:30pm" in text(browser.get(sessions_url(tuesdays.group)))

    answer = browser.post(reverse("schedule:end_series", args=[tuesdays.public_id]), {"why": "Summer."}, follow=True)

    assert answer.redirect_chain == [(sessions_url(tuesdays.group), 302)]
    assert "Every Tuesday" not in text(answer)
    assert text(answer).count("Cancelled Summer.") == 8


SERIES = {
    "title": "Morning circle",
    "starts_on": "2026-03-12",
    "wall_time": "9:00",
    "zone": "America/New_York",
    "minutes": "60",
    "every_weeks": "2",
    "place": "Room 1",
    "link": "",
}


def test_a_facilitator_plans_a_series(amina, harbor, signed_in):
    answer = signed_in(amina).post(sessions_url(harbor, "new_series"), SERIES, follow=True)

    assert answer.redirect_chain == [(sessions_url(harbor), 302)]
    assert "Planned. 4 sessions are on the schedule." in text(answer)
    assert "Every second Thursday at 9am" in text(answer)


def test_the_form_starts_with_what_is_usual_here(amina, harbor, signed_in):
    page = signed_in(amina).get(sessions_url(harbor, "new_series"))

    assert page.context["form"].initial == {
        "title": "Group meeting",
        "zone": "America/New_York",
        "minutes": 75,
        "every_weeks": 1,
        "place": "Cleveland, 12 Lake Road",
    }
    Site.objects.update(online=True)
    assert signed_in(amina).get(sessions_url(harbor, "new_series")).context["form"].initial["place"] == ""


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "Give the sessions a name."),
        ("starts_on", "", "Choose the day of the first session."),
        ("starts_on", "soon", "Write the day as 2026-03-24."),
        ("starts_on", "2026-03-03", "This day is over. Choose today or a later day."),
        ("starts_on", "2026-06-01", "Choose a day in the next eight weeks."),
        ("wall_time", "", "Choose when it starts."),
        ("wall_time", "evening", "Write the time as 5:30pm or 17:30."),
        ("zone", "America/Atlantis", "Choose one of these."),
        ("minutes", "600", "Choose one of these."),
        ("every_weeks", "5", "Choose one of these."),
        ("place", "", "Say where you meet: a place, a link, or both."),
        ("link", "ftp://x", "This is not a link we can use. It has to start with https://."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(field, value, words, amina, harbor, signed_in):
    answer = signed_in(amina).post(sessions_url(harbor, "new_series"), SERIES | {field: value})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [words]}
    assert text(answer).count(words) == 2  # in the summary and beside the field
    assert not Series.objects.exists()


@pytest.mark.parametrize("typed", ["17:30", "5:30pm", "5:30 PM", "5:30 pm"])
def test_a_time_may_be_typed_as_people_say_it(typed, amina, harbor, signed_in):
    signed_in(amina).post(sessions_url(harbor, "new_series"), SERIES | {"wall_time": typed})

    assert Series.objects.get().wall_time.isoformat() == "17:30:00"


def test_planning_the_same_hour_again_is_said_beside_the_time(amina, harbor, signed_in):
    browser = signed_in(amina)
    browser.post(sessions_url(harbor, "new_series"), SERIES)

    answer = browser.post(sessions_url(harbor, "new_series"), SERIES)

    assert answer.context["form"].errors == {
        "wall_time": ["This group already meets on that day at that time. Nothing new was planned."]
    }


# Cost


@pytest.mark.parametrize("who", ["ben", "amina"])
def test_lists_cost_the_same_with_one_session_and_with_three(who, tuesdays, signed_in, count_of, request):
    person = request.getfixturevalue(who)
    pages = [MINE, sessions_url(tuesdays.group)]

    keep(3)
    actions.answer(person, Session.objects.order_by("starts_at")[0].public_id, reply=Reply.YES, at=NOW)
    three = [count_of(signed_in(person), page) for page in pages]
    Rsvp.objects.all().delete()
    keep(1)
    one = [count_of(signed_in(person), page) for page in pages]

    assert one == three
    assert max(three) <= 12


def test_a_session_costs_the_same_with_one_answer_and_with_three(amina, ben, carla, tuesday, signed_in, count_of):
    actions.answer(ben, tuesday.public_id, reply=Reply.YES, at=NOW)
    one = count_of(signed_in(amina), session_url(tuesday))
    for person in (amina, carla):
        actions.answer(person, tuesday.public_id, reply=Reply.NO, at=NOW)
    dan = cast.person("Dan")
    cast.stay(tuesday.group, dan)

    assert count_of(signed_in(amina), session_url(tuesday)) == one <= 12
