"""Questions about the state of a store, for ``doctor``, and the mend that needs no copy."""

from __future__ import annotations

from helpdesk_tui.db import health
from helpdesk_tui.db.copies import lost_files
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.damage import Damage, DamageKind


def store_damage(store: Store) -> list[Damage]:
    """Return what is broken in a store; empty if nothing is. Reads all of it; blocks."""
    with store.read() as connection:
        found = health.find_damage(connection)
        lost = lost_files(connection, store.paths.blobs)
    return found + [
        Damage(
            DamageKind.LOST,
            f"{each.name or 'the source of a mail'} of ticket {each.ticket_id} is gone"
            if each.ticket_id
            else "a file that no ticket shows is gone",
        )
        for each in lost[: health.SHOWN]
    ]


def mend_counters(store: Store) -> None:
    """Count all tickets anew in one transaction; blocks writers as long as that takes."""
    with store.write(bulk=True) as connection:
        health.recount(connection)
