"""One order as a change needs it: with all of its lines, and compared with what an agent saw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.commerce.facts import Order, OrderItem
from helpdesk_tui.domain.commerce.shopify_reading import amount, items_of, order_of, words
from helpdesk_tui.domain.json_fields import is_true, object_at, objects_at, word_at
from helpdesk_tui.domain.money import decimal_of
from helpdesk_tui.sync.channels.errors import Rejected, Retry
from helpdesk_tui.sync.providers.shopify.client import ShopifyClient
from helpdesk_tui.sync.providers.shopify.documents import ALL_ITEMS, ORDER, ORDER_LINES

MOST_PAGES = 20
"""Of lines: Shopify takes 500 in one order."""


@dataclass(frozen=True, slots=True)
class WholeOrder:
    """An order with all its lines."""

    order: Order
    received: Decimal
    """What has been paid and not paid back."""
    can_notify: bool
    """There is an address that Shopify can write to."""
    gateways: tuple[str, ...]
    """Ways it was paid by, as Shopify names them."""


def whole_order(client: ShopifyClient, id: str, shop: str) -> WholeOrder:
    """Return an order as it is now; blocks.

    Raises:
        Rejected: ``order.out-of-reach``: it is not there, or not for us.
        Retry: it was changed while it was being read.
    """
    reply = client.ask(ORDER, id=id, items=ALL_ITEMS, afterItem=None)
    said = object_at(reply.data, "order")
    denied = reply.denial("order")
    if not said and denied is not None:
        raise denied
    order = order_of(said, shop)
    if order is None:
        raise Rejected("order.out-of-reach")
    items = list(order.items)
    for page in _more_lines(client, id, said):
        items += items_of(page)
    return WholeOrder(
        replace(order, items=tuple(items), has_more_items=False),
        amount(said, "netPaymentSet") or Decimal(0),
        is_true(said, "canNotifyCustomer"),
        words(said, "paymentGatewayNames"),
    )


def all_lines(client: ShopifyClient, id: str) -> tuple[OrderItem, ...]:
    """Return all lines of an order; empty if it is not there.

    Raises:
        Retry: it was changed while it was being read.
    """
    said = object_at(client.ask(ORDER_LINES, id=id, items=ALL_ITEMS, afterItem=None).data, "order")
    items = list(items_of(said))
    for page in _more_lines(client, id, said):
        items += items_of(page)
    return tuple(items)


def _more_lines(
    client: ShopifyClient, id: str, said: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    version = word_at(said, "updatedAt")
    for _ in range(MOST_PAGES):
        info = object_at(said, "lineItems", "pageInfo")
        if not is_true(info, "hasNextPage"):
            return
        reply = client.ask(
            ORDER_LINES, id=id, items=ALL_ITEMS, afterItem=word_at(info, "endCursor")
        )
        said = reply.payload("order")
        if word_at(said, "updatedAt") != version:
            raise Retry("provider.busy", status="changing")
        yield said
    raise Retry("provider.nonsense", status="pages")


def state_of(found: WholeOrder) -> dict[str, Any]:
    """Return what every change of an order compares, as JSON can hold it."""
    order = found.order
    return {
        "updated_at": order.updated_at.isoformat() if order.updated_at else "",
        "total": text_of(order.total),
        "currency": order.currency,
    }


def is_same(seen: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Tell whether all that was seen is still so; what nobody has seen is not."""
    return bool(seen.get("updated_at")) and all(
        name in now and _alike(each, now[name]) for name, each in seen.items()
    )


def _alike(seen: object, now: object) -> bool:
    one, other = decimal_of(seen), decimal_of(now)
    return seen == now if one is None or other is None else one == other


def text_of(value: Decimal | None) -> str:
    """Return an amount as it is handed on; empty where nobody knows it."""
    return "" if value is None else str(value)


def refusal_of(payload: Mapping[str, Any], name: str = "userErrors") -> str:
    """Return what Shopify has against a change, in its words; empty where it has nothing."""
    told = [word_at(each, "message") for each in objects_at(payload, name)]
    return "; ".join(each or "?" for each in told)
