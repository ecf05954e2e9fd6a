"""The change feed: what any process or thread committed since it was last asked."""

from __future__ import annotations

from threading import Lock

from helpdesk_tui.db.reads.feed import load_latest, load_since
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.changes import Changes, changes_of

_BATCH = 5000
"""Activity rows summed up in one answer; after a long pause the rest follows at the next ask."""


class ChangeFeed:
    """Tells commits of the whole desk, from the moment it was made; safe to ask from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._version = store.data_version()
        self._has_more = False
        with store.read() as connection:
            self._last = load_latest(connection)

    @property
    def version(self) -> int:
        """A number that another commit changes; as of the last call of ``poll``."""
        return self._version

    def poll(self) -> Changes | None:
        """Return what changed since the last call, or None.

        Costs microseconds while nobody commits: one pragma, no query. Commits of this process
        count as well, since they are made on other connections than the one that watches.
        """
        with self._lock:
            version = self._store.data_version()
            if version == self._version and not self._has_more:
                return None
            with self._store.read() as connection:
                rows = load_since(connection, self._last, _BATCH)
            self._version = version
            self._has_more = len(rows) == _BATCH
            if rows:
                self._last = rows[-1][0]
            return changes_of(rows)
