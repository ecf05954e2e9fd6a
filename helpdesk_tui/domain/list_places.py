"""The place of a ticket in a list, as one whole number, for the orders that rows can tell.

All orders go down these numbers but ``oldest``, which goes up.
"""

from __future__ import annotations

from helpdesk_tui.domain.tickets import Priority, Sort, SortKey, TicketRow
from helpdesk_tui.domain.times import to_us

FAR = 2**53
"""More microseconds than any time here has: what sets stretches of an order apart."""
LEVELS = {priority.value: number for number, priority in enumerate(Priority)}
"""How urgent each priority is."""


def place_of(row: TicketRow, sort: Sort) -> SortKey:
    """Return where a ticket stands in a list of all of a view's tickets."""
    at = to_us(row.last_message_at)
    if sort is Sort.WAITING and row.waiting_since is not None:
        at = FAR - to_us(row.waiting_since)
    elif sort is Sort.PRIORITY:
        at += LEVELS[row.priority.value] * FAR
    return SortKey(at, row.id)
