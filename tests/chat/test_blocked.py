"""Two people who do not want to see each other: hidden both ways in the rooms they share, and nobody tells them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from chat.lines import NOBODY
from chat.queries import groups_with_unread
from chat.refusals import NoSuchMessage
from groups.membership.models import GroupRole, Membership
from groups.moderation import blocking
from groups.moderation.block_queries import pairs_for
from groups.moderation.blocking import BlocksNobody, FacilitatesHere, YouFacilitate
from groups.moderation.models import Block
from groups.sight import sight_in
from portal.audit import AuditEntry
from portal.errors import NotFound
from tests import cast
from tests.cast import NOW
from tests.chat.talking import Page
from tests.chat.test_history import frames_for


def page_of(browser, harbor) -> str:
    return browser.get(reverse("chat:room", args=[harbor.public_id])).content.decode()


def test_neither_sees_what_the_other_writes_or_quotes(harbor, room, ben, carla, amina, say, signed_in):
    hers, his = say(carla, "Carla’s words"), say(ben, "Ben’s words")
    say(amina, "Amina agrees", reply_to=hers.public_id)
    blocking.block(ben, carla.public_id, at=NOW)

    assert "Carla" not in page_of(signed_in(ben), harbor).split("<template")[0]
    assert "Ben’s words" not in page_of(signed_in(carla), harbor)
    assert all(words in page_of(signed_in(amina), harbor) for words in ("Carla’s words", "Ben’s words"))
    heard = frames_for(ben, room)
    assert [set(frame["message"]) for frame in heard[:2]] == [{"id", "seq", "state"}, set(heard[1]["message"])]
    assert (heard[2]["message"]["body"], heard[2]["message"]["reply_to"]) == ("Amina agrees", None)
    assert frames_for(carla, room)[1]["message"] == {"id": str(his.public_id), "seq": 2, "state": "held"}
    with pytest.raises(NoSuchMessage):
        say(ben, "About that", reply_to=hers.public_id)
    report = signed_in(ben).get(reverse("moderation:report", args=["message", hers.public_id])).content.decode()
    assert "Carla" not in report


def test_the_menu_of_a_message_leads_members_to_a_block_of_another_member(
    harbor, room, ben, carla, amina, say, signed_in
):
    said = [say(ben, "Mine"), say(amina, "From who facilitates"), say(carla, "Hers")]
    page = page_of(signed_in(ben), harbor)
    link = f"{reverse('moderation:block', args=[carla.public_id])}?next={room.url}"
    assert page.count(f"{reverse('moderation:block', args=[NOBODY])}?next={room.url}") == 1  # the script's pattern
    assert "data-block" not in page_of(signed_in(amina), harbor)
    alone = [
        signed_in(ben)
        .get(reverse("chat:message", args=[room.public_id, one.public_id]))
        .content.decode()
        .count(">Block<")
        for one in said
    ]
    assert alone == [0, 0, 1]
    asks = signed_in(ben).get(link)
    assert f'href="{room.url}"' in asks.content.decode()
    assert asks.context["person"] == ben  # the bars of the page still speak to the reader


def test_hidden_words_count_as_nothing_new(harbor, room, ben, carla, amina, say):
    say(carla, "One")
    say(amina, "Two")
    assert [row.unread for row in groups_with_unread(ben, now=NOW)] == [2]
    blocking.block(carla, ben.public_id, at=NOW)
    assert [row.unread for row in groups_with_unread(ben, now=NOW)] == [1]


def test_a_block_ends_and_leaves_a_trace(harbor, ben, carla):
    blocking.block(ben, carla.public_id, at=NOW)
    again = blocking.block(ben, carla.public_id, at=NOW)
    assert Block.objects.get() == again
    assert sight_in(carla.pk, harbor.pk, at=NOW).hidden == {ben.pk}
    assert (blocking.unblock(ben, carla.public_id, at=NOW), blocking.unblock(ben, carla.public_id, at=NOW)) == (1, 0)
    assert sight_in(carla.pk, harbor.pk, at=NOW).hidden == set()
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")] == ["person.blocked", "person.unblocked"]


def test_only_somebody_of_a_shared_group_can_be_blocked(ben, sam, dora, carla, harbor):
    for stranger in (sam, dora):
        with pytest.raises(NotFound):
            blocking.block(ben, stranger.public_id, at=NOW)
    with pytest.raises(BlocksNobody):
        blocking.block(ben, ben.public_id, at=NOW)
    assert not Block.objects.exists()


def test_who_facilitates_cannot_be_blocked_nor_block(amina, ben, signed_in):
    with pytest.raises(FacilitatesHere):
        blocking.block(ben, amina.public_id, at=NOW)
    with pytest.raises(YouFacilitate):
        blocking.block(amina, ben.public_id, at=NOW)
    words = signed_in(ben).get(reverse("moderation:block", args=[amina.public_id])).content.decode()
    assert "look after everybody there" in words
    assert ">Block</button>" not in words


def test_a_block_is_not_felt_where_one_of_them_facilitates(harbor, ben, carla):
    blocking.block(ben, carla.public_id, at=NOW)
    carla.role = "facilitator"
    carla.save(update_fields=["role"])
    Membership.objects.filter(user=carla).update(role=GroupRole.FACILITATOR)
    assert sight_in(ben.pk, harbor.pk, at=NOW).hidden == set()
    assert sight_in(carla.pk, harbor.pk, at=NOW).hidden == set()


def test_those_who_facilitate_see_the_pair_and_nobody_else(harbor, amina, ben, carla, dora, eve, signed_in):
    blocking.block(ben, carla.public_id, at=NOW)
    assert [(pair.blocker, pair.blocked, pair.group) for pair in pairs_for(amina)] == [("Ben", "Carla", harbor.name)]
    assert pairs_for(dora) == pairs_for(eve) == pairs_for(ben) == []
    assert "has blocked Carla" in signed_in(amina).get(reverse("moderation:queue")).content.decode()
    cast.stay(cast.group("Long Road"), carla)
    assert len(pairs_for(amina)) == 1


def test_blocking_by_the_pages(harbor, ben, carla, signed_in):
    bens = signed_in(ben)
    address = reverse("moderation:block", args=[carla.public_id])
    assert address in bens.get(reverse("membership:people", args=[harbor.public_id])).content.decode()
    assert "They are not told." in bens.get(address).content.decode()
    assert "Carla" in bens.post(address, follow=True).content.decode()
    assert "You have blocked this person" in bens.get(address).content.decode()
    bens.post(reverse("moderation:unblock", args=[carla.public_id]))
    assert "You have blocked nobody" in bens.get(reverse("moderation:blocks")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_open_pages_hear_nothing_of_each_other_from_that_moment(serving, room, ben, carla, amina):
    portal = serving("daphne")
    with Page(portal, ben) as bens, Page(portal, carla) as carlas:
        bens.enter(room.public_id)
        carlas.enter(room.public_id)
        blocking.block(ben, carla.public_id, at=timezone.now())
        carlas.until("reset", timeout=1)
        bens.until("reset", timeout=1)
        carlas.enter(room.public_id)
        bens.enter(room.public_id)
        carlas.say(room.public_id, "Where are you?")
        carlas.until("ok")
        bens.until("change", seq=1)
        assert set(bens.changes[-1]["message"]) == {"id", "seq", "state"}
