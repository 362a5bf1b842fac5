"""The network between pages and servers: it can be slow, silent, half open, cut or away. Bytes pass as they are."""

import asyncio
import contextlib
import socket
import struct

PIECE = 64 * 1024
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: the other side hears a reset, not a goodbye


class Link:
    """One page's way to the server and back."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.passing = asyncio.Event()
        self.passing.set()
        self.page_side: asyncio.StreamWriter | None = None
        self.server_side: asyncio.StreamWriter | None = None

    async def carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Pass on what comes, until one side ends."""
        with contextlib.suppress(OSError):
            while piece := await source.read(PIECE):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self.passing.wait()
                target.write(piece)
                await target.drain()

    def hold(self) -> None:
        """From now on nothing passes, and nobody is told."""
        self.passing.clear()

    def release(self) -> None:
        """What was held passes now."""
        self.passing.set()

    def cut(self, *, half: bool = False) -> None:
        """End it with a reset; half of it: the page alone hears of it, and the server of nothing."""
        if half:
            self.hold()
        for side in [self.page_side] if half else [self.page_side, self.server_side]:
            if side is not None and (raw := side.get_extra_info("socket")) is not None:
                with contextlib.suppress(OSError):
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                side.transport.abort()


class Proxy:
    """Takes links on one door and passes them on to another, both on this machine."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.away = False
        self.links: dict[int, Link] = {}  # by the page's own port
        self._server: asyncio.Server | None = None

    async def open(self, door: socket.socket) -> None:
        """Begin to take links."""
        self._server = await asyncio.start_server(self._take, sock=door, backlog=512)

    async def close(self) -> None:
        """Take no more, and end what there is."""
        if self._server is not None:
            self._server.close()
        for link in list(self.links.values()):
            link.cut()
            link.release()
        for _ in range(40):
            if not self.links:
                break
            await asyncio.sleep(0.05)

    async def _take(self, page_in: asyncio.StreamReader, page_out: asyncio.StreamWriter) -> None:
        link = Link()
        link.page_side = page_out
        if self.away:
            link.cut()
            return
        port = page_out.get_extra_info("peername")[1]
        self.links[port] = link
        try:
            server_in, link.server_side = await asyncio.open_connection("127.0.0.1", self.target)
            ways = [link.carry(page_in, link.server_side), link.carry(server_in, page_out)]
            tasks = [asyncio.create_task(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await link.passing.wait()  # half open: the server hears of the end when the network says so
            for task in tasks:
                task.cancel()
        except OSError:
            pass
        finally:
            self.links.pop(port, None)
            for side in (page_out, link.server_side):
                if side is not None:
                    side.close()
