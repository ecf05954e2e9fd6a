"""Customers as values, for what draws them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.context import CustomerContext, Word
from helpdesk_tui.domain.commerce.facts import (
    ConsentWord,
    CustomerEvent,
    Order,
    OrderItem,
    ProfileFacts,
    Section,
    SectionState,
    Segment,
    SourceConsent,
    Subscription,
    Tracking,
    Value,
)
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from tests.support.thread_values import NOW

KLAVIYO = ConnectedSource(1, "marketing", "klaviyo", {})
SHOPIFY = ConnectedSource(2, "shop", "shopify", {})
RECHARGE = ConnectedSource(3, "boxes", "recharge", {})
SOURCES = (KLAVIYO, SHOPIFY, RECHARGE)


def word(source: ConnectedSource, **changes: Any) -> Word:
    """Make what a source says of a section: known for three minutes."""
    values: dict[str, Any] = {
        "state": SectionState.KNOWN, "fetched_at": NOW - timedelta(minutes=3),
    }  # fmt: skip
    return Word(source.id, **{**values, **changes})


def order(name: str = "#1042", **changes: Any) -> Order:
    """Make an order that was delivered yesterday."""
    values: dict[str, Any] = {
        "id": f"gid://{name}", "created_at": NOW - timedelta(days=5), "currency": "EUR",
        "total": Decimal("89.00"), "payment": "paid", "fulfilment": "fulfilled",
        "items": (OrderItem("1", "Trail shoes", 2, Decimal("44.50")),),
        "parcels": (Tracking("DHL", "JD1", status="in_transit"),),
        "admin_url": f"https://admin.shop.example/orders/{name.strip('#')}",
    }  # fmt: skip
    return Order(name=name, **{**values, **changes})


def subscription(**changes: Any) -> Subscription:
    """Make a subscription that goes on."""
    values: dict[str, Any] = {
        "id": "s1", "product": "Coffee 1 kg", "status": "active", "currency": "EUR",
        "price": Decimal("24.00"), "every": 1, "unit": "month", "next_date": date(2026, 12, 2),
    }  # fmt: skip
    return Subscription(**{**values, **changes})


def event(id: str = "e1", metric: str = "Viewed Product", **changes: Any) -> CustomerEvent:
    """Make an event of this morning."""
    return CustomerEvent(id, metric, **{"at": NOW - timedelta(hours=1), "title": "", **changes})


def context(**changes: Any) -> CustomerContext:
    """Make a customer whom three sources know."""
    values: dict[str, Any] = {
        "profile_id": 7,
        "sources": SOURCES,
        "words": {
            Section.PROFILE: (word(KLAVIYO),), Section.SEGMENTS: (word(KLAVIYO),),
            Section.VALUE: (word(KLAVIYO),), Section.ORDERS: (word(SHOPIFY),),
            Section.SUBSCRIPTIONS: (word(RECHARGE),), Section.EVENTS: (word(KLAVIYO),),
        },
        "matches": ((1, Match("01A", MatchedBy.EMAIL, "anna@example.pl")),),
        "profiles": ((1, ProfileFacts(
            name="Anna Kowalska", email="anna@example.pl",
            consents=(
                SourceConsent("email", "marketing", ConsentWord.SUBSCRIBED),
                SourceConsent("sms", "marketing", ConsentWord.UNSUBSCRIBED),
                SourceConsent("whatsapp", "marketing", ConsentWord.NEVER),
            ),
        )),),
        "segments": ((1, Segment("g1", "VIP")), (1, Segment("g2", "Newsletter", "list"))),
        "values": ((1, Value(
            "EUR", Decimal("412.30"), Decimal("95"), orders=6, churn=Decimal("0.18"),
            next_order=date(2026, 12, 4),
        )),),
        "orders": ((2, order()), (2, order("#0987", total=Decimal("41.5"))), (2, order("#0911"))),
        "order_count": 3,
        "subscriptions": ((3, subscription()),),
        "subscription_count": 1,
        "events": ((1, event()), (1, event("e2", "Opened Email", title="Autumn"))),
        "event_count": 2,
        "metrics": (("Viewed Product", 1), ("Opened Email", 1)),
    }  # fmt: skip
    return CustomerContext(**{**values, **changes})
