"""What a ticket is called outside of this program: ``helpdesk://ticket/42``."""

from __future__ import annotations

import re

_LINK = "helpdesk://ticket/{id}"
_NUMBER = re.compile(r"(?:helpdesk://ticket/|#)?([0-9]{1,18})/?", re.IGNORECASE | re.ASCII)


def link_of(ticket_id: int) -> str:
    """Return the link of a ticket, which ``helpdesk --ticket`` opens."""
    return _LINK.format(id=ticket_id)


def number_of(text: str) -> int | None:
    """Return the ticket that a link, ``#42`` or ``42`` names; None if it names none."""
    match = _NUMBER.fullmatch(text.strip())
    return int(match[1]) if match else None
