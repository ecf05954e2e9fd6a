"""Addresses as they are safe to read, and whom a message went to."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messages import Direction, MessageRow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import _

_MOST = 6
"""Addresses that are named of a list; the source of the mail has them all."""


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
    """Return whom a message went to, where that is not one of us, or the customer, alone."""
    # the visitor of a chat, and nobody else
    if message.direction is Direction.NOTE or _is_live(message.channel):
        return ""
    if message.direction is Direction.INBOUND and len(message.to) + len(message.cc) < 2:
        return ""
    if message.to == (customer,) and not (message.cc or message.bcc):
        return ""
    parts = ((_("to"), message.to), (_("cc"), message.cc), (_("bcc"), message.bcc))
    return " · ".join(f"{name} {_listed(people)}" for name, people in parts if people)


def _is_live(channel: str) -> bool:
    spec = CHANNELS.get(channel)
    return spec is not None and spec.is_live


def _listed(people: Sequence[str]) -> str:
    names = ", ".join(shown_address(each) for each in people[:_MOST])
    return (
        _("{names} and {count} more").format(names=names, count=len(people) - _MOST)
        if len(people) > _MOST
        else names
    )
