"""The settings of an e-mail account, as its channel account keeps them."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from helpdesk_tui.domain.accounts import settings_in
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.web_addresses import is_loopback

DEFAULT_MAX_SIZE = 50_000_000


class Security(StrEnum):
    """How a connection is protected; there is no "if the server offers it"."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


_IMAP_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
_SMTP_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One server and how to reach it."""

    host: str
    port: int
    security: Security
    ca_file: str = ""

    def context(self) -> ssl.SSLContext:
        """Return a TLS context that checks certificate and host name; own CA allowed.

        Raises:
            UsageError: if the CA file cannot be read.
        """
        try:
            context = ssl.create_default_context(cafile=self.ca_file or None)
        except (OSError, ssl.SSLError) as error:
            raise UsageError("channel.ca-file", path=self.ca_file, reason=str(error)) from error
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """All that is needed to reach a mailbox, passwords apart."""

    imap: Endpoint
    smtp: Endpoint
    user: str
    smtp_user: str
    """Empty: the SMTP server asks for no login."""
    folder: str = "INBOX"
    sent_folder: str = ""
    """Empty: found by its special use, else made as ``Sent``."""
    max_size: int = DEFAULT_MAX_SIZE
    """Mails of more bytes are stored by their header only."""
    uses_token: bool = False
    """Logs in with an OAuth 2 access token instead of a password."""


def read_settings(text: str, address: str) -> EmailSettings:
    """Return the settings in the JSON ``text`` of a channel account; blocks on nothing.

    Args:
        text: ``channel_account.settings``.
        address: The mailbox's own address, the user name where none is given.

    Raises:
        UsageError: if something is missing or not allowed.
    """
    values = settings_in(text)
    imap = _endpoint(values, "imap", _IMAP_PORTS, "")
    user = _text(values, "user") or address
    return EmailSettings(
        imap=imap,
        smtp=_endpoint(values, "smtp", _SMTP_PORTS, imap.host),
        user=user,
        smtp_user=_text(values, "smtp_user") if "smtp_user" in values else user,
        folder=_text(values, "folder") or "INBOX",
        sent_folder=_text(values, "sent_folder"),
        max_size=_number(values, "max_size", DEFAULT_MAX_SIZE),
        uses_token=bool(_text(values, "oauth")),
    )


def uses_token(text: str) -> bool:
    """Tell whether the settings of an account say that it signs in, instead of by a password."""
    try:
        return bool(_text(settings_in(text), "oauth"))
    except UsageError:
        return False


def _endpoint(
    values: Mapping[str, object], kind: str, ports: Mapping[Security, int], default_host: str
) -> Endpoint:
    host = _text(values, f"{kind}_host") or default_host
    if not host or any(char <= " " or char == "\x7f" for char in host):
        raise UsageError("channel.host-missing", setting=f"{kind}_host")
    name = _text(values, f"{kind}_security") or Security.TLS
    try:
        security = Security(name)
    except ValueError as error:
        raise UsageError(
            "channel.security-unknown", setting=f"{kind}_security", value=name
        ) from error
    if security is Security.NONE and not is_loopback(host):
        raise UsageError("channel.plain-refused", setting=f"{kind}_security", host=host)
    port = _number(values, f"{kind}_port", ports[security])
    if not 0 < port < 65536:
        raise UsageError("channel.port-wrong", setting=f"{kind}_port", value=port)
    return Endpoint(host, port, security, _ca_file(values))


def _ca_file(values: Mapping[str, object]) -> str:
    name = _text(values, "ca_file")
    return str(Path(name).expanduser()) if name else ""


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return "" if value is None else str(value).strip()


def _number(values: Mapping[str, object], name: str, default: int) -> int:
    value = values.get(name)
    if value is None or value == "":
        return default
    try:
        return int(str(value))
    except ValueError as error:
        raise UsageError("channel.number-wrong", setting=name, value=str(value)) from error
