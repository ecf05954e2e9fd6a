"""A text on its way from the composer into the store: it arrives, or is back in its draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import Conflict, HelpdeskError
from helpdesk_tui.domain.macros.macro import Then
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.screens.composing.draft_files import DraftFiles
    from helpdesk_tui.screens.composing.draft_saving import DraftSaving
    from helpdesk_tui.screens.composing.drafting import DraftKeeper
    from helpdesk_tui.screens.composing.pane import ComposerPane


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A text that is on its way into the store."""

    ticket_id: int
    kind: DraftKind
    text: str
    turn: int
    """How often the composer had been opened by then."""


class SendingOff:
    """Queues a reply or adds a note, and closes the composer once that is done."""

    def __init__(
        self, pane: ComposerPane, keeper: DraftKeeper, saving: DraftSaving, files: DraftFiles
    ) -> None:
        self._pane = pane
        self._keeper = keeper
        self._saving = saving
        self._files = files
        self._leaving: _Leaving | None = None
        self.is_untold = False
        """True from the key that sends until the inbox knows what came of it."""

    @property
    def is_under_way(self) -> bool:
        """True until a text is in the store, or back in its draft."""
        return self._leaving is not None

    @property
    def is_shown(self) -> bool:
        """True while the composer shows the text that is on its way."""
        return self._leaving is not None and self._shows(self._leaving)

    def queue(
        self,
        ticket: int,
        kind: DraftKind,
        text: str,
        job: Callable[[], object],
        *,
        at: datetime | None = None,
        goes_on: bool = False,
    ) -> None:
        """Run what queues a text; it returns to its draft if that fails.

        Args:
            ticket: The ticket.
            kind: What the text is.
            text: What was written.
            job: Queues it.
            at: When it leaves, if that is a moment of its own.
            goes_on: The next ticket is wanted then.
        """
        pane = self._pane
        self.is_untold = True
        leaving = self._leaving = _Leaving(ticket, kind, text, pane.turn)
        self._saving.stop()
        pane.composer.take_edit()
        pane.composer.set_busy(busy=True)
        pane.composer.set_state(_("on its way…"))
        pane.start(
            lambda: self._keeper.hand_over(ticket, kind, text, job),
            lambda queued: self._sent(leaving, queued, at, goes_on=goes_on),
            lambda error: self._not_sent(leaving, error),
            group="send",
        )

    def _sent(
        self, leaving: _Leaving, queued: object, at: datetime | None, *, goes_on: bool
    ) -> None:
        pane, ticket, kind = self._pane, leaving.ticket_id, leaving.kind
        self._leaving = None
        then = pane.macros.then if kind is DraftKind.REPLY else Then.USUAL
        if self._shows(leaving):
            pane.macros.sent()
            self._files.put(kind, ())
            self._keep_rest(leaving)
        if goes_on:
            then = Then.NEXT
        message_id = getattr(queued, "message_id", 0)
        note_id = queued if isinstance(queued, int) else 0
        pane.post_message(pane.Queued(ticket, kind, message_id, note_id, then, at))

    def _keep_rest(self, left: _Leaving) -> None:
        """Close the composer; what came to the text while it left stays to be written on."""
        composer = self._pane.composer
        rest = composer.text.removeprefix(left.text).strip("\n")
        if not rest.strip():
            composer.close()
            return
        self._keeper.noted(left.ticket_id, left.kind, "")
        composer.set_busy(busy=False)
        composer.set_text(rest)
        self._saving.edited(composer.text)

    def _shows(self, leaving: _Leaving) -> bool:
        """Return whether the composer stands open on a text ever since it began to leave."""
        pane = self._pane
        if not pane.is_open or pane.thread is None or pane.turn != leaving.turn:
            return False
        written = pane.thread.ticket.row.id
        return written == leaving.ticket_id and pane.composer.kind is leaving.kind

    def _not_sent(self, leaving: _Leaving, error: HelpdeskError) -> None:
        """Nothing left: the text goes back into its own draft, whatever is open by now."""
        self._leaving = None
        pane, is_shown = self._pane, self._shows(leaving)
        text = pane.composer.text if is_shown else leaving.text
        since = self._keeper.unsaved(leaving.ticket_id, leaving.kind) or ""
        if since and since not in text:
            text = since if text in since else f"{text}\n\n{since}"
        self._keeper.remember(leaving.ticket_id, leaving.kind, text)
        self._saving.soon()
        pane.post_message(pane.NotQueued())
        if not is_shown:
            pane.complain(error)
            return
        pane.composer.set_busy(busy=False)
        if isinstance(error, Conflict):
            pane.review()  # reads the thread anew and shows what overtook us
        else:
            pane.refuse(error)
