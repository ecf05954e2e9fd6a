"""What was asked for while files of the draft were still under way, done once they are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpdesk_tui.domain.messages import DraftKind
    from helpdesk_tui.screens.composing.pane import ComposerPane


class Holding:
    """Keeps a message from leaving without a file that its writer sees coming."""

    def __init__(self, pane: ComposerPane) -> None:
        self._pane = pane
        self._under_way = 0
        self._then: tuple[tuple[int, DraftKind], Callable[[], None]] | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether anything is."""
        return self._under_way > 0

    @property
    def is_asked(self) -> bool:
        """Whether something was asked for that waits for it."""
        return self._then is not None

    def begin(self) -> None:
        """Something is under way; one :meth:`end` has to follow, however it ends."""
        self._under_way += 1

    def end(self, *, is_well: bool = True) -> None:
        """It came to its end; what was asked for is done once nothing else is under way.

        Args:
            is_well: False if there is something to be read first: then nothing is done.
        """
        self._under_way -= 1
        if not is_well:
            self._then = None
        if self._under_way or self._then is None:
            return
        (where, then), self._then = self._then, None
        if self._pane.is_open and where == self._where():
            then()

    def holds(self, then: Callable[[], None]) -> bool:
        """Return whether nothing can leave yet; ``then`` comes by itself once it can."""
        where = self._where()
        if not self._under_way or where is None:
            return False
        self._then = where, then
        return True

    def _where(self) -> tuple[int, DraftKind] | None:
        thread = self._pane.thread
        return None if thread is None else (thread.ticket.row.id, self._pane.composer.kind)
