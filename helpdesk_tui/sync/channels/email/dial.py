"""The connection under IMAP: TLS that cannot be stripped, time limits, keepalive.

``imaplib`` would read ahead over a STARTTLS answer and would accept a server that greets with
PREAUTH; both let somebody on the path speak before the encryption. So the plain-text part of the
dialogue is ours, byte by byte, and ``imaplib`` starts after it.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import imaplib
import logging
import os
import re
import select
import socket
import ssl
from collections.abc import Sequence
from typing import Any

from imapclient import IMAPClient

from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.sync.channels.email.answers import Answer, read_answers
from helpdesk_tui.sync.channels.email.settings import Endpoint, Security
from helpdesk_tui.sync.channels.errors import Retry

# its warnings quote the server, and without a handler they would go to the terminal
logging.getLogger("imapclient").addHandler(logging.NullHandler())

CONNECT_TIMEOUT = 20.0
READ_TIMEOUT = 60.0
_MAX_LINE = 8192
_MAX_PLAIN_LINES = 50
_PRINTED_BYTES = re.compile(r"""b(['"]).*\1""", re.DOTALL)


def connect_socket(host: str, port: int) -> socket.socket:
    """Connect with time limits, and keepalive so that a dead peer is noticed in two minutes."""
    link = socket.create_connection((host, port), CONNECT_TIMEOUT)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3)):
        option = getattr(socket, name, None)
        if option is not None:
            link.setsockopt(socket.IPPROTO_TCP, option, value)
    return link


def _plain_line(link: socket.socket) -> bytes:
    """Read one line and not a byte more."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = link.recv(1)
        if not byte:
            raise OSError("the server closed the connection")
        line += byte
        if len(line) > _MAX_LINE:
            raise OSError("the server sent an endless line")
    return bytes(line)


def _require_greeting(line: bytes, endpoint: Endpoint) -> None:
    """Refuse every greeting but a plain OK, before any password could be sent."""
    word = line.split(b" ", 2)[1:2]
    if word == [b"PREAUTH"]:
        raise Retry("imap.preauth", host=endpoint.host)
    if word != [b"OK"]:
        raise Retry("imap.greeting", host=endpoint.host, text=said(line))


def _upgrade(link: socket.socket, endpoint: Endpoint) -> tuple[socket.socket, bytes]:
    """Speak STARTTLS; return the encrypted socket and the greeting that came before it."""
    greeting = _plain_line(link)
    _require_greeting(greeting, endpoint)
    link.sendall(b"T0 STARTTLS\r\n")
    for _ in range(_MAX_PLAIN_LINES):
        line = _plain_line(link)
        if line.startswith(b"T0 "):
            break
    if not line.startswith(b"T0 OK"):
        raise Retry("imap.no-starttls", host=endpoint.host, text=said(line))
    if select.select([link], [], [], 0)[0]:
        raise Retry("imap.glued", host=endpoint.host)
    return endpoint.context().wrap_socket(link, server_hostname=endpoint.host), greeting


class _Protocol(imaplib.IMAP4):
    """``imaplib`` on a socket of ours."""

    def __init__(self, endpoint: Endpoint, max_literal: int) -> None:
        self._endpoint = endpoint
        self._greeting = b""
        self._max_literal = max_literal
        super().__init__(endpoint.host, endpoint.port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        endpoint = self._endpoint
        link = connect_socket(endpoint.host, endpoint.port)
        try:
            if endpoint.security is Security.TLS:
                return endpoint.context().wrap_socket(link, server_hostname=endpoint.host)
            if endpoint.security is Security.STARTTLS:
                link, self._greeting = _upgrade(link, endpoint)
        except BaseException:
            link.close()
            raise
        return link

    def readline(self) -> bytes:
        if self._greeting:
            line, self._greeting = self._greeting, b""
            return line
        return super().readline()

    def read(self, size: int) -> bytes:
        if size > self._max_literal:
            raise self.abort(f"literal of {size} bytes")
        data = super().read(size)
        if len(data) < size:
            raise self.abort("connection lost in a literal")
        return data


class Client(IMAPClient):  # type: ignore[misc]
    """An IMAP client that is connected as its endpoint demands, not yet logged in."""

    def __init__(self, endpoint: Endpoint, max_literal: int) -> None:
        self._endpoint = endpoint
        self._max_literal = max_literal
        super().__init__(endpoint.host, endpoint.port, ssl=False, timeout=READ_TIMEOUT)
        self.normalise_times = False
        self._imap.debug = 0
        try:
            _require_greeting(self.welcome, endpoint)
        except BaseException:
            self.shutdown()
            raise

    def forget_capabilities(self) -> None:
        """Ask for them again at the next need: a login changes them."""
        self._cached_capabilities = None

    def fetch_items(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, Answer]:
        """Fetch items of mails by UID; mails that vanished are missing in the answer."""
        ids = ",".join(map(str, uids))
        kind, data = self._imap.uid("FETCH", ids, f"({' '.join(items)})")
        self._checkok("fetch", kind, data)
        answers = read_answers(data)
        return {uid: answers[uid] for uid in uids if uid in answers}

    def _create_IMAP4(self) -> imaplib.IMAP4:
        return _Protocol(self._endpoint, self._max_literal)


def open_client(endpoint: Endpoint, max_literal: int) -> Client:
    """Connect; blocks at most the connect time limit.

    Raises:
        Retry: if the server is not reached, speaks nonsense, or must not hear a password.
    """
    where: dict[str, Any] = {"host": endpoint.host, "port": endpoint.port}
    try:
        return Client(endpoint, max_literal)
    except ssl.SSLCertVerificationError as error:
        raise Retry("imap.certificate", **where, reason=error.verify_message) from error
    except ssl.SSLError as error:
        raise Retry("imap.tls", **where, reason=said(error)) from error
    except (OSError, imaplib.IMAP4.error, ValueError, LookupError, AttributeError) as error:
        # the library reads what a server says as ASCII, and trusts it to have all its words
        raise Retry("imap.unreachable", **where, reason=said(error)) from error


def said(what: object) -> str:
    """Return what the other side, or the system, said as one short harmless line."""
    if isinstance(what, Exception) and isinstance(what.__cause__, OSError):
        what = what.__cause__
    if isinstance(what, ssl.SSLError) and what.reason:
        what = what.reason.replace("_", " ").lower()  # its number is none of the system's
    elif isinstance(what, OSError) and what.strerror:
        # asyncio puts addresses into its texts; errors of names have negative numbers
        what = os.strerror(what.errno) if what.errno and what.errno > 0 else what.strerror
    elif isinstance(what, Exception) and len(what.args) == 1:
        what = what.args[0]
    if isinstance(what, str) and _PRINTED_BYTES.fullmatch(what):
        # imapclient hands on the answer as imaplib printed it, bytes marks and all
        with contextlib.suppress(ValueError, SyntaxError):
            what = ast.literal_eval(what)
    text = what.decode("utf-8", "replace") if isinstance(what, bytes) else str(what)
    return shorten(clean(text.strip()), 200)


def without(password: str, text: str) -> str:
    """Return what a server said about a login, should it have repeated the password."""
    coded = base64.b64encode(password.encode()).decode()
    for each in (password, clean(password), coded):
        text = text.replace(each, "***") if each else text
    return text
