"""Sources of facts about customers, what they have said, and changes asked of them."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from helpdesk_tui.db.types import Instant, Large

_UNDER_WAY = text("state IN ('queued', 'running', 'unknown')")


class Source(SQLModel, table=True):
    """A connected source of facts: an account at Klaviyo, a shop, an endpoint, imported files."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    """What the team calls it; its secret is kept under this name."""
    kind: str
    """A name of ``domain/commerce/sources.py``."""
    settings: str = "{}"
    enabled: bool = True
    created_at: datetime = Field(sa_type=Instant)
    told: str = "{}"
    """What it has said of itself: name of the shop, currency, time zone, scopes …"""
    error_code: str = ""
    """Why it cannot be asked at all; empty while it can."""
    error_values: str = "{}"
    error_at: datetime | None = Field(default=None, sa_type=Instant)
    ok_at: datetime | None = Field(default=None, sa_type=Instant)


class SourceMatch(SQLModel, table=True):
    """A customer of a source that is a profile of ours, and what made them the same."""

    __tablename__ = "source_match"
    __table_args__ = (Index("source_match_profile", "profile_id"),)

    source_id: int = Field(foreign_key="source.id", primary_key=True)
    external_id: str = Field(primary_key=True)
    profile_id: int = Field(foreign_key="profile.id", primary_key=True)
    matched_by: str
    value: str = ""
    at: datetime = Field(sa_type=Instant)


class ImportedCustomer(SQLModel, table=True):
    """A customer of an imported file, whether they ever wrote to us or not."""

    __tablename__ = "imported_customer"

    source_id: int = Field(foreign_key="source.id", primary_key=True)
    external_id: str = Field(primary_key=True)
    body: str
    """As docs/admins/own-shop-data.md has it."""
    at: datetime = Field(sa_type=Instant)


class ImportedAddress(SQLModel, table=True):
    """An address or number of a customer of an imported file."""

    __tablename__ = "imported_address"
    __table_args__ = (Index("imported_address_customer", "source_id", "external_id"),)

    source_id: int = Field(foreign_key="source.id", primary_key=True)
    kind: str = Field(primary_key=True)
    """``email`` or ``phone``."""
    value: str = Field(primary_key=True)
    external_id: str


class CustomerSection(SQLModel, table=True):
    """One section of a source's word of a profile, with its age."""

    __tablename__ = "customer_section"

    profile_id: int = Field(foreign_key="profile.id", primary_key=True)
    source_id: int = Field(foreign_key="source.id", primary_key=True)
    section: str = Field(primary_key=True)
    state: str
    """``known``, ``nobody``, ``not-available`` or ``failed``."""
    body: str = "{}"
    """The value as JSON; of orders, subscriptions and events only how many there are."""
    fetched_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it was last as it stands here."""
    asked_at: datetime = Field(sa_type=Instant)
    """When it was last asked for, well or not."""
    error_code: str = ""
    error_values: str = "{}"
    retry_at: datetime | None = Field(default=None, sa_type=Instant)


class OrderSnapshot(SQLModel, table=True):
    """An order of a shop as it was last seen."""

    __tablename__ = "order_snapshot"
    __table_args__ = (
        UniqueConstraint("source_id", "external_id", "profile_id"),
        Index("order_profile", "profile_id", "placed_at"),
        Index("order_name", "name"),
        Index("order_total", "total"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    external_id: str
    profile_id: int | None = Field(default=None, foreign_key="profile.id")
    name: str
    """Without ``#`` and blanks, in lower case: what ``order:`` looks for."""
    total: int | None = Field(default=None, sa_type=Large)
    """In millionths."""
    currency: str = ""
    placed_at: datetime = Field(sa_type=Instant)
    changed_at: datetime | None = Field(default=None, sa_type=Instant)
    """By the shop's own clock."""
    cancelled: bool = False
    body: str
    seen_at: datetime = Field(sa_type=Instant)


class SubscriptionSnapshot(SQLModel, table=True):
    """A subscription as it was last seen."""

    __tablename__ = "subscription_snapshot"
    __table_args__ = (
        UniqueConstraint("source_id", "external_id", "profile_id"),
        Index("subscription_profile", "profile_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    external_id: str
    profile_id: int | None = Field(default=None, foreign_key="profile.id")
    status: str
    next_date: date | None = None
    body: str
    seen_at: datetime = Field(sa_type=Instant)


class CustomerEventRow(SQLModel, table=True):
    """Something a customer did, or that was done for them, as a source tells it."""

    __tablename__ = "customer_event"
    __table_args__ = (
        UniqueConstraint("source_id", "external_id", "profile_id"),
        Index("customer_event_profile", "profile_id", "at"),
        Index("customer_event_metric", "profile_id", "metric", "at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Large)
    source_id: int = Field(foreign_key="source.id")
    external_id: str
    profile_id: int = Field(foreign_key="profile.id")
    metric: str
    at: datetime = Field(sa_type=Instant)
    title: str = ""
    body: str = "{}"


class EventFilter(SQLModel, table=True):
    """A saved filter of events: which metrics are shown."""

    __tablename__ = "event_filter"
    __table_args__ = (UniqueConstraint("agent_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    """None: everybody's."""
    name: str
    metrics: str = "[]"


class CustomerValue(SQLModel, table=True):
    """What searches compare: the numbers of a profile over all its sources."""

    __tablename__ = "customer_value"
    __table_args__ = (
        Index("customer_value_ltv", "ltv"),
        Index("customer_value_churn", "churn"),
        Index("customer_value_orders", "orders"),
    )

    profile_id: int = Field(foreign_key="profile.id", primary_key=True)
    ltv: int | None = Field(default=None, sa_type=Large)
    """Total lifetime value, or what was spent so far, in millionths."""
    churn: int | None = None
    """In millionths."""
    orders: int | None = None
    subscriptions: int | None = None
    """Active ones."""


class CustomerSegment(SQLModel, table=True):
    """A segment or list that a profile is in."""

    __tablename__ = "customer_segment"
    __table_args__ = (Index("customer_segment_name", "folded", "profile_id"),)

    profile_id: int = Field(foreign_key="profile.id", primary_key=True)
    source_id: int = Field(foreign_key="source.id", primary_key=True)
    external_id: str = Field(primary_key=True)
    kind: str = "segment"
    name: str
    folded: str
    """The name without case, for searches."""


class ShopAction(SQLModel, table=True):
    """A change of an order or subscription: a job that costs somebody money.

    What was asked for is never changed after it was written; state and progress are.
    """

    __tablename__ = "shop_action"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("shop_action_profile", "profile_id", "id"),
        Index("shop_action_target", "source_id", "target", "id"),
        Index(
            "shop_action_open",
            "id",
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        # two changes of one order at once would each be of what the other has not left as it was
        Index(
            "shop_action_one",
            "source_id",
            "target",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str
    """Idempotency key: the same key is the same change."""
    kind: str
    source_id: int = Field(foreign_key="source.id")
    target: str
    """The source's id of the order or subscription."""
    name: str
    profile_id: int | None = Field(default=None, foreign_key="profile.id")
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    agent_id: int = Field(foreign_key="agent.id")
    arguments: str = "{}"
    expected: str = "{}"
    """What the agent saw when they said yes."""
    dry_run: bool = False
    state: str = "queued"
    phase: str = ""
    """Committed before each step that others can see: ``checked``, ``asked``, ``accepted``."""
    progress: str = "{}"
    result: str = "{}"
    error_code: str = ""
    error_values: str = "{}"
    tries: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=Instant)
    claimed_by: str = ""
    created_at: datetime = Field(sa_type=Instant)
    deadline: datetime = Field(sa_type=Instant)
    """What has not begun by then fails instead of happening late."""
    asked_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the request that changes something was about to leave."""
    changed_at: datetime = Field(sa_type=Instant)
    """When this row last changed."""
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
