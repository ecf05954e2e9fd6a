"""Recharge as the program sees it: customers, subscriptions, and charges that really move."""

from __future__ import annotations

import itertools
import json
import tempfile
import threading
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from starlette.routing import Route

from tests.support.providers.contract import contracts
from tests.support.providers.front import Watch

TOKEN = "sk_test_recharge_in_tests"
SCOPES = (
    "read_customers", "read_subscriptions", "read_orders", "write_subscriptions", "write_orders",
    "store_info",
)  # fmt: skip
_DAYS = {"day": 1, "week": 7, "month": 30}
_BESIDE = Path(__file__).with_name("recharge_beside.json")

Thing = dict[str, Any]


class Recharge:
    """The side that tests talk to; ``RechargeRoutes`` is the other."""

    def __init__(self, today: date | None = None) -> None:
        self.name = "recharge"
        self.url = ""
        self.document = _document()
        self.busy: Mapping[str, Any] = {"error": "You are making requests too fast"}
        self.lock = threading.RLock()
        self.reset(today)

    def reset(self, today: date | None = None) -> None:
        """Forget everybody and everything, and be well."""
        self.token = TOKEN
        self.scopes = set(SCOPES)
        self.versions = {"2021-11"}
        self.today = today or datetime.now(UTC).date()
        self.customers: dict[int, Thing] = {}
        self.addresses: dict[int, Thing] = {}
        self.subscriptions: dict[int, Thing] = {}
        self.charges: dict[int, Thing] = {}
        self.conflicts: dict[int, int] = {}
        """How often a change of a subscription is refused with 409."""
        self.page_most = 250
        self.most_at_once = 0
        """Size of the bucket; 0: everybody may ask as often as they like."""
        self.refills = 2.0
        self.emails: list[tuple[str, int]] = []
        """What customers were told of."""
        self.changed: list[tuple[str, int]] = []
        """Each change that was really made."""
        self._ids = itertools.count(1001)
        self._level = 0.0
        self._leaked_at = time.monotonic()

    def routes(self, watch: Watch) -> list[Route]:
        """Return what it answers."""
        from tests.support.shops.recharge_routes import RechargeRoutes

        return RechargeRoutes(self, watch).routes()

    # what shops and customers do

    def add_customer(self, email: str, *, external: str = "", **more: Any) -> int:
        """Add a customer with one address; return their id."""
        with self.lock:
            number = next(self._ids)
            self.customers[number] = {
                "id": number,
                "email": email,
                "external_customer_id": {"ecommerce": external or str(number * 7)},
                "first_name": "Mia",
                "last_name": "Chen",
                "phone": None,
                "created_at": "2025-03-01T09:00:00",
                "updated_at": "2026-05-01T09:00:00",
                **more,
            }
        self.add_address(number)
        return number

    def add_address(self, customer: int, **more: Any) -> int:
        """Add an address; return its id."""
        with self.lock:
            number = next(self._ids)
            self.addresses[number] = {
                "id": number,
                "customer_id": customer,
                "first_name": "Mia",
                "last_name": "Chen",
                "address1": "3 Mill Lane",
                "address2": None,
                "city": "Leeds",
                "zip": "LS1 4AP",
                "country_code": "GB",
                "company": None,
                "province": None,
                "phone": None,
                **more,
            }
            return number

    def subscribe(
        self, customer: int, title: str, *, in_days: int = 14, every: int = 30, unit: str = "day",
        price: str = "9.00", quantity: int = 1, address: int = 0, **more: Any,
    ) -> int:  # fmt: skip
        """Let a customer subscribe to something; return the subscription's id."""
        with self.lock:
            number = next(self._ids)
            place = address or next(
                one["id"] for one in self.addresses.values() if one["customer_id"] == customer
            )
            self.subscriptions[number] = {
                "id": number,
                "customer_id": customer,
                "address_id": place,
                "status": "active",
                "product_title": title,
                "variant_title": None,
                "external_variant_id": {"ecommerce": str(number * 3)},
                "quantity": quantity,
                "price": price,
                "presentment_currency": "GBP",
                # text for some and numbers for others, as it comes
                "order_interval_frequency": str(every) if number % 2 else every,
                "charge_interval_frequency": every,
                "order_interval_unit": unit,
                "next_charge_scheduled_at": self._in(in_days),
                "is_skippable": True,
                "is_swappable": True,
                "is_prepaid": False,
                "cancelled_at": None,
                "cancellation_reason": None,
                "created_at": "2026-01-05T10:00:00",
                "updated_at": "2026-05-28T12:00:00",
                **more,
            }
            if self.subscriptions[number]["status"] == "active":
                self.queue(number)
            return number

    def charge_of(self, subscription: int, status: str = "queued") -> Thing:
        """Return the first charge of a subscription in a state."""
        with self.lock:
            found = [
                one
                for one in self.charges.values()
                if one["status"] == status and _has(one, subscription)
            ]
            return min(found, key=lambda one: one["scheduled_at"])

    # what changes make

    def queue(self, subscription: int) -> None:
        """Put a subscription into the box that leaves on its day, alone or with others."""
        one = self.subscriptions[subscription]
        day, place = one["next_charge_scheduled_at"], one["address_id"]
        box = next(
            (
                each
                for each in self.charges.values()
                if (each["status"], each["scheduled_at"], each["address_id"])
                == ("queued", day, place)
            ),
            None,
        )
        if box is None:
            box = self._new_charge(one, "queued", day)
        box["line_items"].append(_line(one))
        self._count(box)

    def unqueue(self, subscription: int) -> None:
        """Take a subscription out of all boxes that have not left."""
        for box in list(self.charges.values()):
            if box["status"] == "queued" and _has(box, subscription):
                box["line_items"] = [
                    each for each in box["line_items"] if each["purchase_item_id"] != subscription
                ]
                self._count(box)
                if not box["line_items"]:
                    del self.charges[box["id"]]

    def skip(self, charge: Thing, items: list[int]) -> Thing:
        """Leave things of a box out; return the charge that they are skipped in."""
        day = charge["scheduled_at"]
        skipped = charge
        if len(items) < len(charge["line_items"]):
            skipped = self._new_charge(self.subscriptions[items[0]], "skipped", day)
            skipped["line_items"] = [
                each for each in charge["line_items"] if each["purchase_item_id"] in items
            ]
            charge["line_items"] = [
                each for each in charge["line_items"] if each["purchase_item_id"] not in items
            ]
            self._count(charge)
        skipped["status"] = "skipped"
        self._count(skipped)
        for each in items:
            one = self.subscriptions[each]
            step = int(one["order_interval_frequency"]) * _DAYS[one["order_interval_unit"]]
            self.move(each, (date.fromisoformat(day) + timedelta(days=step)).isoformat())
        self.changed.append(("skip", charge["id"]))
        return skipped

    def unskip(self, charge: Thing, items: list[int]) -> Thing:
        """Take a skip back; return the charge they are in now."""
        day = charge["scheduled_at"]
        left = [each for each in charge["line_items"] if each["purchase_item_id"] not in items]
        charge["line_items"] = left
        if not left:
            del self.charges[charge["id"]]
        for each in items:
            self.move(each, day)
        self.changed.append(("unskip", charge["id"]))
        return self.charge_of(items[0])

    def move(self, subscription: int, day: str | None) -> None:
        """Set the day of the next charge; None: there is none."""
        self.unqueue(subscription)
        self.subscriptions[subscription]["next_charge_scheduled_at"] = day
        if day is not None:
            self.queue(subscription)
        self.touch(subscription)

    def touch(self, subscription: int) -> None:
        """Note that a subscription has changed."""
        now = datetime.now(UTC).replace(tzinfo=None)
        self.subscriptions[subscription]["updated_at"] = now.isoformat(timespec="seconds")

    def in_days(self, days: int) -> str:
        """Return a day from today on, as Recharge writes it."""
        return self._in(days)

    def has_room(self) -> bool:
        """Tell whether the bucket takes one more request, and put it in."""
        with self.lock:
            now = time.monotonic()
            self._level = max(0.0, self._level - (now - self._leaked_at) * self.refills)
            self._leaked_at = now
            if not self.most_at_once:
                return True
            if self._level + 1 > self.most_at_once:
                return False
            self._level += 1
            return True

    def _in(self, days: int) -> str:
        return (self.today + timedelta(days=days)).isoformat()

    def _new_charge(self, one: Thing, status: str, day: str) -> Thing:
        number = next(self._ids)
        customer = self.customers[one["customer_id"]]
        found = self.charges[number] = {
            "id": number,
            "address_id": one["address_id"],
            "customer": {"id": customer["id"], "email": customer["email"]},
            "currency": "GBP",
            "line_items": [],
            "scheduled_at": day,
            "status": status,
            "type": "recurring",
            "subtotal_price": "0.00",
            "total_price": "0.00",
            "created_at": "2026-05-01T00:00:00",
            "updated_at": "2026-05-01T00:00:00",
        }
        return found

    def _count(self, charge: Thing) -> None:
        total = sum(float(each["total_price"]) for each in charge["line_items"])
        charge["subtotal_price"] = f"{total:.2f}"
        charge["total_price"] = f"{total + 3.5:.2f}"


def _has(charge: Thing, subscription: int) -> bool:
    return any(each["purchase_item_id"] == subscription for each in charge["line_items"])


def _line(one: Thing) -> Thing:
    return {
        "purchase_item_id": one["id"],
        "purchase_item_type": "subscription",
        "quantity": one["quantity"],
        "title": one["product_title"],
        "variant_title": one["variant_title"],
        "unit_price": one["price"],
        "total_price": f"{float(one['price']) * one['quantity']:.2f}",
    }


@cache
def _document() -> str:
    """Return the contract with what it lacks of ours, as a file of its own; empty without it."""
    folder = contracts()
    if folder is None:
        return ""
    whole = json.loads((folder / "recharge.own.json").read_bytes())
    whole["paths"] |= json.loads(_BESIDE.read_bytes())["paths"]
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump(whole, file)
    return file.name
