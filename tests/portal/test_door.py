"""The listening socket that web servers share."""

import socket

from portal.supervising.web import open_door


def test_a_link_sends_each_frame_at_once():
    with socket.socket() as door, socket.socket() as visitor:
        open_door(door, ("127.0.0.1", 0))
        visitor.connect(door.getsockname())
        link, _ = door.accept()
        with link:
            assert link.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
