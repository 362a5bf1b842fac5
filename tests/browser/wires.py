"""A way from a browser to a portal that breaks in the middle of what is being sent."""

import contextlib
import socket
import threading

PIECE = 16 * 1024


class Wire:
    """Passes bytes on as they are, until it is cut; then nobody gets through until it is mended."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.target = 0
        self._most: int | None = None
        self._cut = threading.Event()
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()  # a link that begins while all are cut must not be forgotten
        threading.Thread(target=self._take, daemon=True).start()

    def breaks_after(self, count: int) -> None:
        """The next link that brings more bytes than this takes all of the wire along."""
        self._most = count

    @property
    def is_cut(self) -> bool:
        return self._cut.is_set()

    def mend(self) -> None:
        """Who comes now gets through."""
        self._most = None
        self._cut.clear()

    def close(self) -> None:
        """For good."""
        self._end_all()
        self._door.close()

    def _take(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _ = self._door.accept()
                with self._lock:
                    if self.is_cut:
                        near.close()
                        continue
                    far = socket.create_connection(("127.0.0.1", self.target))
                    self._ends |= {near, far}
                threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, counts: bool) -> None:
        carried = 0
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                carried += len(piece)
                if counts and self._most is not None and carried > self._most:
                    with self._lock:
                        self._cut.set()
                        self._end_all()
                    return
                sink.sendall(piece)
        for end in (source, sink):
            _end(end)
            self._ends.discard(end)

    def _end_all(self) -> None:
        for end in list(self._ends):
            _end(end)
        self._ends.clear()


def _end(end: socket.socket) -> None:
    """Both sides hear of it, also while somebody waits for a byte here: merely closed, it would stay open for them."""
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
