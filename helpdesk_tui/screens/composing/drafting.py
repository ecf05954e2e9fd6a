"""Keeping drafts: every change is written within a second, and nothing comes back from the dead."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messages import DraftKind

if TYPE_CHECKING:
    from helpdesk_tui.services.drafts import Drafts

SAVE_AFTER = 0.4
"""Seconds from the first unsaved key to the write: with the write itself well below one."""

Key = tuple[int, DraftKind]
T = TypeVar("T")


class DraftKeeper:
    """Holds what is typed until it is in the store. Safe to use from several threads."""

    def __init__(self, drafts: Callable[[], Drafts]) -> None:
        self._drafts = drafts
        self._pending: dict[Key, str] = {}
        self._under_way: dict[Key, str] = {}
        self._known: dict[Key, str] = {}
        self._owed: dict[Key, str] = {}
        self._lock = Lock()
        self._writing = Lock()

    def remember(self, ticket_id: int, kind: DraftKind, text: str) -> None:
        """Note the text as it is now; costs nothing."""
        with self._lock:
            self._pending[ticket_id, kind] = text

    def noted(self, ticket_id: int, kind: DraftKind, text: str) -> None:
        """Note what the store holds: what is there besides at the next write came since."""
        with self._lock:
            self._known[ticket_id, kind] = text

    def added(self, ticket_id: int, kind: DraftKind) -> str:
        """Return what came to a draft from elsewhere, for its text in the editor; once."""
        with self._lock:
            return self._owed.pop((ticket_id, kind), "")

    def forget(self, ticket_id: int, kind: DraftKind) -> None:
        """Drop what is not written yet, and wait for a write under way: the text is being sent."""
        with self._writing, self._lock:
            for texts in (self._pending, self._known, self._owed):
                texts.pop((ticket_id, kind), None)

    def hand_over(self, ticket_id: int, kind: DraftKind, text: str, job: Callable[[], T]) -> T:
        """Run what takes the text away; where that fails, in whatever way, it is kept again."""
        key = (ticket_id, kind)
        with self._lock:
            known = self._known.get(key)
        # a draft written after the reply left would come back from the dead
        self.forget(ticket_id, kind)
        try:
            return job()
        except BaseException:
            self._keep(key, text)
            if known is not None:
                self.noted(ticket_id, kind, known)
            raise

    def unsaved(self, ticket_id: int, kind: DraftKind) -> str | None:
        """Return a text that is newer than the store, if there is one."""
        with self._lock:
            key = (ticket_id, kind)
            return self._pending.get(key, self._under_way.get(key))

    @property
    def is_dirty(self) -> bool:
        """True while something is not written."""
        with self._lock:
            return bool(self._pending or self._under_way)

    @property
    def dirty(self) -> frozenset[Key]:
        """What is not written now."""
        with self._lock:
            return frozenset(self._pending) | frozenset(self._under_way)

    @property
    def texts(self) -> dict[Key, str]:
        """Everything that is not written now."""
        with self._lock:
            return {**self._under_way, **self._pending}

    def flush(self, only: frozenset[Key] | None = None) -> None:
        """Write everything that is not written yet. Blocks.

        One draft that is refused does not keep the others from being written. After an error,
        foreseen or not, the texts that are not written stay in memory for the next try.

        Args:
            only: leave other drafts for later.

        Raises:
            HelpdeskError: if the store refuses.
        """
        refused: dict[Key, HelpdeskError] = {}
        with self._writing:
            while (taken := self._take(only, refused.keys())) is not None:
                key, text = taken
                try:
                    self._write(key, text)
                except HelpdeskError as error:
                    self._keep(key, text)
                    refused[key] = error
                except BaseException:
                    self._keep(key, text)
                    raise
                finally:
                    with self._lock:
                        self._under_way.pop(key, None)
        for first in refused.values():
            raise first

    def _write(self, key: Key, text: str) -> None:
        with self._lock:
            known, owed = self._known.get(key), self._owed.get(key, "")
        whole = text if owed in text else f"{text}{owed}"
        added = self._drafts().save(*key, whole, base=known)
        with self._lock:
            self._known[key] = f"{whole}{added}"
            if added:
                self._owed[key] = f"{owed}{added}"

    def _take(self, only: frozenset[Key] | None, but: AbstractSet[Key]) -> tuple[Key, str] | None:
        with self._lock:
            for key in self._pending:
                if key not in but and (only is None or key in only):
                    # not written yet, but nobody else's to write
                    self._under_way[key] = self._pending.pop(key)
                    return key, self._under_way[key]
        return None

    def _keep(self, key: Key, text: str) -> None:
        """Take a text back that was not written; a newer one is left as it is."""
        with self._lock:
            self._pending.setdefault(key, text)
