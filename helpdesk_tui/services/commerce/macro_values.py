"""Orders, subscriptions and links as macros name them: from what the store has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from helpdesk_tui.db.commerce import snapshots
from helpdesk_tui.db.commerce.group import load_group
from helpdesk_tui.db.commerce.sources import load_sources
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Order, Section, Subscription, Tracking
from helpdesk_tui.domain.macros.render import ITEMS, Value
from helpdesk_tui.domain.money import Money

if TYPE_CHECKING:
    import sqlite3

_CALLED_OFF = frozenset({"canceled", "cancelled", "failure", "error"})
"""States of parcels that nobody gets."""
MOST = 20
"""Orders or subscriptions that a macro can name by number."""


class Lazy(Mapping[str, Value]):
    """Values that are read from the store once a macro names one of them."""

    def __init__(self, load: Callable[[], Mapping[str, Value]]) -> None:
        self._load = load

    @cached_property
    def _found(self) -> Mapping[str, Value]:
        return self._load()

    def __getitem__(self, name: str) -> Value:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def commerce_values(
    connection: sqlite3.Connection, profile_id: int
) -> tuple[Mapping[str, Mapping[str, Value]], frozenset[str]]:
    """Return the values of a customer by root, and which roots somebody is connected for."""
    sources = [one for one in load_sources(connection) if one.is_enabled]
    sections = {section for one in sources for section in one.spec.sections}
    connected = {"link"} if sources else set()
    if Section.ORDERS in sections:
        connected.add("order")
    if Section.SUBSCRIPTIONS in sections:
        connected.add("subscription")

    def orders() -> Sequence[Order]:
        found = snapshots.load_orders(connection, load_group(connection, profile_id), MOST)
        return [one for _, one in found]

    def subscriptions() -> Sequence[Subscription]:
        group = load_group(connection, profile_id)
        return [one for _, one in snapshots.load_subscriptions(connection, group, MOST)]

    values = {
        "order": Lazy(lambda: _many([_order(one) for one in orders()])),
        "subscription": Lazy(lambda: _many([_subscription(one) for one in subscriptions()])),
        "link": Lazy(lambda: _links(sources, orders())),
    }
    return {name: values[name] for name in connected}, frozenset(connected)


def _many(items: Sequence[Mapping[str, Value]]) -> Mapping[str, Value]:
    """Return the newest item with all of them, as ``last``, ``first`` and by number."""
    if not items:
        return {"count": 0}
    return {
        **items[0],
        "last": items[0],
        "first": items[-1],
        "count": len(items),
        ITEMS: tuple(items),
    }


def _order(order: Order) -> Mapping[str, Value]:
    parcel = _parcel(order)

    def money(amount: Decimal | None) -> Money | None:
        return None if amount is None else Money(amount, order.currency)

    return {
        "name": order.name,
        "number": order.name.lstrip("#"),
        "status": "cancelled" if order.cancelled_at else _words(order.fulfilment),
        "payment_status": _words(order.payment),
        "shipping_status": _words(parcel.status if parcel else order.fulfilment),
        "tracking_number": parcel.number if parcel else "",
        "tracking_url": parcel.url if parcel else "",
        "tracking_company": parcel.company if parcel else "",
        "address": order.address,
        "note": order.note,
        "url": order.url,
        "created_at": order.created_at,
        "shipped_at": parcel.shipped_at if parcel else None,
        "delivered_at": parcel.delivered_at if parcel else None,
        "cancelled_at": order.cancelled_at,
        "total": money(order.total),
        "subtotal": money(order.subtotal),
        "shipping": money(order.shipping),
        "discount": money(order.discount),
        "refunded": money(order.refunded),
        "items": tuple(f"{item.quantity} × {item.name}" for item in order.items if item.quantity),
    }


def _parcel(order: Order) -> Tracking | None:
    """Return the parcel to speak of: the last one that can be followed, else the last one."""
    sent = [one for one in order.parcels if one.status not in _CALLED_OFF]
    followed = [one for one in sent if one.url or one.number]
    return next(reversed(followed or sent or order.parcels), None)


def _subscription(one: Subscription) -> Mapping[str, Value]:
    price = None if one.price is None else Money(one.price, one.currency)
    following: date | None = one.next_date
    return {
        "product": one.product,
        "variant": one.variant,
        "status": _words(one.status),
        "interval": f"{one.every} {one.unit}" if one.every and one.unit else "",
        "url": one.url,
        "next_date": following,
        "started_at": one.started_at,
        "cancelled_at": one.cancelled_at,
        "price": price,
        "quantity": one.quantity,
    }


def _links(sources: Sequence[ConnectedSource], orders: Sequence[Order]) -> Mapping[str, Value]:
    shop = next((one.told["url"] for one in sources if one.told.get("url")), "")
    status = next((one.url for one in orders if one.url), "")
    return {"shop": shop, "order_status": status}


def _words(code: str) -> str:
    return code.replace("_", " ")
