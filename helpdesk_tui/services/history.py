"""Fill a new store with a whole past: sample desks, and later those that come from elsewhere."""

from __future__ import annotations

from datetime import datetime

from helpdesk_tui.db.history import write_history
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.history import PastDesk


def write_desk(store: Store, desk: PastDesk, now: datetime) -> None:
    """Write ``desk`` into the empty ``store`` in one transaction, in the order of time; blocks."""
    with store.write() as connection:
        write_history(connection, store.paths, desk, now)
