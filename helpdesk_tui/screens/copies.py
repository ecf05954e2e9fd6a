"""Who gets a copy of a reply: chosen by hand, or everybody who was on the answered mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.screens.sending import heading_of, suggested_copies

if TYPE_CHECKING:
    from helpdesk_tui.screens.composer_pane import ComposerPane
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.replies import Recipients


class Copies:
    """Changes the copies in the plan of the composer's pane."""

    def __init__(self, pane: ComposerPane, desk: Callable[[], Desk]) -> None:
        self._pane = pane
        self._desk = desk

    def choose(self) -> None:
        """Ask who gets a copy."""
        pane = self._pane
        if pane.thread is None or pane.composer.kind is DraftKind.NOTE:
            pane.composer.say("a note has no recipients: it stays here")
            return
        from helpdesk_tui.screens.dialogs.recipients import RecipientsDialog

        known = pane.plan.cc or suggested_copies(pane.thread)
        pane.app.push_screen(RecipientsDialog(known), self._set)

    def everybody(self) -> None:
        """Give copies to the others of the answered mail; frame and review name them."""
        if self._pane.thread is None:
            return
        ticket = self._pane.thread.ticket.row.id

        def found(recipients: Recipients) -> None:
            pane = self._pane
            if pane.is_open and pane.thread is not None and pane.thread.ticket.row.id == ticket:
                self._set(recipients.cc)
                if not recipients.cc:
                    pane.composer.say("nobody else was on this mail")

        self._pane.start(
            lambda: self._desk().replies.recipients(ticket, everyone=True),
            found,
            self._pane.refuse,
            group="recipients",
        )

    def _set(self, cc: tuple[str, ...] | None) -> None:
        pane = self._pane
        if cc is not None and pane.thread is not None:
            pane.plan = replace(pane.plan, cc=cc)
            pane.composer.set_state(f" cc {len(cc)}" if cc else " no copies")
            pane.composer.entitle(heading_of(pane.thread, pane.plan))
