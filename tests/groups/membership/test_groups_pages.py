"""The list of groups and the pages of one group, as each kind of person sees them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups.membership.actions import ask_to_join, ban_member, decline, remove_member
from groups.membership.models import Agreement, Group, JoinRule, Membership, Site, State, Status
from groups.schedule.models import Session
from tests import cast

ADDRESS = "12 Lake Road"


def url(name: str, group: Group, *more) -> str:
    return reverse(f"membership:{name}", args=[group.public_id, *more])


def words(response) -> str:
    return " ".join(response.content.decode().split())


def meets(group: Group, *, days: int = 2, link: str = "https://meet.example.org/secret") -> Session:
    start = timezone.now() + timedelta(days=days)
    return Session.objects.create(
        group=group, title="Meeting", place="Blue room", link=link, starts_at=start, ends_at=start + timedelta(hours=1)
    )


def ask_form(**values) -> dict:
    return {"words": "Hello.", "version": "1", "accepted": "on"} | values


# The list


def test_the_list_shows_cards_and_no_names(sam, harbor, amina, ben, signed_in):
    meets(harbor)
    page = words(signed_in(sam).get(reverse("membership:groups")))

    assert "Quiet Harbor" in page
    assert "For people who start with infusions." in page
    assert "7 places left" in page
    for secret in (ADDRESS, "Blue room", "secret", ">Amina", "Ben"):
        assert secret not in page
    assert "<title>Groups · Portal</title>" in page


def test_a_member_sees_the_group_first_and_who_facilitates(ben, harbor, amina, eli, signed_in):
    page = words(signed_in(ben).get(reverse("membership:groups")))
    assert "My groups" in page
    assert "With Amina and Eli" in page
    assert "About this group: Quiet Harbor" not in page


def test_waiting_people_see_their_place_in_line(sam, signed_in, fill):
    group = cast.group("Full House", capacity=2)
    fill(group)
    cast.stay(group, sam, state=State.WAITLISTED)
    page = words(signed_in(sam).get(reverse("membership:groups")))
    assert "Waiting list, place 1" in page


def test_a_full_group_offers_the_waiting_list(sam, signed_in, fill):
    fill(cast.group("Full House", capacity=2))
    assert "Full: you can ask for the waiting list" in words(signed_in(sam).get(reverse("membership:groups")))


def test_hidden_groups_are_for_admins_only(sam, eve, signed_in):
    cast.group("By Invitation", join_rule=JoinRule.INVITED)
    cast.group("Not Ready", status=Status.DRAFT)
    for person, seen in ((sam, False), (eve, True)):
        page = words(signed_in(person).get(reverse("membership:groups")))
        assert ("By Invitation" in page, "Not Ready" in page) == (seen, seen)


def test_the_list_is_narrowed_without_words_in_the_address(sam, harbor, signed_in):
    online = Site.objects.create(name="Online", online=True)
    other = cast.group("Morning Screen")
    Group.objects.filter(pk=other.pk).update(site=online, focus="Sleep")
    browser, address = signed_in(sam), reverse("membership:groups")

    response = browser.post(address, {"site": online.pk, "words": "sleep infusions"}, follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert "Morning Screen" in words(response)
    assert "Quiet Harbor" not in words(response)
    assert "No group fits that" in words(browser.post(address, {"words": "nothing"}, follow=True))
    assert "Quiet Harbor" in words(browser.post(address, {}, follow=True))


def test_the_list_has_pages(sam, signed_in):
    for number in range(13):
        cast.group(f"Group {number:02}")
    browser, address = signed_in(sam), reverse("membership:groups")
    assert "Group 12" not in words(browser.get(address))
    assert "Group 12" in words(browser.get(address, {"page": 2}))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(ben, harbor, amina, signed_in, django_assert_num_queries, count):
    for number in range(count):
        meets(cast.group(f"Other {number}"))
        mine = cast.group(f"Mine {number}")
        cast.stay(mine, ben)
        meets(mine)
        cast.stay(cast.group(f"Asked {number}"), ben, state=State.WAITLISTED)
    browser = signed_in(ben)
    with django_assert_num_queries(7):  # session, person, sites, my stays, facilitators, how many cards, cards
        browser.get(reverse("membership:groups"))


# One group


def test_a_stranger_sees_the_card_and_may_ask(sam, harbor, amina, ben, signed_in):
    meets(harbor)
    page = words(signed_in(sam).get(url("group", harbor)))
    assert "Ask to join" in page
    assert "What is said here stays here." in page
    assert "Cleveland" in page
    for secret in (ADDRESS, "Blue room", "secret", ">Amina", "Ben", "Chat"):
        assert secret not in page
    assert "<title>Group · Portal</title>" in page


def test_a_member_sees_the_inside(ben, harbor, amina, signed_in):
    session = meets(harbor)
    page = words(signed_in(ben).get(url("group", harbor)))
    for known in (ADDRESS, "Blue room", "Amina", "Leave this group", "You accepted it on"):
        assert known in page
    assert reverse("schedule:session", args=[session.public_id]) in page
    for tab in ("chat:room", "schedule:sessions", "resources:posts", "membership:people"):
        assert reverse(tab, args=[harbor.public_id]) in page
    assert "<title>Group · Portal</title>" in page


def test_an_admin_sees_no_content(eve, harbor, amina, ben, signed_in):
    meets(harbor)
    page = words(signed_in(eve).get(url("group", harbor)))
    for known in ("Change this group", "Amina", reverse("membership:people", args=[harbor.public_id])):
        assert known in page
    for secret in (ADDRESS, "Blue room", "secret", reverse("chat:room", args=[harbor.public_id])):
        assert secret not in page


def test_a_facilitator_hears_that_people_wait(amina, harbor, asked, signed_in):
    assert "1 person waits for an answer" in words(signed_in(amina).get(url("group", harbor)))


def test_who_asks_sees_that_and_can_take_it_back(asking, harbor, signed_in):
    browser = signed_in(asking)
    assert "A facilitator will answer" in words(browser.get(url("group", harbor)))
    browser.post(url("leave", harbor))
    assert harbor.memberships.get(user=asking).state == State.LEFT
    assert "Ask to join" in words(browser.get(url("group", harbor)))


@pytest.mark.parametrize("route", ["group", "ask", "leave", "people", "agreement", "settings", "add"])
def test_nothing_of_a_hidden_group_exists_for_others(sam, ben, dora, waiting, signed_in, route):
    hidden = cast.group("Hidden", join_rule=JoinRule.INVITED)
    for person in (sam, ben, dora):
        assert signed_in(person).get(url(route, hidden)).status_code == 404
    assert signed_in(waiting).get(url(route, hidden)).url == reverse("accounts:waiting")
    assert Client().get(url(route, hidden)).url.startswith(reverse("account_login"))


def test_a_group_that_is_not_there_looks_the_same_as_a_hidden_one(sam, signed_in):
    hidden = cast.group("Hidden", join_rule=JoinRule.INVITED)
    browser = signed_in(sam)
    absent = browser.get(reverse("membership:group", args=[cast.nobody()]))
    there = browser.get(url("group", hidden))
    assert (absent.status_code, there.status_code) == (404, 404)
    assert "Hidden" not in words(there)


def test_removed_declined_and_banned_people_get_calm_words(sam, amina, harbor, signed_in, now):
    browser = signed_in(sam)
    stay = cast.stay(harbor, sam, state=State.ASKED)
    decline(amina, harbor.public_id, stay.public_id, words="The evening group fits better.", at=now)
    page = words(browser.get(url("group", harbor)))
    assert "The evening group fits better." in page
    assert "Ask to join" in page

    stay = cast.stay(harbor, sam)
    remove_member(amina, harbor.public_id, stay.public_id, reason="Shouted at Ben.", at=now)
    page = words(browser.get(url("group", harbor)))
    assert "You are no longer in this group" in page
    assert "Ask to join" in page
    assert "Shouted" not in page

    stay = cast.stay(harbor, sam)
    ban_member(amina, harbor.public_id, stay.public_id, reason="Offered drugs.", at=now)
    page = words(browser.get(url("group", harbor)))
    assert "Please ask the clinic" in page
    assert "Ask to join" not in page
    assert "drugs" not in page


def test_a_closed_group_shows_no_form(sam, signed_in):
    closed = cast.group("Closed", status=Status.CLOSED)
    page = words(signed_in(sam).get(url("group", closed)))
    assert "Takes nobody new right now" in page
    assert "<textarea" not in page


def test_a_paused_member_is_told_so(sam, harbor, signed_in):
    cast.stay(harbor, sam, state=State.PAUSED)
    assert "You are on a pause" in words(signed_in(sam).get(url("group", harbor)))


# Asking, leaving, accepting


def test_asking_by_the_form(sam, harbor, amina, signed_in):
    response = signed_in(sam).post(url("ask", harbor), ask_form(), follow=True)
    assert response.redirect_chain == [(url("group", harbor), 302)]
    assert "You asked to join. A facilitator will answer." in words(response)
    assert harbor.memberships.get(user=sam).words == "Hello."


def test_asking_without_the_agreement_shows_the_form_again_with_the_words(sam, harbor, signed_in):
    response = signed_in(sam).post(url("ask", harbor), {"words": "My own words.", "version": "1"})
    assert response.status_code == 422
    assert "Please read the agreement and tick this box." in words(response)
    assert "My own words." in words(response)
    assert not harbor.memberships.filter(user=sam).exists()


def test_an_agreement_that_changed_meanwhile_is_shown_again(sam, harbor, signed_in, now):
    Agreement.objects.create(group=harbor, version=2, text="Be kind.", published_at=now)
    response = signed_in(sam).post(url("ask", harbor), ask_form())
    assert response.status_code == 409
    assert "The agreement has changed" in words(response)
    assert "Be kind." in words(response)
    assert 'name="version" value="2"' in words(response)
    assert "Hello." in words(response)
    assert "checked" not in words(response)


def test_a_group_without_an_agreement_can_be_asked(sam, harbor, signed_in):
    harbor.agreements.all().delete()
    signed_in(sam).post(url("ask", harbor), {"words": ""})
    assert harbor.memberships.get(user=sam).state == State.ASKED


def test_asking_too_often_keeps_the_words(sam, harbor, signed_in):
    for _ in range(8):
        ask_to_join(sam, harbor.public_id, words="", accepted=1, at=timezone.now())
    Membership.objects.filter(user=sam).update(state=State.LEFT, ended_at=timezone.now())
    response = signed_in(sam).post(url("ask", harbor), ask_form(words="Once more."))
    assert response.status_code == 429
    assert "Once more." in words(response)


def test_the_address_of_the_form_leads_to_the_group(sam, harbor, signed_in):
    assert signed_in(sam).get(url("ask", harbor)).url == url("group", harbor)


def test_leaving_asks_first(ben, harbor, signed_in):
    browser = signed_in(ben)
    assert "Leave this group?" in words(browser.get(url("leave", harbor)))
    assert harbor.memberships.get(user=ben).state == State.ACTIVE

    response = browser.post(url("leave", harbor), follow=True)
    assert "You have left the group." in words(response)
    assert harbor.memberships.get(user=ben).state == State.LEFT


def test_the_only_facilitator_reads_why_not(amina, harbor, signed_in):
    response = signed_in(amina).post(url("leave", harbor))
    assert response.status_code == 409
    assert "You are the only facilitator here" in words(response)


def test_a_new_agreement_is_read_and_accepted(ben, harbor, signed_in, now):
    browser = signed_in(ben)
    assert "Please read the agreement" not in words(browser.get(url("group", harbor)))
    Agreement.objects.create(group=harbor, version=2, text="## Rules\n\n- Be **kind**.", published_at=now)
    assert "Please read the agreement" in words(browser.get(url("group", harbor)))
    page = words(browser.get(url("agreement", harbor)))
    assert "<h3>Rules</h3>" in page
    assert "<strong>kind</strong>" in page

    assert browser.post(url("agreement", harbor), {"version": "2"}).status_code == 422
    assert browser.post(url("agreement", harbor), {"version": "1", "accepted": "on"}).status_code == 409
    assert browser.post(url("agreement", harbor), {"version": "2", "accepted": "on"}).status_code == 302
    assert "Please read the agreement" not in words(browser.get(url("group", harbor)))


def test_an_agreement_cannot_bring_a_script(sam, harbor, signed_in, now):
    text = "<script>alert(1)</script> [x](javascript:alert(1))"
    Agreement.objects.create(group=harbor, version=2, text=text, published_at=now)
    page = words(signed_in(sam).get(url("group", harbor)))
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("people", [1, 3])
def test_the_overview_costs_the_same_for_one_and_three(amina, harbor, signed_in, django_assert_num_queries, people):
    for number in range(people):
        cast.stay(harbor, cast.person(f"Member {number}"))
        cast.stay(harbor, cast.person(f"Asking {number}"), state=State.ASKED)
        meets(harbor, days=number + 1)
    browser = signed_in(amina)
    with django_assert_num_queries(11):
        browser.get(url("group", harbor))
