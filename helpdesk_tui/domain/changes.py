"""Values of the change feed: what happened in the store since it was last asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_QUIET = frozenset(
    {"message.sent", "message.filed", "message.failed", "message.unknown", "note.added",
     "message.delivered", "message.read", "chat.left", "chat.back", "chat.asked-for-person",
     "ticket.tagged", "ticket.untagged", "channel.state", "view.saved", "view.moved",
     "view.deleted"}
)  # fmt: skip
"""Activity that moves no ticket between views, statuses and read states."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What some commits changed."""

    last_id: int
    """The newest activity row that is included."""
    tickets: frozenset[int]
    messages: frozenset[int]
    kinds: frozenset[str]
    arrived: frozenset[int]
    """Tickets that a customer wrote into."""
    counts_changed: bool
    """True if list heights and badges may have changed."""
    first_id: int = 0
    """The oldest activity row that is included."""


def changes_of(rows: Iterable[tuple[int, int | None, int | None, str]]) -> Changes | None:
    """Sum up activity rows (id, ticket, message, kind), oldest first; None if there are none."""
    found = list(rows)
    if not found:
        return None
    kinds = frozenset(kind for _, _, _, kind in found)
    return Changes(
        first_id=found[0][0],
        last_id=found[-1][0],
        tickets=frozenset(ticket for _, ticket, _, _ in found if ticket is not None),
        messages=frozenset(message for _, _, message, _ in found if message is not None),
        kinds=kinds,
        arrived=frozenset(
            ticket
            for _, ticket, _, kind in found
            if kind == "message.received" and ticket is not None
        ),
        counts_changed=not kinds <= _QUIET,
    )
