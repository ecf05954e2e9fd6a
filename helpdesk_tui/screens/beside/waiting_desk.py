"""The ways from the inbox to drafts and outbox, and from there into a ticket."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import Draft, DraftKind
from helpdesk_tui.screens.composing.type_ahead import Writing

if TYPE_CHECKING:
    from helpdesk_tui.screens.beside.outbox import OutboxAnswer
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk

_WRITING = {
    DraftKind.REPLY: Writing.REPLY,
    DraftKind.NOTE: Writing.NOTE,
    DraftKind.FORWARD: Writing.FORWARD,
}


class WaitingDesk:
    """Opens the lists of what is not sent."""

    def __init__(self, screen: InboxScreen, desk: Desk, go_to: Callable[[int], None]) -> None:
        self._screen = screen
        self._desk = desk
        self._go_to = go_to
        self._thrown: list[Draft] = []

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {"go.drafts": self.drafts, "go.outbox": self.outbox}

    def drafts(self) -> None:
        """List the drafts of this agent; what is being typed is saved first."""
        from helpdesk_tui.screens.beside.drafts import DraftsScreen

        screen = self._screen
        if screen.panes.thread is not None:
            screen.panes.thread.writing.put_away()
        drafts = DraftsScreen(
            self._desk, screen.keymap, screen.signs, now=screen.now, zone=screen.zone
        )
        drafts.thrown = self._thrown
        screen.app.push_screen(drafts, lambda draft: self._write(draft) if draft else None)

    def outbox(self) -> None:
        """List what has not left."""
        from helpdesk_tui.screens.beside.outbox import OutboxScreen

        screen = self._screen
        outbox = OutboxScreen(
            self._desk, screen.keymap, screen.signs, now=screen.now, zone=screen.zone
        )
        screen.app.push_screen(outbox, self._left_outbox)

    def _left_outbox(self, answer: OutboxAnswer | None) -> None:
        if answer is None:
            return
        if answer.taken_back is not None:
            if self._screen.panes.thread is not None:
                self._screen.panes.thread.writing.recall(answer.taken_back)
            self._write(answer.taken_back)
            return
        self._screen.panes.will_select(answer.ticket_id, answer.message_id)
        self._go_to(answer.ticket_id)

    def _write(self, draft: Draft) -> None:
        """Go to the ticket of a draft and open the composer with it."""
        self._go_to(draft.ticket_id)
        self._screen.panes.write_when_loaded(draft.ticket_id, _WRITING[draft.kind])
