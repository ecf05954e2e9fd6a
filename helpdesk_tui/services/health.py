"""Questions about the state of a store, for ``doctor``."""

from __future__ import annotations

from helpdesk_tui.db.health import find_damage
from helpdesk_tui.db.store import Store


def store_damage(store: Store) -> list[str]:
    """Return what is broken in the database; empty if nothing is. Reads all of it; blocks."""
    with store.read() as connection:
        return find_damage(connection)
