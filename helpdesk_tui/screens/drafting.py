"""Keeping drafts: every change is written within a second, and nothing comes back from the dead."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messages import DraftKind

if TYPE_CHECKING:
    from helpdesk_tui.services.drafts import Drafts

SAVE_AFTER = 0.4
"""Seconds from the first unsaved key to the write: with the write itself well below one."""

Key = tuple[int, DraftKind]


class DraftKeeper:
    """Holds what is typed until it is in the store. Safe to use from several threads."""

    def __init__(self, drafts: Callable[[], Drafts]) -> None:
        self._drafts = drafts
        self._pending: dict[Key, str] = {}
        self._lock = Lock()
        self._writing = Lock()

    def remember(self, ticket_id: int, kind: DraftKind, text: str) -> None:
        """Note the text as it is now; costs nothing."""
        with self._lock:
            self._pending[ticket_id, kind] = text

    def forget(self, ticket_id: int, kind: DraftKind) -> None:
        """Drop what is not written yet, and wait for a write under way: the text is being sent."""
        with self._writing, self._lock:
            self._pending.pop((ticket_id, kind), None)

    def unsaved(self, ticket_id: int, kind: DraftKind) -> str | None:
        """Return a text that is newer than the store, if there is one."""
        with self._lock:
            return self._pending.get((ticket_id, kind))

    @property
    def is_dirty(self) -> bool:
        """True while something is not written."""
        with self._lock:
            return bool(self._pending)

    @property
    def dirty(self) -> frozenset[Key]:
        """What is not written now."""
        with self._lock:
            return frozenset(self._pending)

    def flush(self, only: frozenset[Key] | None = None) -> None:
        """Write everything that is not written yet. Blocks.

        Args:
            only: leave other drafts for later.

        Raises:
            HelpdeskError: if the store refuses; the texts stay in memory for the next try.
        """
        with self._writing:
            while True:
                with self._lock:
                    key = next((key for key in self._pending if only is None or key in only), None)
                    if key is None:
                        return
                    text = self._pending.pop(key)
                try:
                    self._write(key, text)
                except HelpdeskError:
                    with self._lock:
                        self._pending.setdefault(key, text)
                    raise

    def _write(self, key: Key, text: str) -> None:
        ticket_id, kind = key
        self._drafts().save(ticket_id, kind, text)
