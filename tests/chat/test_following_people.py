"""A person's sessions end: the rooms know it in the same transaction, so nothing later reaches an open socket."""

import pytest

from chat.models import Room
from portal.accounts.sessions import end_sessions


@pytest.mark.parametrize("how", ["every session", "sign out"])
def test_the_rooms_of_a_person_doubt_every_socket_once_a_session_ends(harbor, ben, signed_in, how):
    client = signed_in(ben)
    before = Room.objects.get(group=harbor).membership_version

    if how == "every session":
        assert end_sessions(ben) == 1
    else:
        client.post("/account/logout/")

    assert Room.objects.get(group=harbor).membership_version > before


def test_a_stranger_who_signs_out_troubles_no_room(harbor, sam, signed_in):
    client = signed_in(sam)
    before = Room.objects.get(group=harbor).membership_version
    client.post("/account/logout/")
    assert Room.objects.get(group=harbor).membership_version == before
