"""Orders of the simulated shop at Shopify: what they hold, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

NOTHING = Decimal(0)
_CENT = Decimal("0.01")


@dataclass(slots=True)
class SimLine:
    """A line of an order."""

    number: int
    title: str
    price: Decimal
    """Of one."""
    ordered: int
    current: int
    fulfilled: int = 0
    variant: str = "Default Title"
    sku: str = ""
    is_editable: bool = True

    @property
    def unfulfilled(self) -> int:
        """How many have not left yet."""
        return max(0, self.current - self.fulfilled)


@dataclass(slots=True)
class SimParcel:
    """What was sent."""

    status: str
    company: str = ""
    number: str = ""
    url: str = ""
    at: datetime | None = None


@dataclass(slots=True)
class SimOrder:
    """An order; amounts are worked out from its lines, never set."""

    number: int
    name: str
    customer: int
    created: datetime
    updated: datetime
    lines: list[SimLine]
    currency: str = "EUR"
    shipping: Decimal = NOTHING
    tax_rate: Decimal = NOTHING
    received: Decimal = NOTHING
    refunded: Decimal = NOTHING
    parcels: list[SimParcel] = field(default_factory=list)
    cancelled: datetime | None = None
    reason: str = ""
    closed: datetime | None = None
    note: str = ""
    tags: list[str] = field(default_factory=list)
    email: str = ""
    returns: str = "NO_RETURN"
    gateways: list[str] = field(default_factory=lambda: ["shopify_payments"])
    is_edited: bool = False
    edits: int = 0
    """How often what it holds was changed: a session begun before is worth nothing."""

    @property
    def subtotal(self) -> Decimal:
        """What its lines come to now."""
        return sum([one.price * one.current for one in self.lines], NOTHING)

    @property
    def tax(self) -> Decimal:
        """On top of its lines."""
        return (self.subtotal * self.tax_rate).quantize(_CENT, ROUND_HALF_UP)

    @property
    def is_emptied(self) -> bool:
        """Cancelled and paid back: nothing is left of it."""
        return self.cancelled is not None and self.received == self.refunded

    @property
    def total(self) -> Decimal:
        """What it comes to now."""
        return NOTHING if self.is_emptied else self.subtotal + self.tax + self.shipping

    @property
    def net(self) -> Decimal:
        """What was paid and not paid back."""
        return self.received - self.refunded

    @property
    def outstanding(self) -> Decimal:
        """What is to be paid, or to be paid back."""
        return NOTHING if self.cancelled else self.total - self.net

    @property
    def financial(self) -> str:
        """How it stands with money."""
        if self.refunded and self.net <= 0:
            return "REFUNDED"
        if self.refunded:
            return "PARTIALLY_REFUNDED"
        if self.cancelled and not self.received:
            return "VOIDED"
        if self.outstanding > 0:
            return "PARTIALLY_PAID" if self.received else "PENDING"
        return "PAID"

    @property
    def fulfilment(self) -> str:
        """How far it has been sent."""
        sent = sum(one.fulfilled for one in self.lines)
        if not sent:
            return "UNFULFILLED"
        return "PARTIALLY_FULFILLED" if any(one.unfulfilled for one in self.lines) else "FULFILLED"

    def locks(self) -> list[str]:
        """Return why it cannot be edited."""
        if self.cancelled:
            return ["Canceled orders can't be edited."]
        if self.closed:
            return ["Archived orders can't be edited."]
        return []


@dataclass(slots=True)
class SimEdit:
    """A session of editing: what its lines would hold."""

    number: int
    order: SimOrder
    edits: int
    """How often the order had been changed when it was begun."""
    quantities: dict[int, int] = field(default_factory=dict)
    restocked: set[int] = field(default_factory=set)
    is_committed: bool = False

    def quantity(self, line: SimLine) -> int:
        """Return how many of a line there would be."""
        return self.quantities.get(line.number, line.current)

    @property
    def total(self) -> Decimal:
        """What the order would come to."""
        subtotal = sum([one.price * self.quantity(one) for one in self.order.lines], NOTHING)
        tax = (subtotal * self.order.tax_rate).quantize(_CENT, ROUND_HALF_UP)
        return subtotal + tax + self.order.shipping

    @property
    def outstanding(self) -> Decimal:
        """What would be to be paid, or to be paid back."""
        return self.total - self.order.net


@dataclass(slots=True)
class SimJob:
    """A cancellation that Shopify works on."""

    number: int
    order: SimOrder
    reason: str
    refunds: bool
    restocks: bool
    left: int
    """So many requests come before it is done."""
    fails: bool = False
    is_done: bool = False
