"""What an inbox shows of its history: the log of a ticket, and of the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from helpdesk_tui.domain.triage import Change
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk


class HistoryDesk:
    """Opens the log, and goes to the ticket that was chosen there."""

    def __init__(
        self,
        screen: InboxScreen,
        data: InboxData,
        desk: Desk,
        go_to: Callable[[int], None],
        pick_view: Callable[[], object],
    ) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self._go_to = go_to
        self._pick_view = pick_view

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {
            "go.activity": self.of_ticket,
            "go.desk-activity": partial(self._show, None),
            "view.pick": self.of_thread,
        }

    def of_thread(self) -> None:
        """Show the log of the ticket that is read; in the list the same key picks a view."""
        if self._screen.panes.current == "thread":
            self.of_ticket()
        else:
            self._pick_view()

    def of_ticket(self) -> None:
        """Show what happened to the ticket."""
        row = self._screen.tickets.cursor_row
        if row is None:
            self._screen.footer.say(_("there is no ticket here"))
        else:
            self._show(row.id)

    def undo_newest(self) -> None:
        """Take back what this agent did last, also before this session; asks first."""
        from helpdesk_tui.screens.acting.undo_from_log import undo_newest

        screen = self._screen

        def done(change: Change) -> None:
            self._data.refresh(change.changed)
            screen.panes.tickets_changed(set(change.changed))

        undo_newest(screen, self._desk, screen.zone, screen.footer.say, done)

    def _show(self, ticket_id: int | None) -> None:
        from helpdesk_tui.screens.beside.activity import ActivityScreen

        screen = self._screen

        def left(chosen: int | None) -> None:
            if chosen is not None and chosen != ticket_id:
                self._go_to(chosen)

        screen.app.push_screen(
            ActivityScreen(
                self._desk, screen.keymap, screen.signs, now=screen.now, zone=screen.zone,
                ticket_id=ticket_id,
            ),
            left,
        )  # fmt: skip
