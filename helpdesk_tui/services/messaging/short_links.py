"""Short links as the worker keeps them in step with the relay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpdesk_tui.db.messaging import short_links as rows
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.messaging.relaying import Click


class ShortLinks:
    """The links of one store; every call blocks.

    ``accounts`` are always the ids of those whose messages go by one relay.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def unpublished(self, accounts: Sequence[int], most: int) -> Mapping[str, str]:
        """Return codes that the relay does not know yet, and where they lead."""
        with self._store.read() as connection:
            return rows.load_unpublished(connection, accounts, most)

    def published(self, codes: Sequence[str]) -> None:
        """Note that the relay knows these."""
        with self._store.write(bulk=True) as connection:
            rows.set_published(connection, codes)

    def expected(self, accounts: Sequence[int]) -> int:
        """Return how many the relay should know."""
        with self._store.read() as connection:
            return rows.count_published(connection, accounts)

    def lost(self, accounts: Sequence[int]) -> None:
        """Note that the relay knows none any more: all are published anew."""
        with self._store.write(bulk=True) as connection:
            rows.set_unpublished(connection, accounts)

    def clicked(self, clicks: Sequence[Click]) -> None:
        """Count clicks, oldest first; told twice they count once."""
        with self._store.write(bulk=True) as connection:
            rows.add_clicks(connection, [(each.code, each.at) for each in clicks])
            rows.touch_tickets(connection, [each.code for each in clicks])
