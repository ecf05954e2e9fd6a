"""What views and statuses are called on the screen."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.domain.tickets import Status, View, ViewFilter

NAMES: Mapping[View, str] = {
    View.MINE: "My inbox",
    View.UNASSIGNED: "Unassigned",
    View.ALL: "All tickets",
    View.SPAM: "Spam",
}

SHORT_NAMES: Mapping[View, str] = {
    View.MINE: "Mine",
    View.UNASSIGNED: "Unassigned",
    View.ALL: "All",
    View.SPAM: "Spam",
}

STATUS_NAMES: Mapping[Status | None, str] = {
    Status.OPEN: "open",
    Status.SNOOZED: "snoozed",
    Status.CLOSED: "closed",
    None: "any status",
}

EMPTY: Mapping[View, tuple[str, str]] = {
    View.MINE: ("Your inbox is clear. Well done!", "Unassigned tickets: press 2"),
    View.UNASSIGNED: ("Every ticket has somebody.", "Your own tickets: press 1"),
    View.ALL: ("No tickets yet.", "New mail shows up here by itself; look now: press F5"),
    View.SPAM: ("No spam.", "What you mark with ! lands here. Back: press 1"),
}
"""What an empty view says: the news, and the key that helps next."""


NO_CHANNEL = (
    "Welcome! No mailbox is connected yet.",
    "In a shell: helpdesk channel add email --help",
)
"""What a desk says that nothing can arrive at."""


def empty_text(where: ViewFilter) -> tuple[str, str]:
    """Return the two lines an empty list shows."""
    if where.query:
        return "Nothing found.", "Change it: press /   Back: press q"
    if where.status in (Status.SNOOZED, Status.CLOSED):
        return f"No {STATUS_NAMES[where.status]} tickets in this view.", "Other statuses: press \\"
    return EMPTY[where.view]
