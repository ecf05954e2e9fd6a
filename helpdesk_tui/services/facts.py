"""What scripts are told of tickets beyond their list rows."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_tui.db.reads.facts import load_facts
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.ticket_details import TicketFacts


def ticket_facts(store: Store, ids: Sequence[int]) -> dict[int, TicketFacts]:
    """Return the facts of the named tickets; unknown ids are left out. Blocks."""
    with store.read() as connection:
        return load_facts(connection, ids)
