"""The tags the desk knows."""

from __future__ import annotations

from helpdesk_tui.db.reads.tags import load_tag_counts, load_tag_names
from helpdesk_tui.db.store import Store

MOST = 2_000
"""Names listed at most: more than anybody scrolls through."""

COUNTED = 1_000
"""Tickets of a tag that are counted at most."""


class Tags:
    """Reads tags; every call blocks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def names(self) -> tuple[str, ...]:
        """Return all tags by name."""
        with self._store.read() as connection:
            return load_tag_names(connection, MOST)

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Return all tags by name with their numbers of tickets, counted up to 1,000."""
        with self._store.read() as connection:
            return load_tag_counts(connection, MOST, COUNTED)
