"""How an offer to merge or split stands in a ticket; what is offered is found in ``offers``."""

from __future__ import annotations

from enum import StrEnum


class OfferKind(StrEnum):
    """What is offered."""

    MERGE = "merge"
    """To make the ticket part of another one, which the offer names."""
    SPLIT = "split"
    """To make a ticket of the message that the offer names, and of what follows it."""


def offer_of(kind: OfferKind, number: int) -> str:
    """Return an offer as tickets bear it: ``merge:TICKET`` or ``split:MESSAGE``."""
    return f"{kind}:{number}"


def read_offer(text: str) -> tuple[OfferKind, int] | None:
    """Return what a ticket's offer names, or None where there is none."""
    kind, _, number = text.partition(":")
    if kind not in list(OfferKind) or not (number.isascii() and number.isdigit()):
        return None
    return OfferKind(kind), int(number)
