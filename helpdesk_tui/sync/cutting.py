"""Cutting connections from another thread: a time limit for each byte alone is none for drips."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any


class Cutter:
    """Knows the sockets of one client's connections; used by its thread, :meth:`cut` by any."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._is_closed = False

    @property
    def extensions(self) -> dict[str, Any]:
        """What a request of httpx has to be given, so that it can be cut."""
        return {"trace": self._watch}

    def cut(self) -> None:
        """End what is read from or written to just now."""
        for each in self._sockets:
            # closing alone leaves the thread waiting that reads from it
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Cut all, and what is connected from now on as well: nobody would close that later."""
        self._is_closed = True
        self.cut()

    @contextmanager
    def ending(self, seconds: float) -> Iterator[Callable[[], bool]]:
        """Cut what lasts longer; gives what tells whether that has happened."""
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            self.cut()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield is_late.is_set
        finally:
            timer.cancel()

    def _watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the sockets of connections, as only those can be cut from another thread."""
        if event == "connection.connect_tcp.complete":
            found = info["return_value"].get_extra_info("socket")
            if isinstance(found, socket.socket):
                self._sockets = [each for each in self._sockets if each.fileno() >= 0]
                self._sockets.append(found)
                if self._is_closed:
                    # its client was closed while it was being connected, and knows nothing of it
                    found.close()
