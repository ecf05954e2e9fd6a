"""Addresses as they are safe to read, and whom a message went to."""

from __future__ import annotations

from helpdesk_tui.domain.messages import Direction, MessageRow
from helpdesk_tui.domain.text import clean


def shown_address(address: str) -> str:
    """Return an address as it is safe to read: cleaned, its domain in ASCII (punycode)."""
    address = clean(address)
    local, at, domain = address.rpartition("@")
    if not at or domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return f"{local}@{domain.encode('ascii', 'backslashreplace').decode('ascii')}"


def people_line(message: MessageRow, customer: str) -> str:
    """Return whom an outbound message went to, where that is not the customer alone."""
    if message.direction is not Direction.OUTBOUND:
        return ""
    if message.to == (customer,) and not (message.cc or message.bcc):
        return ""
    parts = (("to", message.to), ("cc", message.cc), ("bcc", message.bcc))
    return " · ".join(
        f"{name} {', '.join(shown_address(each) for each in people)}"
        for name, people in parts
        if people
    )
