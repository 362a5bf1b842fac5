"""A reader that says hello and then reads no byte."""

import base64
import os
import socket


def stall(port: int, origin: str, cookie: str, room: str, *, seen: int = 0) -> socket.socket:
    """Its link, which holds as little as a link can; the room is asked for from a number on."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.connect(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    link.sendall(
        f"GET /ws/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: portal.v1\r\n"
        f"Origin: {origin}\r\nCookie: {cookie}\r\n\r\n".encode()
    )
    link.recv(1024)
    hello = f'{{"op":"hello","epoch":null,"rooms":{{"{room}":{seen}}}}}'.encode()
    link.sendall(bytes([0x81, 0x80 | len(hello)]) + b"\0\0\0\0" + hello)
    return link
