"""The way from the inbox to the notes that mention one, and to the note that was chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import MentionRow

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk


class MentionsDesk:
    """Opens the list of mentions, and keeps their number in sight."""

    def __init__(self, screen: InboxScreen, desk: Desk, go_to: Callable[[int], None]) -> None:
        self._screen = screen
        self._desk = desk
        self._go_to = go_to

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {"go.mentions": self.mentions}

    def mentions(self) -> None:
        """List the notes that mention this agent."""
        from helpdesk_tui.screens.beside.mentions import MentionsScreen

        screen = self._screen

        def left(row: MentionRow | None) -> None:
            count_mentions(screen, self._desk)
            if row is None:
                return
            screen.panes.will_select(row.ticket_id, row.message_id)
            self._go_to(row.ticket_id)

        mentions = MentionsScreen(
            self._desk, screen.keymap, screen.signs, now=screen.now, zone=screen.zone
        )
        screen.app.push_screen(mentions, left)


def count_mentions(screen: InboxScreen, desk: Desk) -> None:
    """Count the mentions that this agent has not seen, and show the number."""
    screen.start(desk.mentions.count, lambda count: show_mentions(screen, count), group="mentions")


def show_mentions(screen: InboxScreen, count: int) -> None:
    """Show how many mentions this agent has not seen."""
    screen.update_header(mentions=count)
    screen.rail.show_mentions(count)


def see_mentions(screen: InboxScreen, desk: Desk, ticket_id: int) -> None:
    """Note that this agent has seen what mentions them in a ticket."""

    def see() -> int:
        desk.mentions.seen(ticket_id)
        return desk.mentions.count()

    screen.start(see, lambda count: show_mentions(screen, count), group="mentions")
