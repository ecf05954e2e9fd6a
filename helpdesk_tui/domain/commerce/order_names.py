"""What people call an order, however they write it."""

from __future__ import annotations

from helpdesk_tui.domain.text import fold


def order_name(text: str) -> str:
    """Return the name of an order without ``#``, blanks and case: what names are compared by."""
    return "".join(fold(text).replace("#", "").split())
