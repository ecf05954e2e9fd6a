"""Everything that happened between a customer and the shop, page by page."""

from __future__ import annotations

from collections.abc import Collection

from helpdesk_tui.db.commerce.group import load_group
from helpdesk_tui.db.commerce.timeline import load_timeline
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.commerce.timeline import RANKS, EntryKind, Place, TimelinePage
from helpdesk_tui.domain.text import clean

PAGE = 60
"""Entries that are read at a time."""
MOST_WORDS = 20
"""Words that are looked for; what was pasted in by mistake is cut."""

MOST_METRICS = 100
"""Kinds of events that are chosen at once."""


class Timeline:
    """Reads what happened over all channels and sources; every call blocks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(
        self,
        profile_id: int,
        *,
        kinds: Collection[EntryKind] = RANKS,
        search: str = "",
        metrics: Collection[str] = (),
        before: Place | None = None,
        limit: int = PAGE,
    ) -> TimelinePage:
        """Return a page, the newest first; linked profiles are one customer.

        Args:
            profile_id: the customer.
            kinds: what is wanted.
            search: words that must all stand in an entry.
            metrics: kinds of events that are wanted; empty: all.
            before: where the page before ended.
            limit: how many entries it has at most.
        """
        with self._store.read() as connection:
            return load_timeline(
                connection,
                load_group(connection, profile_id),
                kinds=frozenset(kinds),
                words=tuple(clean(search).split())[:MOST_WORDS],
                metrics=tuple(dict.fromkeys(metrics))[:MOST_METRICS],
                before=before,
                limit=max(1, limit),
            )
