"""What sources know of a customer: the same values for every source, whatever they were made of.

Every text in here came from outside. ``None`` means that nobody knows; it is never shown as zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from helpdesk_tui.domain.money import Money


class Section(StrEnum):
    """The parts of customer context that are fetched, kept and aged by themselves."""

    PROFILE = "profile"
    """Name, addresses, place, consent as the source knows them."""
    SEGMENTS = "segments"
    VALUE = "value"
    """Lifetime value, churn risk and what else is predicted."""
    ORDERS = "orders"
    SUBSCRIPTIONS = "subscriptions"
    EVENTS = "events"


class SectionState(StrEnum):
    """How a section of a source stands."""

    KNOWN = "known"
    NOBODY = "nobody"
    """The source does not know this customer."""
    NOT_AVAILABLE = "not-available"
    """The account of the shop does not have it, such as predictions."""
    FAILED = "failed"
    """It could not be asked; what is kept is older."""


class ConsentWord(StrEnum):
    """What a source says of consent on one channel."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    NEVER = "never"
    """Never asked, or never answered."""


@dataclass(frozen=True, slots=True)
class SourceConsent:
    """Whether a customer may be written to on a channel, as a source knows it."""

    channel: str
    """``email``, ``sms`` or ``whatsapp``."""
    kind: str
    """``marketing``, ``transactional`` or ``conversational``."""
    word: ConsentWord
    at: datetime | None = None
    is_suppressed: bool = False
    """Nothing may be sent, whatever they agreed to: bounced, complained, suppressed by hand."""


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """Who a customer is to a source."""

    name: str = ""
    email: str = ""
    phone: str = ""
    """E.164."""
    location: str = ""
    """City and country, as they are shown."""
    timezone: str = ""
    """IANA name."""
    language: str = ""
    since: datetime | None = None
    url: str = ""
    """Where people see this customer in the source's own interface."""
    tags: tuple[str, ...] = ()
    note: str = ""
    consents: tuple[SourceConsent, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A group that a source puts the customer into."""

    id: str
    name: str
    kind: str = "segment"
    """``segment`` or ``list``."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a customer is worth, by what they bought and as predicted."""

    currency: str = ""
    spent: Decimal | None = None
    """So far (historic lifetime value)."""
    predicted: Decimal | None = None
    """What they will probably spend in the next year."""
    total: Decimal | None = None
    orders: int | None = None
    predicted_orders: Decimal | None = None
    average_order: Decimal | None = None
    days_between_orders: Decimal | None = None
    churn: Decimal | None = None
    """The risk that they never come back, 0 to 1."""
    next_order: date | None = None


@dataclass(frozen=True, slots=True)
class Tracking:
    """One parcel."""

    company: str = ""
    number: str = ""
    url: str = ""
    status: str = ""
    """As the source words it, lower case: ``in_transit``, ``delivered`` …"""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order."""

    id: str
    title: str
    quantity: int
    """How many by now, after edits and refunds."""
    price: Decimal | None = None
    """Of one, after discounts of the line."""
    variant: str = ""
    sku: str = ""
    unfulfilled: int = 0
    """How many have not left yet: what an edit may take away."""
    is_editable: bool = True

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.title} ({self.variant})" if self.variant else self.title


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a shop."""

    id: str
    """The source's own id."""
    name: str
    """What people call it: ``#1042``."""
    created_at: datetime
    updated_at: datetime | None = None
    """The source's own mark of change: what makes another look at it necessary."""
    currency: str = ""
    total: Decimal | None = None
    """By now, with taxes and shipping, after edits and refunds."""
    subtotal: Decimal | None = None
    shipping: Decimal | None = None
    discount: Decimal | None = None
    tax: Decimal | None = None
    refunded: Decimal | None = None
    outstanding: Decimal | None = None
    payment: str = ""
    """Lower case, as the shop has it: ``paid``, ``pending``, ``partially_refunded`` …"""
    fulfilment: str = ""
    """``unfulfilled``, ``fulfilled``, ``partially_fulfilled``, ``on_hold`` …"""
    returns: str = ""
    items: tuple[OrderItem, ...] = ()
    has_more_items: bool = False
    parcels: tuple[Tracking, ...] = ()
    address: str = ""
    """Where it goes, line by line."""
    note: str = ""
    tags: tuple[str, ...] = ()
    email: str = ""
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    closed_at: datetime | None = None
    is_editable: bool = False
    not_editable: tuple[str, ...] = ()
    """Why it cannot be edited, in the shop's words."""
    is_test: bool = False
    url: str = ""
    """Where the customer sees its state."""
    admin_url: str = ""

    @property
    def amount(self) -> Money | None:
        """The total with its currency."""
        return None if self.total is None else Money(self.total, self.currency)


@dataclass(frozen=True, slots=True)
class BoxItem:
    """Something that leaves in the same charge."""

    subscription: str
    title: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class NextCharge:
    """The charge that is queued next for a subscription."""

    id: str
    date: date | None
    total: Decimal | None = None
    box: tuple[BoxItem, ...] = ()
    """All that leaves with it; a skip names the one it is about."""


@dataclass(frozen=True, slots=True)
class PlaceOption:
    """An address of the customer that a subscription could go to."""

    id: str
    """The source's id of it."""
    lines: str


UNITS = ("day", "week", "month")
"""What the intervals of subscriptions are counted in."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Something that a customer gets again and again."""

    id: str
    product: str
    status: str
    """``active``, ``cancelled`` or ``expired``."""
    quantity: int = 1
    variant: str = ""
    variant_id: str = ""
    """The shop's id of it: what a swap names."""
    sku: str = ""
    price: Decimal | None = None
    currency: str = ""
    every: int = 0
    """The interval …"""
    unit: str = ""
    """… in one of :data:`UNITS`."""
    next_date: date | None = None
    charge: NextCharge | None = None
    """None where nothing is queued: then nothing can be skipped."""
    skipped: NextCharge | None = None
    """The charge that was skipped last, as long as that can be taken back."""
    is_skippable: bool = True
    is_swappable: bool = False
    is_prepaid: bool = False
    customer: str = ""
    """The source's id of the customer."""
    address: str = ""
    """The source's id of the address it goes to."""
    address_lines: str = ""
    started_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    updated_at: datetime | None = None
    url: str = ""
    places: tuple[PlaceOption, ...] = ()
    """The customer's other addresses: where it could go instead."""


@dataclass(frozen=True, slots=True)
class CustomerEvent:
    """Something that a customer did, or that was done for them."""

    id: str
    metric: str
    """What kind of event, by name: ``Placed Order``, ``Opened Email`` …"""
    at: datetime
    title: str = ""
    """What it was about: a product, a subject, an order."""
    value: Decimal | None = None
    currency: str = ""
    url: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    campaign: str = ""
    """Name of the campaign or flow that it belongs to …"""
    campaign_id: str = ""
    """… and the source's id of it."""
    channel: str = ""
    """``email``, ``sms`` …, where it is about a message."""
    sent: str = ""
    """``campaign`` or ``flow`` where it is a marketing message that has arrived: what an answer may
    be attributed to. Empty for everything else."""


@dataclass(frozen=True, slots=True)
class EventsPage:
    """Events, the newest first, and how far back they reach."""

    events: tuple[CustomerEvent, ...]
    is_all: bool
    """Nothing older is there."""
    cursor: str = ""
    """Where the source goes on with older ones."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one source has said of one customer: only what it was asked for is not None."""

    profile: ProfileFacts | None = None
    segments: tuple[Segment, ...] | None = None
    value: Value | None = None
    orders: tuple[Order, ...] | None = None
    has_more_orders: bool = False
    subscriptions: tuple[Subscription, ...] | None = None
    events: EventsPage | None = None
    not_available: frozenset[Section] = frozenset()
    """Sections that the account of the shop does not have."""
    failed: Mapping[Section, Failure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a section could not be fetched: a code of ours with its values."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    retry_after: float = 0.0
    """Seconds that the source wants to be left alone."""
