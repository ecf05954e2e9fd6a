"""Our own Message-IDs, reply addresses and body markers: who shows one has had a mail of ours.

All carry an HMAC over the numbers in them, so that a guessed ticket number opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re

_DIGITS = 32
"""Hex digits of the HMAC: 128 bits."""
_ID = re.compile(
    rf"hd\.([0-9]{{1,18}})\.([0-9]{{1,18}})\.([0-9a-f]{{{_DIGITS}}})@[^@\s<>]{{1,255}}"
)
MARKER = re.compile(rf"\{{hd-([0-9]{{1,18}})-([0-9a-f]{{{_DIGITS}}})\}}")
"""A body marker anywhere in a text."""
_REPLY_ADDRESS = re.compile(
    rf"[^@\s]{{1,64}}\+hd\.([0-9]{{1,18}})\.([0-9a-f]{{{_DIGITS}}})@[^@\s]{{1,255}}"
)
_MAX_LOCAL = 64
"""Characters that may stand before the ``@`` (RFC 5321)."""


def _sign(secret: str, text: str) -> str:
    return hmac.new(bytes.fromhex(secret), text.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def make_id(secret: str, ticket_id: int, message_id: int, domain: str) -> str:
    """Return the Message-ID of one of our mails, without angle brackets."""
    signature = _sign(secret, f"{ticket_id}.{message_id}")
    return f"hd.{ticket_id}.{message_id}.{signature}@{domain}"


def verify_id(secret: str, text: str) -> tuple[int, int] | None:
    """Return (ticket, message) of a Message-ID that we made, else None. Constant time."""
    if not text.startswith("hd."):
        return None
    match = _ID.fullmatch(text)
    if match is None or not hmac.compare_digest(_sign(secret, f"{match[1]}.{match[2]}"), match[3]):
        return None
    return int(match[1]), int(match[2])


def make_marker(secret: str, ticket_id: int) -> str:
    """Return the marker that stands in the quoted part of our mails."""
    return f"{{hd-{ticket_id}-{_sign(secret, f'marker.{ticket_id}')}}}"


def verify_marker(secret: str, text: str) -> int | None:
    """Return the ticket of a marker that we made, else None. Constant time."""
    match = MARKER.fullmatch(text)
    if match is None or not hmac.compare_digest(_sign(secret, f"marker.{match[1]}"), match[2]):
        return None
    return int(match[1])


def make_reply_address(secret: str, ticket_id: int, address: str) -> str:
    """Return the address of ours that names a ticket, or nothing where it would be too long."""
    local, _, domain = address.rpartition("@")
    keyed = f"{local}+hd.{ticket_id}.{_sign(secret, f'address.{ticket_id}')}"
    return f"{keyed}@{domain}" if local and domain and len(keyed) <= _MAX_LOCAL else ""


def verify_reply_address(secret: str, text: str) -> int | None:
    """Return the ticket of a reply address that we made, else None. Constant time."""
    match = _REPLY_ADDRESS.fullmatch(text) if "+hd." in text else None
    if match is None or not hmac.compare_digest(_sign(secret, f"address.{match[1]}"), match[2]):
        return None
    return int(match[1])
