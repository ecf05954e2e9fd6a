"""How far a message of ours has got: told by a provider in any order, and never going backward."""

from __future__ import annotations

from collections.abc import Iterable

from helpdesk_tui.domain.messages import Delivery

_RANKS = {
    Delivery.QUEUED: 0,
    Delivery.SENDING: 1,
    Delivery.UNKNOWN: 2,
    Delivery.SENT: 3,
    Delivery.FAILED: 4,
    Delivery.DELIVERED: 5,
    Delivery.READ: 6,
}
"""Whatever is told in whatever order, the highest holds: what has arrived has not failed."""
ENDS = frozenset((Delivery.READ, Delivery.FAILED))
"""States after which a provider is asked no more."""


def furthest(known: Delivery, told: Delivery) -> Delivery:
    """Return how far a part has got by what is known and what is told of it now."""
    if told in (Delivery.QUEUED, Delivery.SENDING):
        # the provider has it: for us it is sent
        told = Delivery.SENT
    return max(known, told, key=_rank)


def whole(states: Iterable[Delivery]) -> Delivery:
    """Return how far a message has got whose parts have got that far: the least of them."""
    found = set(states)
    for bad in (Delivery.FAILED, Delivery.UNKNOWN):
        if bad in found:
            return bad
    return min(found, key=_rank, default=Delivery.QUEUED)


def _rank(state: Delivery) -> int:
    return _RANKS.get(state, 0)
