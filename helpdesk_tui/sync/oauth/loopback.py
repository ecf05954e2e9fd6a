"""Where the browser comes back to after signing in: a socket of this machine, or a pasted line.

RFC 8252 section 7.3: the redirect goes to a free port of 127.0.0.1. Over SSH the browser cannot
reach it; then its address line holds all that is needed, and the person pastes it.
"""

from __future__ import annotations

import selectors
import socket
import time
from types import TracebackType
from typing import TextIO
from urllib.parse import parse_qs, urlsplit

from helpdesk_tui.domain.errors import RemoteError

_READ_TIMEOUT = 5.0
_MAX_REQUEST = 16_384
_PAGE = (
    b"<!doctype html><meta charset=utf-8><title>helpdesk</title>"
    b"<p>Done. You can close this page and go back to the terminal.</p>"
)


class Loopback:
    """Listens on this machine only, for one answer of a browser."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.redirect = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def __enter__(self) -> Loopback:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def wait(self, pasted: TextIO | None, seconds: float, *, state: str) -> str:
        """Return the address the browser was sent to, by itself or as a pasted line; blocks.

        Args:
            pasted: Where a person may paste it.
            seconds: How long to wait.
            state: What the answer has to carry: anybody on this machine can knock here, and shall
                not be able to end a sign-in that is under way.

        Raises:
            RemoteError: ``oauth.expired`` after ``seconds``.
        """
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            if pasted is not None:
                selector.register(pasted, selectors.EVENT_READ)
            while (left := deadline - time.monotonic()) > 0:
                for key, _ in selector.select(left):
                    address = self._answer(state) if key.fileobj is self._listener else None
                    if key.fileobj is pasted and pasted is not None:
                        line = pasted.readline()
                        if not line:
                            selector.unregister(pasted)
                        address = line.strip()
                    if address:
                        return address
        raise RemoteError("oauth.expired")

    def _answer(self, state: str) -> str | None:
        """Read one request; return its address if it is the one that was asked for."""
        link, _ = self._listener.accept()
        with link:
            link.settimeout(_READ_TIMEOUT)
            try:
                target = _target(link)
                query = parse_qs(urlsplit(target).query)
                is_ours = query.get("state") == [state] and bool(query.keys() & {"code", "error"})
                status = b"200 OK" if is_ours else b"404 Not Found"
                page = _PAGE if is_ours else b""
                link.sendall(
                    b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html; charset=utf-8\r\n"
                    b"Content-Security-Policy: default-src 'none'\r\nConnection: close\r\n"
                    b"Content-Length: " + str(len(page)).encode() + b"\r\n\r\n" + page
                )
            except (OSError, ValueError):
                return None
        return f"{self.redirect}{target}" if is_ours else None


def _target(link: socket.socket) -> str:
    """Return the target of a GET request, read up to the end of its head."""
    head = bytearray()
    deadline = time.monotonic() + _READ_TIMEOUT
    while b"\r\n\r\n" not in head and len(head) < _MAX_REQUEST and time.monotonic() < deadline:
        part = link.recv(4096)
        if not part:
            break
        head += part
    words = bytes(head).split(b"\r\n", 1)[0].split(b" ")
    if len(words) < 2 or words[0] != b"GET" or not words[1].startswith(b"/"):
        return "/"
    return words[1].decode("ascii", "replace")
