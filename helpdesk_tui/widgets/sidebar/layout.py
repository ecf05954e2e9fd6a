"""The sections of the sidebar below each other: a pure function from values to rows."""

from __future__ import annotations

from helpdesk_tui.widgets.sidebar.changes import change_rows
from helpdesk_tui.widgets.sidebar.chat import chat_rows
from helpdesk_tui.widgets.sidebar.events import event_rows
from helpdesk_tui.widgets.sidebar.history import history_rows, other_channel_rows
from helpdesk_tui.widgets.sidebar.messaging import messaging_rows
from helpdesk_tui.widgets.sidebar.orders import order_rows
from helpdesk_tui.widgets.sidebar.parts import BLANK, Rows, SidebarInput
from helpdesk_tui.widgets.sidebar.person import person_rows
from helpdesk_tui.widgets.sidebar.standing import not_connected, source_troubles
from helpdesk_tui.widgets.sidebar.subscriptions import subscription_rows
from helpdesk_tui.widgets.sidebar.ticket import ticket_rows
from helpdesk_tui.widgets.sidebar.value import value_rows

_SECTIONS = (
    source_troubles, change_rows, chat_rows, value_rows, order_rows, subscription_rows, event_rows,
    ticket_rows, messaging_rows, other_channel_rows, history_rows, not_connected,
)  # fmt: skip
"""What stands below the person, from the top: what cannot wait first."""


def sidebar_rows(shown: SidebarInput) -> Rows:
    """Lay out the sidebar."""
    out: Rows = [BLANK]
    if shown.profile is not None:
        out += [*person_rows(shown.profile, shown), BLANK]
    for section in _SECTIONS:
        rows = list(section(shown))
        if rows:
            out += [*rows, BLANK]
    return out
