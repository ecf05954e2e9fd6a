"""The orders of a customer: the newest at once, older ones behind them, none of them half.

The newest page is asked for each time. Older pages change seldom and cost as much each: they are
read at first and once a day, up to a bound.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from helpdesk_tui.domain.commerce.facts import Facts, Order
from helpdesk_tui.domain.commerce.order_names import order_name
from helpdesk_tui.domain.commerce.shopify_reading import order_of
from helpdesk_tui.domain.json_fields import is_true, object_at, objects_at, word_at
from helpdesk_tui.sync.channels.errors import Gone, Retry
from helpdesk_tui.sync.pacing import Timer
from helpdesk_tui.sync.providers.shopify.client import Reply, ShopifyClient
from helpdesk_tui.sync.providers.shopify.documents import (
    CUSTOMER_ORDERS,
    ITEMS,
    NAMED_ORDERS,
    ORDERS,
)
from helpdesk_tui.sync.providers.shopify.orders import all_lines

DEEP = 6
"""Pages of orders that are read of a customer at most: 56 orders."""
_AGAIN = 86_400.0
_MOST_KNOWN = 5_000
_NAME = re.compile(r"[\w./-]{1,40}", re.ASCII)
_MOST_LONG = 3
"""Orders of a page whose further lines are asked for: those that can still be edited."""


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """Some orders of a customer, the newest first."""

    orders: tuple[Order, ...]
    cursor: str
    """Where older ones go on; empty where there are none."""


class OrderHistory:
    """Reads the orders of customers of one shop; used by one thread at a time."""

    def __init__(self, client: ShopifyClient, shop: str, *, timer: Timer = time.monotonic) -> None:
        self._client = client
        self._shop = shop
        self._timer = timer
        self._deep_at: dict[str, float] = {}
        """When all pages of a customer were read last."""

    def ask(self, customer: str, *, after: str | None = None, facts: bool = False) -> Reply:
        """Ask for a page of orders, and for who the customer is along with it."""
        return self._client.ask(
            CUSTOMER_ORDERS,
            id=customer,
            orders=ORDERS,
            after=after,
            items=ITEMS,
            afterItem=None,
            facts=facts,
        )

    def tell(self, customer: str, said: Mapping[str, Any], tell: Callable[[Facts], None]) -> None:
        """Hand over the newest orders, then older ones if it is time for those.

        Args:
            customer: Whose.
            said: What came with the newest ones.
            tell: Takes them.
        """
        page = self._page(said)
        found = self._whole(page.orders)
        tell(Facts(orders=found, has_more_orders=bool(page.cursor)))
        if not page.cursor or not self._is_due(customer):
            return
        try:
            self._older(customer, found, page.cursor, tell)
        except Retry:
            # what is there is good; older ones are tried again with the next question
            return
        self._note(customer)

    def named(self, customer: str, name: str) -> Order | None:
        """Return an order by its name, however old it is; None where this customer has none.

        Raises:
            Gone: ``provider.gone``.
            Rejected: ``source.scope``.
        """
        wanted = order_name(name)
        if not _NAME.fullmatch(wanted):
            return None
        query = f'name:"#{wanted}" OR name:"{wanted}"'
        reply = self._client.ask(
            NAMED_ORDERS, id=customer, query=query, orders=ORDERS, items=ITEMS, afterItem=None
        )
        said = reply.data.get("customer")
        if not isinstance(said, Mapping):
            raise reply.denial("orders") or Gone("provider.gone")
        # it is looked for, not compared, over there
        found = [one for one in self._page(said).orders if order_name(one.name) == wanted]
        return self._whole(tuple(found))[0] if found else None

    def _after(self, customer: str, cursor: str) -> OrdersPage:
        """Return the orders that come after a page."""
        said = self.ask(customer, after=cursor).data.get("customer")
        if not isinstance(said, Mapping):
            raise Gone("provider.gone")
        return self._page(said)

    def _page(self, said: Mapping[str, Any]) -> OrdersPage:
        found = [order_of(each, self._shop) for each in objects_at(said, "orders", "nodes")]
        info = object_at(said, "orders", "pageInfo")
        cursor = word_at(info, "endCursor") if is_true(info, "hasNextPage") else ""
        return OrdersPage(tuple([each for each in found if each is not None]), cursor)

    def _older(
        self,
        customer: str,
        found: tuple[Order, ...],
        cursor: str,
        tell: Callable[[Facts], None],
    ) -> None:
        for _ in range(DEEP):
            page = self._after(customer, cursor)
            found += page.orders
            if not page.cursor:
                # only now is it known that there are no others
                tell(Facts(orders=found))
                return
            tell(Facts(orders=page.orders, has_more_orders=True))
            cursor = page.cursor

    def _whole(self, orders: tuple[Order, ...]) -> tuple[Order, ...]:
        """Return orders with all their lines, as far as those may be edited."""
        long = [one for one in orders if one.has_more_items and one.is_editable][:_MOST_LONG]
        whole = {one.id: self._lines(one) for one in long}
        return tuple([whole.get(one.id, one) for one in orders])

    def _lines(self, order: Order) -> Order:
        try:
            items = all_lines(self._client, order.id)
        except Retry:
            return order
        return replace(order, items=items, has_more_items=False) if items else order

    def _is_due(self, customer: str) -> bool:
        at = self._deep_at.get(customer)
        return at is None or self._timer() - at >= _AGAIN

    def _note(self, customer: str) -> None:
        if len(self._deep_at) >= _MOST_KNOWN:
            self._deep_at.pop(next(iter(self._deep_at)))
        self._deep_at.pop(customer, None)
        self._deep_at[customer] = self._timer()
