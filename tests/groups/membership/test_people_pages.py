"""The people of a group on their pages, as each kind of person sees and changes them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from groups.membership.models import Agreement, Group, GroupRole, State, Status
from groups.moderation.models import Sanction
from portal.accounts.models import Role
from tests import cast


def url(name: str, group: Group, *more) -> str:
    return reverse(f"membership:{name}", args=[group.public_id, *more])


def words(response) -> str:
    return " ".join(response.content.decode().split())


def mute(group: Group, person, by) -> Sanction:
    now = timezone.now()
    return Sanction.objects.create(
        group=group, user=person, by=by, reason="Too heated.", starts_at=now, ends_at=now + timedelta(hours=3)
    )


# The people page


def test_many_members_come_in_pages_and_are_counted_whole(ben, amina, harbor, monkeypatch, signed_in):
    monkeypatch.setattr("groups.membership.queries.people.MEMBERS_A_PAGE", 2)
    for name in ("Asha", "Wren", "Yara"):
        cast.stay(harbor, cast.person(name))
    browser = signed_in(ben)
    first, second = (words(browser.get(url("people", harbor) + page)) for page in ("", "?page=2"))
    assert [name in first for name in ("Amina", "Asha", "(you)", "Wren")] == [True, True, True, False]
    assert [name in second for name in ("Amina", "Asha", "Wren", "Yara")] == [True, False, True, True]
    assert "Page 1 of 2" in first
    assert 'Members <span class="soft small numbers">4</span>' in first


def test_members_see_names_and_who_facilitates(ben, amina, carla, harbor, asked, signed_in):
    mute(harbor, carla, amina)
    page = words(signed_in(ben).get(url("people", harbor)))
    for known in ("Amina", "Carla", "(you)"):
        assert known in page
    for secret in ("Asha", "Requests", "Muted until", "Mute for a time", "Remove", "@example.org", "Legal"):
        assert secret not in page
    assert "<title>People · Portal</title>" in page


def test_members_do_not_see_people_on_a_pause_or_with_a_closed_account(ben, harbor, signed_in):
    cast.stay(harbor, cast.person("Pia"), state=State.PAUSED)
    cast.stay(harbor, cast.person("Petra", standing=cast.Standing.PAUSED))
    page = words(signed_in(ben).get(url("people", harbor)))
    assert "Pia" not in page
    assert "Petra" not in page


def test_facilitators_see_requests_mutes_and_what_they_may_do(amina, eli, ben, harbor, asked, stay_of, signed_in):
    mute(harbor, ben, amina)
    cast.stay(harbor, cast.person("Pia"), state=State.PAUSED)
    cast.stay(harbor, cast.person("Wil"), state=State.WAITLISTED)
    page = words(signed_in(amina).get(url("people", harbor)))

    for known in ("Welcome Asha", "Muted until", "Pia", "On a pause", "Wil", "number 1 in line"):
        assert known in page
    stay = stay_of(harbor, ben)
    assert url("remove", harbor, stay.public_id) in page
    assert reverse("moderation:mute", args=[harbor.public_id, stay.public_id]) in page
    for other in (eli, amina):
        assert url("remove", harbor, stay_of(harbor, other).public_id) not in page
    assert url("role", harbor, stay.public_id) not in page
    assert "@example.org" not in page


def test_admins_add_remove_and_assign_but_do_not_mute(eve, amina, ben, harbor, stay_of, signed_in):
    page = words(signed_in(eve).get(url("people", harbor)))
    for person in (amina, ben):
        stay = stay_of(harbor, person)
        assert url("remove", harbor, stay.public_id) in page
        assert url("role", harbor, stay.public_id) in page
    assert url("add", harbor) in page
    assert "Mute for a time" not in page
    assert reverse("chat:room", args=[harbor.public_id]) not in page


def test_a_full_group_offers_no_welcome(amina, harbor, asked, fill, signed_in):
    fill(harbor)
    page = words(signed_in(amina).get(url("people", harbor)))
    assert "Every place is taken." in page
    assert "Welcome Asha" not in page


@pytest.mark.parametrize("people", [1, 3])
def test_the_people_page_costs_the_same_for_one_and_three(amina, harbor, signed_in, django_assert_num_queries, people):
    for number in range(people):
        member = cast.person(f"Member {number}")
        cast.stay(harbor, member)
        mute(harbor, member, amina)
        cast.stay(harbor, cast.person(f"Asking {number}"), state=State.ASKED)
        cast.stay(harbor, cast.person(f"Line {number}"), state=State.WAITLISTED)
    browser = signed_in(amina)
    # session, person, group, own stay and mute, a look to write down (2), mutes, people, requests, places, openings
    with django_assert_num_queries(11):
        browser.get(url("people", harbor))


# Who may open what


PAGES = ["people", "request", "remove", "role", "add", "settings"]


@pytest.mark.parametrize(
    ("who", "opens"),
    [
        ("ben", {"people": 200}),
        ("amina", {"people": 200, "request": 200, "remove": 200}),
        ("eve", dict.fromkeys(PAGES, 200)),
    ],
)
def test_what_opens_for_people_who_belong(request, who, opens, harbor, carla, asked, stay_of, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    for route in PAGES:
        more = {"request": [asked.public_id]}.get(route, [stay_of(harbor, carla).public_id])
        address = url(route, harbor, *(more if route in ("request", "remove", "role") else []))
        assert (route, browser.get(address).status_code) == (route, opens.get(route, 403))


@pytest.mark.parametrize("who", ["sam", "dora", "asking"])
def test_nothing_opens_for_strangers(request, who, harbor, carla, asked, stay_of, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    member = stay_of(harbor, carla).public_id
    addresses = [
        url("people", harbor),
        url("add", harbor),
        url("settings", harbor),
        url("request", harbor, asked.public_id),
        url("remove", harbor, member),
        url("role", harbor, member),
    ]
    assert {browser.get(address).status_code for address in addresses} == {404}
    changes = [url("approve", harbor, asked.public_id), url("remove", harbor, member), url("role", harbor, member)]
    form = {"reason": "x", "may_return": "yes", "role": "facilitator"}
    assert {browser.post(address, form).status_code for address in changes} == {404}
    assert browser.post(url("decline", harbor, asked.public_id), {"words": "No."}).status_code == 404


def test_new_groups_are_for_admins(sam, amina, eve, signed_in):
    address = reverse("membership:new_group")
    assert [signed_in(who).get(address).status_code for who in (sam, amina, eve)] == [404, 404, 200]


# Answers


def test_one_press_lets_somebody_in(amina, harbor, asked, signed_in):
    response = signed_in(amina).post(url("approve", harbor, asked.public_id), follow=True)
    assert response.redirect_chain == [(url("people", harbor), 302)]
    assert "Asha is in the group now." in words(response)


def test_welcome_words_are_read_on_the_overview(amina, harbor, asked, signed_in):
    signed_in(amina).post(url("approve", harbor, asked.public_id), {"words": "Good to have you."})
    assert "Good to have you." in words(signed_in(asked.user).get(url("group", harbor)))


def test_answering_from_the_queue_leads_back_there(amina, harbor, asked, signed_in):
    browser = signed_in(amina)
    assert 'name="queue"' in words(browser.get(url("request", harbor, asked.public_id), {"queue": "1"}))
    response = browser.post(url("approve", harbor, asked.public_id), {"queue": "1"})
    assert response.url == reverse("moderation:queue")


def test_declining_without_words_shows_the_request_again(amina, harbor, asked, signed_in):
    response = signed_in(amina).post(url("decline", harbor, asked.public_id), {"words": " "})
    assert response.status_code == 422
    assert "Please write a few words." in words(response)
    asked.refresh_from_db()
    assert asked.state == State.ASKED


def test_declining_with_words(amina, harbor, asked, signed_in):
    signed_in(amina).post(url("decline", harbor, asked.public_id), {"words": "Not now."})
    asked.refresh_from_db()
    assert asked.state == State.DECLINED


def test_a_request_somebody_else_answered_says_so(amina, harbor, asked, signed_in):
    browser = signed_in(amina)
    browser.post(url("decline", harbor, asked.public_id), {"words": "Not now."})
    assert "This request is answered" in words(browser.get(url("request", harbor, asked.public_id)))


def test_answers_are_not_given_by_opening_an_address(amina, harbor, asked, signed_in):
    for route in ("approve", "decline"):
        assert signed_in(amina).get(url(route, harbor, asked.public_id)).status_code == 405


# Removal, roles, adding, settings


@pytest.mark.parametrize(("answer", "state"), [("yes", State.REMOVED), ("no", State.BANNED)])
def test_removal_by_the_form(amina, ben, harbor, stay_of, signed_in, answer, state):
    stay = stay_of(harbor, ben)
    browser = signed_in(amina)
    assert browser.post(url("remove", harbor, stay.public_id), {"reason": "", "may_return": answer}).status_code == 422
    browser.post(url("remove", harbor, stay.public_id), {"reason": "Shouted.", "may_return": answer})
    assert stay_of(harbor, ben).state == state
    assert signed_in(ben).get(url("people", harbor)).status_code == 404


def test_a_role_by_the_form(eve, ben, harbor, stay_of, signed_in):
    browser, address = signed_in(eve), url("role", harbor, stay_of(harbor, ben).public_id)
    form = {"role": "facilitator", "reason": "Knows the group well."}
    refused = browser.post(address, form)
    assert refused.status_code == 409
    assert "Only people with a facilitator account can run a group." in words(refused)

    ben.role = Role.FACILITATOR
    ben.save()
    assert browser.post(address, form).status_code == 302
    assert stay_of(harbor, ben).role == GroupRole.FACILITATOR


def test_a_person_is_found_and_added(eve, sam, ben, waiting, harbor, signed_in):
    browser, address = signed_in(eve), url("add", harbor)
    page = words(browser.post(address, {"find": "example.org"}))
    assert "sam@example.org" in page
    assert "ben@example.org" not in page
    assert "wanda@example.org" not in page
    assert "Nobody found" in words(browser.post(address, {"find": "Zora"}))
    assert browser.post(address, {"find": "x"}).status_code == 422

    response = browser.post(address, {"person": sam.public_id, "role": "member"}, follow=True)
    assert "Sam is in the group now." in words(response)


def test_adding_to_a_full_group_says_so(eve, sam, harbor, fill, signed_in):
    fill(harbor)
    response = signed_in(eve).post(url("add", harbor), {"person": sam.public_id, "role": "member"})
    assert response.status_code == 409
    assert "Every place in this group is taken." in words(response)


def settings_form(group: Group, **values) -> dict:
    whole = {
        "name": group.name,
        "purpose": group.purpose,
        "focus": group.focus,
        "site": group.site_id,
        "capacity": group.capacity,
        "join_rule": group.join_rule,
        "cohort": group.cohort,
        "history": group.history,
        "history_days": group.history_days,
        "keep_months": group.keep_months,
        "status": group.status,
        "agreement": "What is said here stays here.",
    }
    return whole | values


def test_settings_by_the_form(eve, harbor, signed_in):
    browser = signed_in(eve)
    assert "What is said here stays here." in words(browser.get(url("settings", harbor)))
    browser.post(url("settings", harbor), settings_form(harbor, name="Calm Harbor", agreement="One\r\ntwo\r\n"))
    harbor.refresh_from_db()
    assert harbor.name == "Calm Harbor"
    assert Agreement.objects.get(group=harbor, version=2).text == "One\ntwo"


def test_too_few_places_are_said_beside_the_field(eve, harbor, fill, signed_in):
    fill(harbor)
    response = signed_in(eve).post(url("settings", harbor), settings_form(harbor, capacity=3))
    assert response.status_code == 422
    assert "More people than that hold a place now." in words(response)


def test_a_group_is_made_by_the_form(eve, harbor, signed_in):
    browser, address = signed_in(eve), reverse("membership:new_group")
    values = settings_form(harbor, name="Fresh Start", site="")
    assert browser.post(address, values).status_code == 422
    response = browser.post(address, values | {"place": "Cincinnati"})
    made = Group.objects.get(name="Fresh Start")
    assert response.url == url("add", made)
    assert (made.site.name, made.status) == ("Cincinnati", Status.OPEN)
    assert "Nobody facilitates this group" in words(browser.get(url("group", made)))
