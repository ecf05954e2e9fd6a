"""What an inbox without anything in it teaches: that a mailbox has to be connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.view_names import NO_CHANNEL

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk


def teach(screen: InboxScreen, desk: Desk) -> None:
    """Say how to connect a mailbox where there are no tickets and no channel yet."""
    if any(count.total(None) for count in screen.counts.values()):
        return

    def look() -> bool:
        return bool(desk.admin.channels())

    def found(has_channel: bool) -> None:
        if not has_channel and not screen.tickets.window.rows:
            screen.tickets.notice = _(NO_CHANNEL[0]), _(NO_CHANNEL[1])
            screen.tickets.refresh()

    screen.start(look, found, group="first-steps")
