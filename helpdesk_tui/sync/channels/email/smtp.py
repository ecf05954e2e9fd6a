"""Sending over SMTP, step by step: the caller learns when the content is about to leave."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiosmtplib

from helpdesk_tui.sync.channels.email.dial import said, without
from helpdesk_tui.sync.channels.email.settings import EmailSettings, Security
from helpdesk_tui.sync.channels.errors import AuthFailed, Rejected, Retry, Uncertain

_CONNECT_TIMEOUT = 20.0
_COMMAND_TIMEOUT = 60.0
_DATA_TIMEOUT = 300.0
_TEMPORARY = range(400, 500)
_OUT_OF_ORDER = 503
_MAX_ENVELOPE_ID = 100
"""Characters of an envelope id, as RFC 3461 has it."""
_MAX_ORIGINAL = 480
_AUTH_REFUSED = (530, 534, 535, 538)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A recipient that the server did not take."""

    address: str
    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail that the server took."""

    text: str
    """What the server said, often its queue id."""
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What is asked of a server that reports failures and delays (RFC 3461)."""

    envelope_id: str

    def mail_options(self) -> list[str]:
        """Return the options of MAIL: headers only, since a report needs no more."""
        return ["RET=HDRS", f"ENVID={xtext(self.envelope_id[:_MAX_ENVELOPE_ID])}"]

    def recipient_options(self, address: str) -> list[str]:
        """Return the options of RCPT: not when all went well, and which address it is about."""
        options = ["NOTIFY=FAILURE,DELAY"]
        original = xtext(address)
        return [*options, f"ORCPT=rfc822;{original}"] if len(original) < _MAX_ORIGINAL else options


def xtext(text: str) -> str:
    """Return a text as options of SMTP carry it: what is no plain ASCII as ``+2B``."""
    return "".join(
        chr(byte) if 0x21 <= byte <= 0x7E and byte not in b"+=" else f"+{byte:02X}"
        for byte in text.encode("utf-8", "replace")
    )


class Mailer:
    """One SMTP connection, kept for several mails; used by one thread, blocking."""

    def __init__(self, settings: EmailSettings, password: str) -> None:
        self._settings = settings
        self._password = password
        self._runner = asyncio.Runner()
        self._client: aiosmtplib.SMTP | None = None

    def connect(self) -> None:
        """Connect, encrypt and log in as the settings demand.

        Raises:
            Retry: if the server is not reached or not to be trusted with a password.
            AuthFailed: if it refuses the login.
        """
        self._runner.run(self._connect())

    def send(
        self,
        sender: str,
        recipients: Sequence[str],
        raw: bytes,
        before_data: Callable[[], None],
        *,
        envelope_id: str = "",
    ) -> Sent:
        """Send a mail; blocks.

        Args:
            sender: Envelope sender.
            recipients: Envelope recipients.
            raw: The finished mail.
            before_data: Called right before the content may reach the server.
            envelope_id: What a report of a failure or delay shall name; the server is asked for
                such reports where it offers them. Empty asks for nothing.

        Raises:
            Retry: if nothing left, and a later try may do.
            Rejected: if the server refused the mail or every recipient for good.
            Uncertain: if the connection broke after the content began to leave.
        """
        # without a sender there is nobody to report to
        report = Report(envelope_id) if sender and envelope_id else None
        return self._runner.run(self._send(sender, recipients, raw, before_data, report))

    def close(self) -> None:
        """Say goodbye and drop the connection."""
        self._runner.run(self._quit())
        self._runner.close()

    @property
    def size_limit(self) -> int:
        """The largest mail that the server says it takes; 0 if it does not say."""
        return 0 if self._client is None else _size_limit(self._client)

    @property
    def connected(self) -> bool:
        """Whether a connection stands."""
        return self._client is not None and self._client.is_connected

    async def _connect(self) -> None:
        endpoint = self._settings.smtp
        where: dict[str, Any] = {"host": endpoint.host, "port": endpoint.port}
        client = aiosmtplib.SMTP(
            hostname=endpoint.host,
            port=endpoint.port,
            timeout=_CONNECT_TIMEOUT,
            use_tls=endpoint.security is Security.TLS,
            start_tls=False,
            tls_context=None if endpoint.security is Security.NONE else endpoint.context(),
        )
        try:
            await client.connect()
            if endpoint.security is Security.STARTTLS:
                await _start_tls(client, endpoint.host)
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
            if self._settings.smtp_user:
                await self._login(client)
        except ssl.SSLCertVerificationError as error:
            await _drop(client)
            raise Retry("smtp.certificate", **where, reason=error.verify_message) from error
        except (OSError, aiosmtplib.SMTPException) as error:
            await _drop(client)
            raise _connect_error(error, where) from error
        except BaseException:
            await _drop(client)
            raise
        self._client = client

    async def _login(self, client: aiosmtplib.SMTP) -> None:
        user = self._settings.smtp_user
        if not client.supported_auth_methods:
            raise Retry("smtp.no-login", host=self._settings.smtp.host)
        try:
            if self._settings.uses_token:
                await client.auth_xoauth2(user, self._password, timeout=_COMMAND_TIMEOUT)
            else:
                await client.login(user, self._password, timeout=_COMMAND_TIMEOUT)
        except aiosmtplib.SMTPResponseException as error:
            text = without(self._password, said(error.message))
            if error.code in _TEMPORARY:
                raise Retry("smtp.busy", status=error.code, text=text) from None
            raise AuthFailed("smtp.login-refused", user=user, text=text) from None

    async def _send(
        self,
        sender: str,
        recipients: Sequence[str],
        raw: bytes,
        before_data: Callable[[], None],
        report: Report | None,
    ) -> Sent:
        if not self.connected:
            await self._connect()
        client = self._client
        if client is None:
            raise Retry("smtp.lost", reason="not connected")
        limit = _size_limit(client)
        if 0 < limit < len(raw):
            text = f"the mail has {len(raw)} bytes, the server takes {limit}"
            raise Rejected("smtp.too-large", size=len(raw), limit=limit, text=text)
        report = report if client.supports_extension("dsn") else None
        options = _options(client, raw) + (report.mail_options() if report else [])
        try:
            await client.mail(sender, options=options, timeout=_COMMAND_TIMEOUT)
            refused = await _recipients(client, recipients, report)
        except aiosmtplib.SMTPResponseException as error:
            await _reset(client, error.code)
            raise _refused(error.code, error.message) from error
        except (OSError, aiosmtplib.SMTPException) as error:
            await _drop(client)
            raise Retry("smtp.lost", reason=said(error)) from error
        except (Retry, Rejected) as error:
            await _reset(client, error.values.get("status"))
            raise
        try:
            before_data()
        except BaseException:
            # the next mail on this connection would come inside this one
            await _reset(client)
            raise
        return await self._content(client, raw, refused)

    async def _content(
        self, client: aiosmtplib.SMTP, raw: bytes, refused: tuple[Refusal, ...]
    ) -> Sent:
        try:
            answer = await client.data(raw, timeout=_DATA_TIMEOUT)
        except aiosmtplib.SMTPResponseException as error:
            await _reset(client, error.code)
            raise _refused(error.code, error.message) from error
        except (OSError, aiosmtplib.SMTPException) as error:
            await _drop(client)
            raise Uncertain("smtp.lost-in-data", reason=said(error)) from error
        return Sent(said(answer.message), refused)

    async def _quit(self) -> None:
        client, self._client = self._client, None
        if client is None or not client.is_connected:
            return
        transport = client.transport
        with suppress(OSError, aiosmtplib.SMTPException):
            await client.quit(timeout=5.0)
        await _drop(client, transport)


async def _drop(client: aiosmtplib.SMTP, transport: asyncio.BaseTransport | None = None) -> None:
    """Cut the connection at once.

    A polite end of TLS waits for the server's, and nobody would be there any more to hear it: the
    socket would stay open until it is collected.
    """
    transport = client.transport or transport
    client.close()
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
        await asyncio.sleep(0)


async def _start_tls(client: aiosmtplib.SMTP, host: str) -> None:
    """Go into TLS or fail; refuse plain text that came along with the server's consent."""
    heard = bytearray()
    protocol = client.protocol
    if protocol is None:
        raise Retry("smtp.lost", reason="not connected")
    await client.ehlo()
    if not client.supports_extension("starttls"):
        raise Retry("smtp.no-starttls", host=host)
    receive = protocol.data_received

    def overheard(data: bytes) -> None:
        heard.extend(data)
        receive(data)

    protocol.data_received = overheard  # type: ignore[method-assign]
    try:
        await client.starttls(server_hostname=host, timeout=_CONNECT_TIMEOUT)
    except aiosmtplib.SMTPResponseException as error:
        raise Retry("smtp.no-starttls", host=host, text=said(error.message)) from error
    finally:
        protocol.data_received = receive  # type: ignore[method-assign]
    if heard.count(b"\n") != sum(line[:3] == b"220" for line in heard.splitlines()):
        raise Retry("smtp.glued", host=host)


def _options(client: aiosmtplib.SMTP, raw: bytes) -> list[str]:
    options = []
    if client.supports_extension("size"):
        options.append(f"size={len(raw)}")
    if not raw.isascii() and client.supports_extension("8bitmime"):
        options.append("body=8bitmime")
    return options


def _size_limit(client: aiosmtplib.SMTP) -> int:
    value = client.esmtp_extensions.get("size", "").strip()
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 16 else 0


async def _recipients(
    client: aiosmtplib.SMTP, recipients: Sequence[str], report: Report | None
) -> tuple[Refusal, ...]:
    """Name the recipients; return those refused, unless that are all."""
    refused = []
    for address in recipients:
        try:
            options = report.recipient_options(address) if report else []
            await client.rcpt(address, options=options, timeout=_COMMAND_TIMEOUT)
        except aiosmtplib.SMTPResponseException as error:
            refused.append(Refusal(address, error.code, said(error.message)))
        except ValueError as error:
            refused.append(Refusal(address, 553, said(error)))
    if len(refused) == len(recipients):
        worst = min(refused, key=lambda refusal: refusal.code, default=Refusal("", 554, ""))
        raise _refused(worst.code, worst.text, address=worst.address)
    return tuple(refused)


def _refused(code: int, text: object, **values: Any) -> Retry | Rejected:
    if code in _TEMPORARY or code == _OUT_OF_ORDER:
        return Retry("smtp.busy", status=code, text=said(text), **values)
    if code in _AUTH_REFUSED:
        return Retry("smtp.login-wanted", status=code, text=said(text))
    return Rejected("smtp.refused", status=code, text=said(text), **values)


def _connect_error(error: Exception, where: dict[str, Any]) -> Retry:
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Retry("smtp.certificate", **where, reason=cause.verify_message)
    if isinstance(cause, ssl.SSLError):
        return Retry("smtp.tls", **where, reason=said(cause))
    return Retry("smtp.unreachable", **where, reason=said(error))


async def _reset(client: aiosmtplib.SMTP, code: object = None) -> None:
    """Forget the mail under way; a server out of step with us gets a new connection instead."""
    if code == _OUT_OF_ORDER:
        await _drop(client)
        return
    try:
        await client.rset(timeout=_COMMAND_TIMEOUT)
    except (OSError, aiosmtplib.SMTPException):
        await _drop(client)
