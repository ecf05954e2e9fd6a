"""What priorities are called; apart from the words of other codes, as lists show them at once."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Priority
from helpdesk_tui.widgets.words.language import Marked, _

_PRIORITIES: Marked[Mapping[str, str]] = {
    Priority.LOW: "low",
    Priority.NORMAL: "normal",
    Priority.HIGH: "high",
    Priority.URGENT: "urgent",
}


def priority_name(priority: str) -> str:
    """Return what a priority is called."""
    return _(_PRIORITIES[priority]) if priority in _PRIORITIES else clean(priority)
