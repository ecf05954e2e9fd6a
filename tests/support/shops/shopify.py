"""A shop at Shopify that really computes: orders are edited and cancelled, money is paid back."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from starlette.routing import Route

from tests.support.providers.front import Watch
from tests.support.shops.shopify_orders import SimEdit, SimJob, SimLine, SimOrder

SCOPES = (
    "read_customers", "read_orders", "write_orders", "read_order_edits", "write_order_edits",
    "read_products", "read_all_orders",
)  # fmt: skip
_SEEN = timedelta(days=60)


class Refused(Exception):
    """What Shopify has against a change."""

    def __init__(self, message: str, code: str = "INVALID") -> None:
        super().__init__(message)
        self.message, self.code = message, code


@dataclass(slots=True)
class SimCustomer:
    """Somebody who has ordered, or may."""

    number: int
    name: str
    email: str = ""
    phone: str = ""
    city: str = "Berlin"
    country: str = "Germany"
    note: str = ""
    tags: list[str] = field(default_factory=list)
    email_state: str = "SUBSCRIBED"
    sms_state: str = "NOT_SUBSCRIBED"
    created: datetime = datetime(2024, 3, 1, 9, tzinfo=UTC)


class ShopifyShop:
    """One shop. Thread-safe: whatever asks holds :attr:`lock`."""

    name = "shopify"
    document = ""

    def __init__(self, domain: str = "acme.myshopify.com") -> None:
        self.url = ""
        self.domain = domain
        self.key = "shpat_" + "5" * 32
        self.busy: Mapping[str, Any] = {"errors": "Exceeded 2 calls per second for api client."}
        self.scopes = set(SCOPES)
        self.is_approved = True
        """Customers' data may be seen."""
        self.version = "2026-07"
        self.status = 200
        """402: frozen, 423: locked."""
        self.sessions_tell_skus = True
        """Lines of an edit have the numbers of things, as those of orders do."""
        self.may_refund = True
        self.job_takes = 2
        """So many further requests until a cancellation is done."""
        self.jobs_fail = False
        self.maximum, self.restore = 2_000.0, 100.0
        self.lock = getattr(self, "lock", None) or threading.RLock()
        self.customers: dict[int, SimCustomer] = {}
        self.orders: dict[int, SimOrder] = {}
        self.edits: dict[int, SimEdit] = {}
        self.jobs: dict[int, SimJob] = {}
        self.commits: list[SimEdit] = []
        """Edits that were carried out."""
        self.refunds: list[tuple[str, Decimal]] = []
        """(order, amount) of what was paid back."""
        self.restocked: dict[str, int] = {}
        """How many of each thing went back to stock."""
        self.notified: list[tuple[str, str]] = []
        """(order, why) of what customers were told."""
        self.costs: list[tuple[str, float]] = []
        """(operation, points) of all that was asked for."""
        self.throttled = 0
        self.planned: dict[str, list[Mapping[str, Any]]] = {}
        """Bodies that the next requests of an operation get, without anything being done."""
        self._available = self.maximum
        self._filled_at = time.monotonic()
        self._number = 1_000

    def reset(self) -> None:
        """Be as new, at the same address."""
        url = self.url
        with self.lock:
            ShopifyShop.__init__(self, self.domain)
            self.url = url

    def routes(self, watch: Watch) -> list[Route]:
        """Return what it answers."""
        from tests.support.shops.shopify_routes import routes

        return routes(self, watch)

    def next_number(self) -> int:
        """Return a number that nothing has yet."""
        self._number += 1
        return self._number

    # what stands in the shop

    def has(self, name: str, email: str = "", phone: str = "", **more: Any) -> SimCustomer:
        """Let somebody be a customer."""
        one = SimCustomer(self.next_number(), name, email, phone, **more)
        self.customers[one.number] = one
        return one

    def ordered(
        self,
        customer: SimCustomer,
        *lines: tuple[str, str, int],
        ago: timedelta = timedelta(days=2),
        shipping: str = "4.90",
        tax: str = "0",
        is_paid: bool = True,
        **more: Any,
    ) -> SimOrder:
        """Let a customer have ordered (title, price, quantity) …"""
        number = self.next_number()
        at = datetime.now(UTC).replace(microsecond=0) - ago
        order = SimOrder(
            number,
            f"#{number}",
            customer.number,
            at,
            at,
            [
                SimLine(self.next_number(), title, Decimal(price), count, count)
                for title, price, count in lines
            ],
            shipping=Decimal(shipping),
            tax_rate=Decimal(tax),
            email=customer.email,
            **more,
        )
        if is_paid:
            order.received = order.total
        self.orders[number] = order
        return order

    def touch(self, order: SimOrder) -> None:
        """Note that an order was changed: its mark of change never stands still."""
        now = datetime.now(UTC).replace(microsecond=0)
        order.updated = max(now, order.updated + timedelta(seconds=1))

    def seen_orders(self, customer: int | None = None) -> list[SimOrder]:
        """Return the orders that the token may see, the oldest first."""
        since = datetime.now(UTC) - _SEEN
        found = [
            one
            for one in self.orders.values()
            if (customer is None or one.customer == customer)
            and ("read_all_orders" in self.scopes or one.created >= since)
        ]
        return sorted(found, key=lambda one: (one.created, one.number))

    def order(self, number: int) -> SimOrder | None:
        """Return an order, if the token may see it."""
        return next((one for one in self.seen_orders() if one.number == number), None)

    # editing

    def begin(self, number: int) -> SimEdit:
        """Begin to edit an order."""
        order = self.order(number)
        if order is None:
            raise Refused("The order does not exist.")
        if order.locks():
            raise Refused(order.locks()[0])
        edit = SimEdit(self.next_number(), order, order.edits)
        self.edits[edit.number] = edit
        return edit

    def set_quantity(self, edit: SimEdit, line_number: int, count: int, *, restock: bool) -> None:
        """Set how many of a line an edit holds."""
        line = next((one for one in edit.order.lines if one.number == line_number), None)
        if line is None:
            raise Refused("The line item does not exist in this order edit.")
        if edit.is_committed:
            raise Refused("The calculated order is already committed.")
        if count < line.fulfilled or count < 0:
            raise Refused("Quantity cannot be less than the fulfilled quantity.")
        if not line.is_editable:
            raise Refused("The line item cannot be edited.")
        edit.quantities[line_number] = count
        if restock:
            edit.restocked.add(line_number)

    def commit(self, edit: SimEdit, *, notify: bool) -> None:
        """Carry an edit out: once."""
        order = edit.order
        if edit.is_committed:
            raise Refused("The calculated order is already committed.")
        if order.locks():
            raise Refused(order.locks()[0])
        if edit.edits != order.edits:
            raise Refused("The order has been updated since this edit was started.")
        for line in order.lines:
            count = edit.quantity(line)
            if line.number in edit.restocked and count < line.current:
                self._restock(line, line.current - count)
            line.current = count
        edit.is_committed = order.is_edited = True
        order.edits += 1
        self.touch(order)
        self.commits.append(edit)
        if notify and order.email:
            self.notified.append((order.name, "edited"))

    # cancelling

    def cancel(
        self, number: int, reason: str, *, refunds: bool, restocks: bool, notify: bool
    ) -> SimJob:
        """Take over a cancellation: it is carried out later."""
        order = self.order(number)
        if order is None:
            raise Refused("Order not found.", "NOT_FOUND")
        if order.cancelled or any(one.order is order for one in self._running()):
            raise Refused("Cannot cancel an order that has already been canceled.")
        if order.returns in ("IN_PROGRESS", "RETURN_REQUESTED"):
            raise Refused("Cannot cancel an order with active returns.")
        if refunds and not self.may_refund:
            raise Refused("You do not have permission to refund.", "NO_REFUND_PERMISSION")
        job = SimJob(
            self.next_number(), order, reason, refunds, restocks, self.job_takes, self.jobs_fail
        )
        self.jobs[job.number] = job
        if notify and order.email and not job.fails:
            self.notified.append((order.name, "cancelled"))
        return job

    def tick(self) -> None:
        """Let time pass for what is carried out later: called with each request."""
        for job in self._running():
            job.left -= 1
            if job.left < 0:
                self._carry_out(job)

    def _running(self) -> list[SimJob]:
        return [one for one in self.jobs.values() if not one.is_done]

    def _carry_out(self, job: SimJob) -> None:
        job.is_done = True
        if job.fails:
            return
        order = job.order
        if job.restocks:
            for line in order.lines:
                self._restock(line, line.unfulfilled)
        if job.refunds and order.net > 0:
            self.refunds.append((order.name, order.net))
            order.refunded = order.received
            for line in order.lines:
                line.current = 0
        now = datetime.now(UTC).replace(microsecond=0)
        order.cancelled, order.reason = now, job.reason
        order.edits += 1
        self.touch(order)

    def _restock(self, line: SimLine, count: int) -> None:
        self.restocked[line.title] = self.restocked.get(line.title, 0) + count

    # points

    def spend(self, operation: str, cost: float) -> bool:
        """Tell whether there are points for a question, and take them."""
        available = self.available
        self.costs.append((operation, cost))
        if cost > available:
            self.throttled += 1
            return False
        self._available = available - cost
        return True

    def give_back(self, cost: float) -> None:
        """Give back what a question did not take in the end."""
        self._available = min(self.maximum, self.available + cost)

    @property
    def available(self) -> float:
        """How many points there are."""
        now = time.monotonic()
        filled = self._available + (now - self._filled_at) * self.restore
        self._available, self._filled_at = min(self.maximum, filled), now
        return self._available

    def drain(self, left: float = 0.0) -> None:
        """Let somebody else have used the points."""
        self._available, self._filled_at = left, time.monotonic()
