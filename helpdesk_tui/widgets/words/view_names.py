"""What views and statuses are called on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from helpdesk_tui.domain.tickets import Status, View, ViewFilter
from helpdesk_tui.domain.views import SavedView, pinned
from helpdesk_tui.widgets.keymap import Keymap, first_key
from helpdesk_tui.widgets.words.language import N_, Marked, _, pgettext

NAMES: Marked[Mapping[View, str]] = {
    View.MINE: "My inbox",
    View.UNASSIGNED: "Unassigned",
    View.ALL: "All tickets",
    View.SPAM: "Spam",
}

SHORT_NAMES: Marked[Mapping[View, str]] = {
    View.MINE: "Mine",
    View.UNASSIGNED: "Unassigned",
    View.ALL: "All",
    View.SPAM: "Spam",
}

_GO_ACTIONS: Mapping[View, str] = {
    View.MINE: "go.mine",
    View.UNASSIGNED: "go.unassigned",
    View.ALL: "go.all",
    View.SPAM: "go.spam",
}
"""What leads to a built-in view whose number a saved one has."""

STATUS_NAMES: Mapping[Status | None, str] = N_(
    {
        Status.OPEN: "open",
        Status.SNOOZED: "snoozed",
        Status.CLOSED: "closed",
        None: "any status",
    },
    context="status",
)

EMPTY: Marked[Mapping[View, tuple[str, str]]] = {
    View.MINE: ("Your inbox is clear. Well done!", "Unassigned tickets: press g u"),
    View.UNASSIGNED: ("Every ticket has somebody.", "Your own tickets: press g i"),
    View.ALL: ("No tickets yet.", "New mail shows up here by itself; look now: press F5"),
    View.SPAM: ("No spam.", "What you mark with ! lands here. Back: press g i"),
}
"""What an empty view says: the news, and the key that helps next."""


NO_CHANNEL = N_(
    (
        "Welcome! No mailbox is connected yet.",
        "In a shell: helpdesk channel add email --help",
    )
)
"""What a desk says that nothing can arrive at."""


def view_name(view: View) -> str:
    """Return what a built-in view is called."""
    return _(NAMES[view])


def narrow_key(keymap: Keymap, action: str) -> str:
    """Return the first key of an action in as few columns as it takes: ``gi``."""
    return first_key(keymap, action).replace(" ", "")


def view_keys(keymap: Keymap, saved: Iterable[SavedView]) -> dict[View | SavedView, str]:
    """Return the key that stands beside each view, for all that have one."""
    keys: dict[View | SavedView, str] = {
        view: narrow_key(keymap, action) for view, action in _GO_ACTIONS.items()
    }
    for pin, view in pinned(saved).items():
        if key := narrow_key(keymap, f"view.{pin}"):
            keys[view] = key
    return keys


def status_name(status: Status | None) -> str:
    """Return what a status is called; None is any."""
    return pgettext("status", STATUS_NAMES[status])


def empty_text(where: ViewFilter) -> tuple[str, str]:
    """Return the two lines an empty list shows."""
    if not where.takes_new:
        return _("Nothing found."), _("Change it: press /   Back: press q")
    if where.status in (Status.SNOOZED, Status.CLOSED):
        return _("No {status} tickets in this view.").format(status=status_name(where.status)), _(
            "Other statuses: press \\"
        )
    if where.saved_id:
        return _("Nothing waits in this view."), _("Its query: press +   Other views: press v")
    news, help_next = EMPTY[where.view]
    return _(news), _(help_next)
