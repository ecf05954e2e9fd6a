"""What an inbox without anything in it says, and teaches: that a mailbox has to be connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.view_names import NO_CHANNEL, empty_text

if TYPE_CHECKING:
    from helpdesk_tui.domain.tickets import ViewFilter
    from helpdesk_tui.screens.inbox.screen import InboxScreen


def say_if_empty(screen: InboxScreen, where: ViewFilter) -> None:
    """Say what a list without tickets says, and on a desk without any how to connect a mailbox.

    Asked anew each time, as a mailbox may be connected meanwhile.
    """
    desk = screen.desk
    if desk is None or any(count.total(None) for count in screen.counts.values()):
        screen.tickets.notice = empty_text(where)
        return

    def look() -> bool:
        return bool(desk.admin.channels())

    def found(has_channel: bool) -> None:
        if screen.data is None or screen.data.where != where:
            # another list is shown by now
            return
        welcome = _(NO_CHANNEL[0]), _(NO_CHANNEL[1])
        screen.tickets.notice = empty_text(where) if has_channel else welcome
        screen.tickets.refresh()

    screen.start(look, found, group="first-steps")
