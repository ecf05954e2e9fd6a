"""A desk with customers whom a source has told of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.facts import (
    CustomerEvent,
    EventsPage,
    Facts,
    ProfileFacts,
    Section,
    Segment,
    Subscription,
    Value,
)
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.services.desk import Desk
from tests.support.customer_values import order
from tests.support.store import START

SOURCE = "shop"


def facts(**changes: Any) -> Facts:
    """Make what a shop knows of a customer: everything."""
    values: dict[str, Any] = {
        "profile": ProfileFacts("Anna Kowalska", location="Kraków, PL", timezone="Europe/Warsaw"),
        "segments": (Segment("1", "VIP"),),
        "value": Value("EUR", Decimal(412), Decimal(95), orders=6, churn=Decimal("0.18")),
        "orders": tuple(
            order(f"#{1042 - n}", id=str(n), created_at=START - timedelta(days=2 + 20 * n))
            for n in range(3)
        ),
        "subscriptions": (Subscription(
            "s1", "Coffee 1 kg", "active", every=1, unit="month", next_date=date(2026, 12, 2),
            started_at=START - timedelta(days=90),
        ),),
        "events": EventsPage(tuple(
            CustomerEvent(f"e{n}", "Opened Email" if n % 2 else "Viewed Product",
                          START - timedelta(hours=n), title=f"thing {n}")
            for n in range(6)
        ), is_all=True),
    }  # fmt: skip
    return Facts(**{**values, **changes})


def tell(
    desk: Desk, profile_id: int, told: Facts | None, asked: Collection[Section] = tuple(Section)
) -> None:
    """Let a connected shop tell of a customer; it is connected at the first time."""
    sources = Sources(desk.store, SYSTEM, now=desk.clock)
    found = {one.name: one for one in sources.all()}
    source = found.get(SOURCE) or sources.add("sandbox", SOURCE, {"file": "/nowhere/shop.json"})
    email = desk.threads.profile(profile_id).email
    match = Match(f"c{profile_id}", MatchedBy.EMAIL, email) if told is not None else None
    ContextStore(desk.store, now=desk.clock).store(source, profile_id, match, told, asked=asked)
