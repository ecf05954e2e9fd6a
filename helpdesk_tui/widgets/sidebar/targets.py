"""What a row of the sidebar is about: where the cursor can stand, and what its keys then mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TargetKind(StrEnum):
    """What ``enter`` does on a row."""

    CUSTOMER = "customer"
    """Opens the whole profile."""
    TEXT = "text"
    """Nothing more than copying it."""
    ORDER = "order"
    ORDERS = "orders"
    """Opens all orders."""
    SUBSCRIPTION = "subscription"
    EVENT = "event"
    METRICS = "metrics"
    """Asks which events are shown."""
    ACTION = "action"
    """Shows how far a change has come."""
    TICKET = "ticket"
    TICKETS = "tickets"
    """Lists all tickets of the customer."""
    CLAIM = "claim"
    """Asks whether an address that is not proved is looked up."""
    SAME = "same"
    """Offers to link two profiles."""
    SOURCE = "source"
    """Says what is wrong with a source, or how to connect one."""
    ALL = "all"
    """Opens the profile at what is too much for the sidebar; the id names it."""
    MORE = "more"
    """Shows the whole section, or its first lines again."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing in the sidebar; the same thing is equal however often it is drawn anew."""

    kind: TargetKind
    id: str = ""
    """The source's id of it, the number of a ticket, or the name of a section."""
    source_id: int = 0
    copied: str = ""
    """What ``y`` puts on the clipboard."""
    url: str = ""
    """What ``o`` opens."""

    def is_same(self, other: Target | None) -> bool:
        """Return whether both are about the same thing, whatever has changed of it."""
        return other is not None and (self.kind, self.source_id, self.id) == (
            other.kind,
            other.source_id,
            other.id,
        )


def text_target(place: str, text: str, url: str = "") -> Target | None:
    """Return what makes a value copyable; None for no value.

    Args:
        place: what the value is: the cursor stays there when the value changes.
        text: the value.
        url: where it leads.
    """
    return Target(TargetKind.TEXT, place, copied=text, url=url) if text else None


def more_target(section: str) -> Target:
    """Return what shows a whole section."""
    return Target(TargetKind.MORE, section)
