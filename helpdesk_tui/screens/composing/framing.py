"""The frame of the composer: kept up with the visitor, the clock and what the ticket has become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.screens.composing.sending import heading_of
from helpdesk_tui.screens.preferences import Preferences

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk_tui.domain.messages import DraftKind, Thread
    from helpdesk_tui.domain.presence import VisitorNow
    from helpdesk_tui.domain.tickets import TicketRow
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.widgets.composer import Heading

_TICK = 1.0


class Framing:
    """Says in the frame what is written, to whom, and how long there is time for it."""

    def __init__(self, pane: ComposerPane) -> None:
        self._pane = pane
        self._visitor: VisitorNow | None = None
        self._ticker: Timer | None = None
        self.siblings: tuple[TicketRow, ...] = ()
        """What else of this customer is open on other channels."""

    def heading(self, thread: Thread, kind: DraftKind) -> Heading:
        """Return what the frame says of a message of a kind."""
        pane, channel = self._pane, thread.ticket.row.channel
        now = pane.now()
        return heading_of(
            thread, pane.plan_of(kind), kind, now=now, visitor=self._visitor,
            enter_sends=self._preferences.sends_at_enter(channel),
            ways=pane.ways.words(thread, now),
        )  # fmt: skip

    @property
    def _preferences(self) -> Preferences:
        found = getattr(self._pane.app, "preferences", None)
        return found if isinstance(found, Preferences) else Preferences()

    def opened(self) -> None:
        """The composer is open: tick where a window runs out."""
        if self._is_ticking_channel and self._ticker is None:
            self._ticker = self._pane.set_interval(_TICK, self._tick)

    @property
    def _is_ticking_channel(self) -> bool:
        thread = self._pane.thread
        if thread is None or thread.ticket.messaging is None:
            return False
        return CHANNELS[thread.ticket.row.channel].window is not None

    def _tick(self) -> None:
        if self._pane.is_open and self._is_ticking_channel:
            self.entitle()
        elif self._ticker is not None:
            self._ticker.stop()
            self._ticker = None

    def entitle(self) -> None:
        """Say anew what is written and to whom; nothing is drawn where that is the same."""
        pane = self._pane
        if pane.is_open and pane.thread is not None:
            before = pane.composer.context
            pane.composer.entitle(self.heading(pane.thread, pane.composer.kind))
            if pane.composer.context != before:
                pane.ways.lift()
                # what is made while the pane around it reads goes no further up than that one
                pane.call_later(lambda: pane.post_message(pane.Turned()))

    def refresh(self) -> None:
        """The ticket was read anew."""
        if self._pane.is_live or self._is_messaging:
            self.entitle()

    @property
    def _is_messaging(self) -> bool:
        thread = self._pane.thread
        return thread is not None and CHANNELS[thread.ticket.row.channel].is_messaging

    def show_visitor(self, visitor: VisitorNow | None) -> None:
        """Say whether the visitor of a chat is there, and whether the chat still runs."""
        self._visitor = visitor
        if self._pane.is_live:
            self.entitle()
