"""The room keeps in step with its group, in the same transaction."""

from chat.following import follow, follow_person
from chat.models import Change, ChangeKind, ReadMark, Room
from chat.queries import groups_with_unread
from groups.followers import Happening
from tests import cast
from tests.cast import NOW


def version(room: Room) -> int:
    room.refresh_from_db()
    return room.membership_version


def test_a_new_group_has_a_room_once(harbor, room):
    follow(Happening.GROUP_CREATED, group=harbor, person=None, by=None, at=NOW)
    assert Room.objects.get() == room
    assert (room.head_seq, room.membership_version, room.state) == (0, 0, "open")


def test_who_comes_and_goes_is_noted_and_every_socket_looks_at_its_rights(harbor, room, amina, sam):
    follow(Happening.JOINED, group=harbor, person=sam, by=amina, at=NOW)
    assert version(room) == 1
    follow(Happening.LEFT, group=harbor, person=sam, by=amina, at=NOW)
    assert version(room) == 2
    assert [(change.seq, change.kind, change.actor) for change in Change.objects.order_by("seq")] == [
        (1, ChangeKind.JOINED, sam),
        (2, ChangeKind.LEFT, sam),
    ]


def test_a_mute_or_a_new_role_raises_the_version_and_is_no_news(harbor, room, amina, ben):
    follow(Happening.RIGHTS_CHANGED, group=harbor, person=ben, by=amina, at=NOW)
    assert (version(room), room.head_seq) == (1, 0)


def test_what_was_said_before_is_not_unread_to_who_joins(harbor, room, amina, ben, sam, say):
    say(ben, "Before")
    cast.stay(harbor, sam)
    follow(Happening.JOINED, group=harbor, person=sam, by=amina, at=NOW)
    assert [row.unread for row in groups_with_unread(sam, now=NOW)] == [0]
    say(ben, "After")
    assert [row.unread for row in groups_with_unread(sam, now=NOW)] == [1]
    assert ReadMark.objects.get().seq == 2


def test_the_end_of_an_account_concerns_the_rooms_of_that_person_alone(harbor, room, ben):
    other = cast.group("Morning Light").room
    follow_person(ben)
    assert (version(room), version(other)) == (1, 0)


def test_a_home_page_asks_the_same_of_the_database_for_one_group_and_for_three(
    harbor, room, ben, carla, say, django_assert_num_queries
):
    say(carla, "Hello")
    with django_assert_num_queries(1):
        assert [(row.group.name, row.unread, row.last_at) for row in groups_with_unread(ben, now=NOW)] == [
            ("Quiet Harbor", 1, NOW)
        ]
    for name in ("Morning Light", "Long Road"):
        cast.stay(cast.group(name), ben)
    with django_assert_num_queries(1):
        assert [row.group.name for row in groups_with_unread(ben, now=NOW)] == [
            "Quiet Harbor",
            "Long Road",
            "Morning Light",
        ]
