"""Who writes and who is here: seen by others only if one chose it, and never by whom a block hides."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from channels.layers import channel_layers
from django.utils import timezone

from chat import here
from groups.moderation import blocking
from groups.moderation.models import Sanction
from portal.accounts.models import User
from portal.preferences.actions import change_preferences
from tests import cast
from tests.cast import begin_session
from tests.chat.inside import SOON, InnerPage
from tests.portal.running import soon

pytestmark = pytest.mark.django_db(transaction=True)

Opens = Callable[..., InnerPage]


@pytest.fixture
def opens(processes, room) -> Opens:
    """Somebody opens the room on one of two processes."""

    def page(who: User, where: int = 0) -> InnerPage:
        one = InnerPage(processes[where], begin_session(who), room.public_id)
        one.wait(lambda: one.is_live)
        return one

    return page


@pytest.fixture
def comes_to_be(processes) -> Callable[[Callable[[], object]], bool]:
    """Whether something is so soon, with both processes looking around more often than they do by themselves."""

    def looked(so: Callable[[], object]) -> bool:
        def look() -> object:
            for process in processes:
                process.look_around()
            return so()

        return soon(look, SOON)

    return looked


def shows(who: User, **choices: str) -> None:
    change_preferences(who, values=choices or {"typing": "on", "presence": "on"}, at=timezone.now())


def seen(page: InnerPage, op: str) -> list[list[str]]:
    """Whom the page was told of, each time."""
    return [[one["name"] for one in frame["people"]] for frame in page.heard if frame["op"] == op]


def hears_the_next(page: InnerPage, writer: InnerPage) -> None:
    """Until something that was asked for later has arrived: what has not come by then does not come."""
    said = len([frame for frame in page.heard if frame["op"] == "typing"])
    writer.put("typing", room=writer.room)
    page.wait(lambda: len(seen(page, "typing")) > said)


def test_who_chose_it_is_seen_writing_by_the_others_on_any_process(opens, ben, carla, amina):
    shows(ben, typing="on")
    his, hers, far = opens(ben), opens(carla), opens(amina, where=1)
    his.put("typing", room=his.room)
    for page in (hers, far):
        page.wait(lambda page=page: seen(page, "typing") == [["Ben"]])
    (frame,) = [frame for frame in far.heard if frame["op"] == "typing"]
    assert frame == {"op": "typing", "room": his.room, "people": [{"id": str(ben.public_id), "name": "Ben"}]}
    assert seen(his, "typing") == []


def test_a_sign_of_writing_counts_once_in_three_seconds(opens, ben, carla, amina):
    shows(ben)
    shows(carla)
    his, hers, other = opens(ben), opens(carla), opens(amina)
    for _ in range(5):
        his.put("typing", room=his.room)
    other.wait(lambda: seen(other, "typing"))
    hears_the_next(other, hers)
    assert seen(other, "typing") == [["Ben"], ["Carla"]]


def test_who_did_not_choose_it_or_may_not_write_or_is_blocked_is_not_seen_writing(opens, harbor, ben, carla, amina):
    dan = cast.person("Dan")
    cast.stay(harbor, dan)
    shows(ben)
    shows(dan)
    shows(amina)
    now = timezone.now()
    Sanction.objects.create(
        group=harbor, user=dan, starts_at=now, ends_at=now + timedelta(hours=1), by=amina, reason="Heated."
    )
    blocking.block(carla, ben.public_id, at=timezone.now())
    pages = {name: opens(who) for name, who in {"ben": ben, "carla": carla, "dan": dan, "amina": amina}.items()}
    for name in ("carla", "dan", "ben"):
        pages[name].put("typing", room=pages[name].room)
    pages["amina"].wait(lambda: seen(pages["amina"], "typing") == [["Ben"]])
    hears_the_next(pages["carla"], pages["amina"])
    assert seen(pages["carla"], "typing") == [["Amina"]]
    assert seen(pages["amina"], "typing") == [["Ben"]]


def test_who_is_not_in_the_room_is_passed_over(opens, processes, room, ben, carla, sam):
    shows(sam)
    shows(ben)
    stranger, his, hers = InnerPage(processes[0], begin_session(sam), room.public_id), opens(ben), opens(carla)
    stranger.wait(lambda: stranger.is_away)
    stranger.put("typing", room=room.public_id)
    hears_the_next(hers, his)
    assert seen(hers, "typing") == [["Ben"]]
    assert (seen(stranger, "typing"), seen(stranger, "presence")) == ([], [])


def test_who_chose_it_is_seen_while_here_and_a_little_longer(opens, comes_to_be, monkeypatch, ben, carla, amina):
    monkeypatch.setattr(here, "GRACE", 0.5)
    shows(ben)
    shows(carla, presence="on")
    hers = opens(carla)
    his, far = opens(ben), opens(amina, where=1)
    assert comes_to_be(lambda: seen(hers, "presence") == [["Ben"]])
    assert comes_to_be(lambda: seen(far, "presence")[-1:] == [["Ben", "Carla"]])
    assert comes_to_be(lambda: seen(his, "presence") == [["Carla"]])
    his.cut()
    assert comes_to_be(lambda: seen(hers, "presence") == [["Ben"], []])
    assert comes_to_be(lambda: seen(far, "presence")[-1] == ["Carla"])


def test_a_change_of_mind_counts_at_once_and_a_block_hides(opens, comes_to_be, ben, carla, amina):
    shows(ben)
    shows(amina)
    blocking.block(ben, carla.public_id, at=timezone.now())
    opens(ben)
    hers, other = opens(carla), opens(amina)
    assert comes_to_be(lambda: seen(other, "presence") == [["Ben"]])
    assert comes_to_be(lambda: seen(hers, "presence") == [["Amina"]])
    shows(ben, presence="off")
    assert comes_to_be(lambda: seen(other, "presence") == [["Ben"], []])
    assert seen(hers, "presence") == [["Amina"]]


def test_without_hints_people_of_the_same_process_still_see_each_other(opens, comes_to_be, ben, carla, amina):
    channel_layers["default"].mood = "lose"
    shows(ben)
    his, hers, far = opens(ben), opens(carla), opens(amina, where=1)
    his.put("typing", room=his.room)
    assert comes_to_be(lambda: seen(hers, "typing") == [["Ben"]] and seen(hers, "presence") == [["Ben"]])
    assert (seen(far, "typing"), seen(far, "presence")) == ([], [])


def test_what_travels_between_processes_has_ids_and_no_names(opens, comes_to_be, ben, carla):
    layer = channel_layers["default"]
    layer.mood = "hold"
    shows(ben)
    his, hers = opens(ben), opens(carla)
    his.put("typing", room=his.room)
    assert comes_to_be(lambda: seen(hers, "typing") and seen(hers, "presence"))
    assert comes_to_be(lambda: {"typing", "presence"} <= {message["hint"]["type"] for _, message in list(layer.held)})
    assert str(ben.public_id) in str(layer.held)
    assert "Ben" not in str(layer.held)
