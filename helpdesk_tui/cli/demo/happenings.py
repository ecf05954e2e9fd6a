"""What the people of the sample desk did, what they are worth, and whom the shop takes them for."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from helpdesk_tui.cli.demo.catalogue import Catalogue
from helpdesk_tui.domain.commerce.facts import (
    ConsentWord,
    CustomerEvent,
    Order,
    ProfileFacts,
    Segment,
    SourceConsent,
    Subscription,
    Value,
)
from helpdesk_tui.domain.history import PastCustomer

_CENT = Decimal("0.01")
_PREDICTED_FROM = 2
"""Orders after which something is predicted: before that nobody can."""
_VIP = Decimal("600")
_AT_RISK = Decimal("0.6")


def value_of(
    orders: Sequence[Order],
    subscriptions: Sequence[Subscription],
    now: datetime,
    currency: str,
    dice: random.Random,
) -> Value | None:
    """Return what somebody is worth; None where they never bought anything."""
    if not orders:
        return None
    spent = sum(
        [(one.total or Decimal(0)) - (one.refunded or Decimal(0)) for one in orders], Decimal(0)
    )
    average = (spent / len(orders)).quantize(_CENT)
    if len(orders) < _PREDICTED_FROM:
        return Value(currency, spent, orders=len(orders), average_order=average)
    newest, oldest = orders[0].created_at, orders[-1].created_at
    between = max(6.0, (newest - oldest) / timedelta(days=1) / (len(orders) - 1))
    is_regular = any(one.status == "active" for one in subscriptions)
    idle = (now - newest) / timedelta(days=1)
    # whoever was disappointed comes back less, whoever gets something regularly more
    bad = 0.45 if any(one.refunded for one in orders) else 0.0
    churn = min(0.94, 0.05 + idle / (between * 4) + bad + dice.uniform(0, 0.25))
    churn *= 0.5 if is_regular else 1.0
    predicted = (spent * Decimal(str(round(dice.uniform(0.15, 0.45), 2)))).quantize(_CENT)
    return Value(
        currency,
        spent,
        predicted=predicted,
        total=spent + predicted,
        orders=len(orders),
        predicted_orders=(predicted / average).quantize(_CENT) if average else None,
        average_order=average,
        days_between_orders=Decimal(str(round(between, 1))),
        churn=Decimal(str(round(churn, 2))),
        next_order=max(newest + timedelta(days=between), now + timedelta(days=3)).date(),
    )


def profile_of(
    customer: str, name: str, person: PastCustomer, orders: Sequence[Order], now: datetime
) -> ProfileFacts:
    """Return who somebody is to the shop."""
    consents = []
    if person.email:
        word = ConsentWord.SUBSCRIBED
        consents.append(SourceConsent("email", "marketing", word, now - timedelta(days=90)))
    if person.phone:
        word = ConsentWord.SUBSCRIBED
        consents.append(SourceConsent("sms", "marketing", word, now - timedelta(days=60)))
    first = orders[-1].created_at if orders else now - timedelta(days=1)
    return ProfileFacts(
        name=name,
        email=person.email,
        phone=person.phone,
        location=person.location,
        timezone=person.timezone,
        since=first - timedelta(days=2),
        url=f"https://acme.example/admin/customers/{customer}",
        tags=("wholesale",) if "GmbH" in name else (),
        consents=tuple(consents),
    )


def segments_of(
    value: Value | None, subscriptions: Sequence[Subscription], person: PastCustomer
) -> tuple[Segment, ...]:
    """Return the groups that somebody is in."""
    spent = value.spent if value and value.spent else Decimal(0)
    churn = value.churn if value and value.churn else Decimal(0)
    is_regular = any(one.status == "active" for one in subscriptions)
    groups = (
        ("vip", "VIP", "segment", spent >= _VIP),
        ("repeat", "Repeat buyers", "segment", bool(value and (value.orders or 0) > 1)),
        ("new", "New customers", "segment", not value or value.orders == 1),
        ("risk", "At risk", "segment", churn >= _AT_RISK),
        ("subscribers", "Subscribers", "segment", is_regular),
        ("letter", "Trail letter", "list", bool(person.email)),
        ("texts", "Text alerts", "list", bool(person.phone)),
    )
    return tuple([Segment(group, name, kind) for group, name, kind, is_in in groups if is_in])


def events_of(
    customer: str,
    orders: Sequence[Order],
    catalogue: Catalogue,
    person: PastCustomer,
    now: datetime,
    dice: random.Random,
) -> tuple[CustomerEvent, ...]:
    """Return what somebody did and what was done for them, the newest first."""
    made = [event for order in orders for event in _of_order(customer, order, dice)]
    if person.email:
        made += _of_campaigns(customer, catalogue, now, dice)
    for count in range(dice.randint(1, 4)):
        at = now - timedelta(days=dice.randint(0, 25), minutes=dice.randint(1, 600))
        product = dice.choice(catalogue.products)
        made.append(CustomerEvent(f"{customer}-view{count}", "Viewed Product", at, product.title))
    made = [one for one in made if one.at <= now]
    return tuple(sorted(made, key=lambda one: one.at, reverse=True))


def _of_order(customer: str, order: Order, dice: random.Random) -> list[CustomerEvent]:
    about = f"{customer}-{order.id}"
    title = f"{order.name} · {order.items[0].title}"
    found = [
        CustomerEvent(
            f"{about}-checkout", "Started Checkout",
            order.created_at - timedelta(minutes=dice.randint(3, 25)), order.items[0].title,
            order.total, order.currency,
        ),
        CustomerEvent(
            f"{about}-placed", "Placed Order", order.created_at, title, order.total, order.currency,
            order.url,
        ),
    ]  # fmt: skip
    for parcel in order.parcels:
        if parcel.shipped_at:
            found.append(
                CustomerEvent(f"{about}-sent", "Fulfilled Order", parcel.shipped_at, order.name)
            )
        if parcel.delivered_at:
            found.append(
                CustomerEvent(f"{about}-there", "Delivered", parcel.delivered_at, order.name)
            )
    if order.refunded:
        at = order.created_at + timedelta(days=9)
        found.append(
            CustomerEvent(
                f"{about}-back", "Refunded Order", at, order.name, order.refunded, order.currency
            )
        )
    return found


def _of_campaigns(
    customer: str, catalogue: Catalogue, now: datetime, dice: random.Random
) -> list[CustomerEvent]:
    found = []
    for index, one in enumerate(catalogue.campaigns):
        at = (now - timedelta(days=one.days)).replace(hour=9, minute=0, second=0, microsecond=0)
        metrics = ("Received Email", "Opened Email", "Clicked Email")
        for step, metric in enumerate(metrics[: dice.choice((1, 1, 2, 2, 3))]):
            at += timedelta(minutes=dice.randint(1, 300) if step else dice.randint(0, 4))
            found.append(
                CustomerEvent(
                    f"{customer}-mail{index}{step}", metric, at, one.subject, campaign=one.name,
                    campaign_id=f"campaign{index}", channel="email",
                )
            )  # fmt: skip
    return found
