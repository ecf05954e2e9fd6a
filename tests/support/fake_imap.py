"""A scripted IMAP server on a socket: it answers well until the script says otherwise."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from helpdesk_tui.sync.channels.email.imap import Mailbox
from helpdesk_tui.sync.channels.email.settings import read_settings
from tests.support.certs import Certificates
from tests.support.waiting import PATIENCE

Handler = Callable[["Session", bytes, bytes], bool]
"""Gets the session, the tag and the rest of a command; True if it answered."""


@dataclass(slots=True)
class FakeImap:
    """What the server holds, and where it misbehaves."""

    greeting: bytes = b"* OK ready\r\n"
    capabilities: bytes = b"IMAP4rev1 IDLE STARTTLS"
    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 1
    password: str = "secret"
    script: dict[bytes, Handler] = field(default_factory=dict)
    """Command word (``FETCH`` for UID FETCH) → handler that replaces the usual answer."""
    certificates: Certificates | None = None
    commands: list[bytes] = field(default_factory=list)
    logins: int = 0
    connections: int = 0
    port: int = 0

    def settings(self, **more: Any) -> dict[str, Any]:
        """Return the channel settings that reach this server."""
        return {
            "imap_host": "localhost",
            "imap_port": self.port,
            "imap_security": "none",
            "smtp_host": "localhost",
            "smtp_security": "none",
            "smtp_port": 9,
            "user": "support@shop.example",
            **more,
        }


class Session:
    """One connection to the fake server."""

    def __init__(self, server: FakeImap, link: socket.socket) -> None:
        self.server = server
        self.link = link
        self.file = link.makefile("rb")

    def say(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.link.sendall(data)

    def drop(self) -> None:
        """Cut the connection."""
        with suppress(OSError):
            self.link.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        """Answer commands until the client or the script ends the connection."""
        self.say(self.server.greeting)
        while line := self.file.readline():
            tag, _, rest = line.strip().partition(b" ")
            self.server.commands.append(rest)
            words = rest.upper().split()
            if not words:
                continue
            name = words[1] if words[0] == b"UID" else words[0]
            custom = self.server.script.get(name)
            if custom and custom(self, tag, rest):
                continue
            usual = getattr(self, f"do_{name.decode().lower()}", None)
            if usual is None:
                self.say(tag + b" OK done\r\n")
            elif usual(tag, rest) is False:
                return

    def do_capability(self, tag: bytes, rest: bytes) -> None:
        self.say(b"* CAPABILITY " + self.server.capabilities + b"\r\n" + tag + b" OK done\r\n")

    def do_starttls(self, tag: bytes, rest: bytes) -> None:
        files = self.server.certificates
        if files is None:
            self.say(tag + b" BAD unknown command\r\n")
            return
        self.say(tag + b" OK begin\r\n")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(files.certificate, files.key)
        self.file.close()
        self.link = context.wrap_socket(self.link, server_side=True, do_handshake_on_connect=False)
        self.link.do_handshake()
        self.file = self.link.makefile("rb")

    def do_login(self, tag: bytes, rest: bytes) -> None:
        self.server.logins += 1
        if self.server.password.encode() in rest:
            self.say(tag + b" OK logged in\r\n")
        else:
            self.say(tag + b" NO [AUTHENTICATIONFAILED] wrong\r\n")

    def do_examine(self, tag: bytes, rest: bytes) -> None:
        server = self.server
        following = max(server.mails, default=0) + 1
        self.say(
            b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] v\r\n* OK [UIDNEXT %d] n\r\n"
            % (len(server.mails), server.validity, following)
        )
        self.say(tag + b" OK [READ-ONLY] done\r\n")

    def do_search(self, tag: bytes, rest: bytes) -> None:
        span = rest.split()[-1]
        low, _, high = span.partition(b":")
        last = max(self.server.mails, default=0) if high == b"*" else int(high or low)
        found = [uid for uid in sorted(self.server.mails) if int(low) <= uid <= last]
        self.say(b"* SEARCH " + b" ".join(b"%d" % uid for uid in found) + b"\r\n")
        self.say(tag + b" OK done\r\n")

    def do_fetch(self, tag: bytes, rest: bytes) -> None:
        for number, uid in enumerate(uids_of(rest), 1):
            raw = self.server.mails.get(uid)
            if raw is not None:
                self.say(answer(number, uid, raw, rest))
        self.say(tag + b" OK done\r\n")

    def do_idle(self, tag: bytes, rest: bytes) -> None:
        self.say(b"+ idling\r\n")
        self.file.readline()
        self.say(tag + b" OK done\r\n")

    def do_logout(self, tag: bytes, rest: bytes) -> bool:
        self.say(b"* BYE\r\n" + tag + b" OK bye\r\n")
        return False


def uids_of(command: bytes) -> list[int]:
    """Return the UIDs that a UID FETCH asks for."""
    out: list[int] = []
    for part in command.split()[2].split(b","):
        low, _, high = part.partition(b":")
        out += range(int(low), int(high or low) + 1)
    return out


def answer(number: int, uid: int, raw: bytes, command: bytes) -> bytes:
    """Return the FETCH line of one mail with the items the command asks for."""
    date = b'INTERNALDATE "21-Nov-2026 10:00:00 +0000"'
    if b"RFC822.SIZE" in command:
        date = b" " + date if b"INTERNALDATE" in command else b""
        return b"* %d FETCH (UID %d RFC822.SIZE %d%s)\r\n" % (number, uid, len(raw), date)
    name = b"BODY[]"
    if b"HEADER" in command:
        name, raw = b"BODY[HEADER]", raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    if b"<0." in command:
        name += b"<0>"
        raw = raw[: int(command.partition(b"<0.")[2].partition(b">")[0])]
    return b"* %d FETCH (UID %d %s %s {%d}\r\n%s)\r\n" % (
        number, uid, date, name, len(raw), raw,
    )  # fmt: skip


@contextmanager
def running_fake(server: FakeImap) -> Iterator[FakeImap]:
    """Let the server listen on loopback while the block runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    server.port = listener.getsockname()[1]
    links: list[socket.socket] = []

    def serve(link: socket.socket) -> None:
        session = Session(server, link)
        with suppress(OSError, ValueError):
            session.run()
        session.file.close()
        session.link.close()

    def accept() -> None:
        with suppress(OSError):
            while True:
                link, _ = listener.accept()
                server.connections += 1
                links.append(link)
                threading.Thread(target=serve, args=(link,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for link in links:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        thread.join(PATIENCE)


def connect(server: FakeImap, password: str = "secret", **more: object) -> Mailbox:
    """Log in to a fake server."""
    return Mailbox(read_settings(json.dumps(server.settings(**more)), "u@x.example"), password)
