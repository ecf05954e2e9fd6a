"""Reading Recharge's JSON, also where it is nonsense."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk_tui.domain.commerce.recharge_reading import (
    read_charge,
    read_customer,
    read_place,
    read_subscription,
    reasons_of,
    with_charges,
)

LONDON = ZoneInfo("Europe/London")


def test_subscription_is_read_whole() -> None:
    found = read_subscription(
        {
            "id": 411,
            "customer_id": 7,
            "address_id": 9,
            "status": "ACTIVE",
            "product_title": "Tea",
            "quantity": 2,
            "price": "9.00",
            "order_interval_frequency": "30",
            "order_interval_unit": "day",
            "next_charge_scheduled_at": "2026-06-20",
            "updated_at": "2026-05-28T12:00:00",
            "external_variant_id": {"ecommerce": "777"},
        },
        zone=LONDON,
        currency="GBP",
    )
    assert found is not None
    assert (found.id, found.status, found.every, found.unit) == ("411", "active", 30, "day")
    assert (found.price, found.currency, found.variant_id) == (Decimal("9.00"), "GBP", "777")
    assert found.next_date == date(2026, 6, 20)
    assert found.updated_at == datetime(2026, 5, 28, 11, 0, tzinfo=UTC)
    assert found.is_skippable


ODD: list[Any] = [None, [], {}, "x", -1, 2.5, True, "9" * 100, {"a": []}, "\x1b]0;t\x07", "1e999"]


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize(
    "name",
    [
        "status", "product_title", "quantity", "price", "order_interval_frequency",
        "order_interval_unit", "next_charge_scheduled_at", "created_at", "cancelled_at",
        "external_variant_id", "presentment_currency", "is_skippable", "address_id",
        "cancellation_reason",
    ],
)  # fmt: skip
def test_odd_field_costs_nothing_but_itself(name: str, odd: Any) -> None:
    found = read_subscription({"id": 1, "product_title": "Tea", name: odd})
    assert found is not None
    assert found.id == "1"
    assert "\x1b" not in f"{found.product}{found.status}{found.cancel_reason}{found.currency}"


@pytest.mark.parametrize("said", [{}, {"id": None}, {"id": ""}, {"id": []}, {"id": "a b"}])
def test_what_has_no_id_is_nothing(said: dict[str, Any]) -> None:
    assert read_subscription(said) is None
    assert read_charge(said) is None
    assert read_customer(said) is None
    assert read_place(said) is None


def test_charge_names_all_that_is_in_it() -> None:
    charge = read_charge(
        {
            "id": 5,
            "status": "queued",
            "scheduled_at": "2026-06-20",
            "total_price": "21.50",
            "currency": "gbp",
            "line_items": [
                {"purchase_item_id": 1, "title": "Tea", "quantity": 2, "variant_title": "Green"},
                "nonsense",
                {"purchase_item_id": 2, "title": "Mug", "quantity": "1"},
            ],
        }
    )
    assert charge is not None
    box = [(one.subscription, one.title, one.quantity) for one in charge.shown().box]
    assert box == [("1", "Tea Green", 2), ("2", "Mug", 1)]
    assert (charge.total, charge.currency) == (Decimal("21.50"), "GBP")


def test_box_that_names_and_counts_nothing_holds_one_of_what_is_subscribed_to() -> None:
    told = {"id": 5, "status": "queued", "line_items": [{"purchase_item_id": 411}]}
    charge = read_charge(told)
    tea = read_subscription({"id": 411, "status": "active", "product_title": "Tea"})
    assert charge is not None
    assert tea is not None
    found = with_charges(tea, [charge], [], []).charge
    assert found is not None
    assert [(one.title, one.quantity) for one in found.box] == [("Tea", 1)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"errors": {"date": ["must be later", "or not"]}}, "date: must be later, or not"),
        ({"errors": "bad authentication"}, "bad authentication"),
        ({"error": "Not Found"}, "Not Found"),
        ({"errors": ["one", "two"]}, "one, two"),
        ({"errors": {"a": {"b": 1}}}, "a:"),
        (None, ""),
        ([], ""),
        ("text", ""),
    ],
)
def test_refusal_is_told_in_one_line(said: Any, expected: str) -> None:
    assert reasons_of(said).strip() == expected
