"""A real SMTP server on loopback: STARTTLS or TLS, logins, and answers a test chooses."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.support.certs import Certificates
from tests.support.dovecot import PASSWORD, USER, free_port
from tests.support.waiting import PATIENCE


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail as the server took it."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    user: str
    encrypted: bool


@dataclass(slots=True)
class MailServer:
    """The running server: what it took, and how it answers."""

    port: int
    certificates: Certificates | None
    taken: list[Delivered] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    """Recipient → answer, such as ``550 no such user``."""
    tokens: Collection[str] = ()
    """Access tokens that log in by XOAUTH2."""
    after_data: Callable[[Any], str] | None = None
    """Called with the server when the content is there; gives the answer."""

    def settings(self, security: str = "starttls") -> dict[str, Any]:
        """Return the channel settings that reach this server."""
        return {"smtp_host": "localhost", "smtp_port": self.port, "smtp_security": security}

    async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:
        said = base64.b64decode(arguments[1]) if len(arguments) > 1 else b""
        known = [f"user={USER}\1auth=Bearer {token}\1\1".encode() for token in self.tokens]
        good = said in known
        return AuthResult(success=good, handled=False, auth_data=USER if good else None)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.refuse.get(address, "")
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.after_data(server) if self.after_data else "250 queued as 1"
        if answer.startswith("2"):
            content = envelope.content
            self.taken.append(
                Delivered(
                    envelope.mail_from or "",
                    tuple(envelope.rcpt_tos),
                    content if isinstance(content, bytes) else b"",
                    str(session.auth_data or ""),
                    _is_encrypted(server),
                )
            )
        return answer


def _is_encrypted(server: SMTP) -> bool:
    transport = server.transport
    return transport is not None and transport.get_extra_info("sslcontext") is not None


def _check_login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=good, handled=False, auth_data=USER if good else None)


@contextmanager
def running_smtp(
    certificates: Certificates | None, *, security: str = "starttls", login: bool = True
) -> Iterator[MailServer]:
    """Give a running server and end it afterwards."""
    context = None
    if certificates is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificates.certificate, certificates.key)
    server = MailServer(free_port(), certificates)
    options: dict[str, Any] = {"enable_SMTPUTF8": True}
    if login:
        options |= {
            "authenticator": _check_login,
            "auth_required": security == "starttls",
            "auth_require_tls": security == "starttls",
        }
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    controller = Controller(
        server,
        hostname="localhost",
        port=server.port,
        ready_timeout=PATIENCE,
        ssl_context=context if security == "tls" else None,
        **options,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
