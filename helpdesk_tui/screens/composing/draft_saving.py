"""Saving what is typed: within a second of each edit, and again after a failure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.screens.composing.drafting import SAVE_AFTER, DraftKeeper
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk_tui.screens.composing.draft_files import DraftFiles
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.services.desk import Desk

_TYPING_FOR = timedelta(minutes=5)
_TYPING_TO_VISITOR = timedelta(seconds=6)
_AGAIN_AFTER = 2.0


class DraftSaving:
    """Hands edits to the keeper, and has it write them while the agent types on."""

    def __init__(
        self,
        pane: ComposerPane,
        desk: Callable[[], Desk],
        keeper: DraftKeeper,
        files: DraftFiles,
    ) -> None:
        self._pane = pane
        self._desk = desk
        self._keeper = keeper
        self._files = files
        self._timer: Timer | None = None
        self._typed_at: datetime | None = None
        self.is_restoring = False
        """The draft is being read that what is typed will stand below: nothing is written."""

    @property
    def is_typing(self) -> bool:
        """True from each key on until it has rested for long: thinking is writing too.

        A visitor of a chat is shown it as well: there only keys count, and only those of a reply.
        """
        if self._typed_at is None:
            return False
        rests = self._pane.now() - self._typed_at
        if self._pane.is_live:
            composer = self._pane.composer
            is_said = composer.kind is DraftKind.REPLY and bool(composer.text)
            return is_said and rests < _TYPING_TO_VISITOR
        return rests < _TYPING_FOR

    def rested(self) -> None:
        """Know that nothing is being typed any more: the text has left."""
        self._typed_at = None

    def edited(self, text: str) -> None:
        """Remember an edit; write it a moment later."""
        pane = self._pane
        if pane.thread is None:
            return
        self._typed_at = pane.now()
        self._keeper.remember(pane.thread.ticket.row.id, pane.composer.kind, text)
        if self._timer is None:
            pane.composer.set_state(_("draft"))
            self.soon()

    def soon(self) -> None:
        """Write within a moment."""
        self._timer = self._timer or self._pane.set_timer(SAVE_AFTER, self._due)

    def stop(self) -> bool:
        """Write nothing more by itself; return whether something was going to be written."""
        if self._timer is None:
            return False
        self._timer.stop()
        self._timer = None
        return True

    def now(self) -> None:
        """Write at once what is not written yet."""
        # what is typed from here on may be for a draft that is not read yet
        before = self._keeper.dirty
        if before:
            self._pane.start(
                lambda: self._keeper.flush(before), self._saved, self.failed, group="draft"
            )

    def _due(self) -> None:
        self._timer = None
        if self.is_restoring:
            self.soon()
        else:
            self.now()

    def _saved(self, _unused: None) -> None:
        pane = self._pane
        if not pane.is_open or self._take_in() or self._keeper.is_dirty:
            return
        pane.composer.set_state(_("draft saved"))
        if pane.composer.news_last:
            pane.composer.say("")

    def _take_in(self) -> bool:
        """Put what came to this draft from elsewhere, such as a scheduled reply, below the text."""
        pane = self._pane
        if pane.thread is None:
            return False
        ticket, kind = pane.thread.ticket.row.id, pane.composer.kind
        added = self._keeper.added(ticket, kind)
        if added:
            pane.composer.append(added)
            pane.composer.say(_("what came back to this draft stands below your text"))
            pane.start(
                lambda: self._desk().drafts.load(ticket, kind),
                lambda draft: self._files.put(kind, draft.files) if draft is not None else None,
                group="draft",
            )
        return bool(added)

    def failed(self, error: HelpdeskError) -> None:
        """The text stays in memory: say so where it stands, and try again."""
        self.is_restoring = False
        if self._pane.is_open:
            self._pane.composer.set_state(_("draft not saved"))
            self._pane.composer.say(
                _("{problem} · what you typed is kept here").format(problem=sentence(error)),
                last=True,
            )
        self._timer = self._timer or self._pane.set_timer(_AGAIN_AFTER, self._due)
