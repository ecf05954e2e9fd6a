"""The shop to try things out in: it refuses what a real one would, and counts what it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest
from helpdesk_tui.domain.commerce.facts import (
    BoxItem,
    NextCharge,
    Order,
    OrderItem,
    PlaceOption,
    Subscription,
    Value,
)
from helpdesk_tui.domain.commerce.sample_shop import SampleCustomer, SampleShop, with_boxes
from helpdesk_tui.domain.commerce.subscription_changes import Impossible

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
MUG = OrderItem("a", "Mug", 3, Decimal("10.00"), variant="blue", unfulfilled=2)
POT = OrderItem("b", "Pot", 1, Decimal("5.00"), unfulfilled=1, is_editable=False)
ORDER = Order(
    "o", "#1042", NOW, currency="EUR", total=Decimal("35.00"), subtotal=Decimal("35.00"),
    tax=Decimal("7.00"), payment="paid", items=(MUG, POT), is_editable=True,
)  # fmt: skip
TEA = Subscription(
    "t", "Tea", "active", price=Decimal("9.00"), currency="EUR", every=1, unit="month",
    next_date=date(2026, 12, 2), address="p",
)  # fmt: skip
FILTERS = replace(TEA, id="f", product="Filters")
ADA = with_boxes(
    SampleCustomer(
        "1", value=Value("EUR", spent=Decimal(100)), orders=(ORDER,), subscriptions=(TEA, FILTERS)
    )
)
SHOP = SampleShop(customers=(ADA, SampleCustomer("2")))
EDIT, CANCEL = ActionKind.ORDER_EDIT, ActionKind.ORDER_CANCEL
SKIP, UNSKIP = ActionKind.SUBSCRIPTION_SKIP, ActionKind.SUBSCRIPTION_UNSKIP


def asked(kind: ActionKind, target: str, **arguments: Any) -> ActionRequest:
    return ActionRequest(kind, 1, target, "it", arguments, key="k")


def ada_after(request: ActionRequest, shop: SampleShop = SHOP) -> SampleCustomer:
    after, _result = shop.changed(request, NOW)
    ada = after.customer("1")
    assert ada is not None
    return ada


@pytest.mark.parametrize(
    ("changes", "items", "code"),
    [
        ({"cancelled_at": NOW}, {"a": 2}, "order.is-cancelled"),
        ({"is_editable": False}, {"a": 2}, "order.no-editing"),
        ({}, {"x": 1}, "order.no-item"),
        ({}, {"a": -1}, "order.bad-quantity"),
        ({}, {"a": True}, "order.bad-quantity"),
        ({}, {"b": 2}, "order.item-not-editable"),
        ({}, {"a": 0}, "order.is-sent"),
        ({}, {"a": 3, "b": 1}, "action.nothing"),
    ],
)
def test_edit_that_no_shop_would_make_is_refused(
    changes: dict[str, Any], items: dict[str, Any], code: str
) -> None:
    shop = replace(SHOP, customers=(replace(ADA, orders=(replace(ORDER, **changes),)),))
    with pytest.raises(Impossible) as caught:
        shop.preview(asked(EDIT, "o", items=items), NOW)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("quantity", "total", "line", "tax"),
    [(2, "25.00", "owed", "5.00"), (5, "55.00", "to-pay", "11.00")],
)
def test_edit_moves_total_tax_and_what_they_spent(
    quantity: int, total: str, line: str, tax: str
) -> None:
    request = asked(EDIT, "o", items={"a": quantity})
    preview = SHOP.preview(request, NOW)
    assert preview.changes == (("Mug (blue)", "3", str(quantity)),)
    assert [one.amount for one in preview.amounts if one.name == "total-after"] == [total]
    assert line in [one.name for one in preview.amounts]
    ada = ada_after(request)
    (order,) = ada.orders
    assert (order.total, order.tax) == (Decimal(total), Decimal(tax))
    assert ada.value is not None
    assert ada.value.spent == Decimal(100) + Decimal(total) - Decimal(35)
    assert ada.events[0].metric == "Edited Order"


def test_cancelling_pays_back_only_what_was_paid() -> None:
    ada = ada_after(asked(CANCEL, "o", refund="original", reason="customer"))
    (order,) = ada.orders
    assert (order.refunded, order.payment, order.cancel_reason) == (
        Decimal(35), "refunded", "customer",
    )  # fmt: skip
    assert ada.value is not None
    assert ada.value.spent == Decimal(65)
    pending = replace(SHOP, customers=(replace(ADA, orders=(replace(ORDER, payment="pending"),)),))
    (order,) = ada_after(asked(CANCEL, "o", refund="original"), pending).orders
    assert (order.refunded, order.payment) == (Decimal(0), "voided")


def test_order_that_has_left_is_not_cancelled() -> None:
    sent = replace(ORDER, items=(replace(MUG, unfulfilled=0),))
    shop = replace(SHOP, customers=(replace(ADA, orders=(sent,)),))
    with pytest.raises(Impossible, match=r"order\.is-sent"):
        shop.preview(asked(CANCEL, "o"), NOW)


def test_customer_without_a_known_value_gets_none_by_an_edit() -> None:
    shop = replace(SHOP, customers=(replace(ADA, value=None),))
    assert ada_after(asked(EDIT, "o", items={"a": 2}), shop).value is None


@pytest.mark.parametrize(
    ("kind", "target"), [(EDIT, "x"), (EDIT, "t"), (CANCEL, "f"), (SKIP, "o"), (SKIP, "x")]
)
def test_change_of_what_is_not_there_or_something_else_is_gone(
    kind: ActionKind, target: str
) -> None:
    with pytest.raises(Impossible, match=r"provider\.gone"):
        SHOP.preview(asked(kind, target), NOW)
    with pytest.raises(Impossible, match=r"provider\.gone"):
        SHOP.state(asked(kind, target))


def test_skip_of_one_leaves_the_rest_of_the_box_and_is_taken_back() -> None:
    after, _ = SHOP.changed(asked(SKIP, "t", items=["t"]), NOW)
    ada = after.customer("1")
    assert ada is not None
    tea, filters = ada.subscriptions
    assert (tea.next_date, filters.next_date) == (date(2027, 1, 2), date(2026, 12, 2))
    assert filters.charge is not None
    assert [item.subscription for item in filters.charge.box] == ["f"]
    back = ada_after(asked(UNSKIP, "t"), after)
    assert [each.next_date for each in back.subscriptions] == [date(2026, 12, 2)] * 2


def test_skip_without_a_charge_to_skip_is_refused() -> None:
    ended = replace(TEA, charge=None, next_date=None)
    shop = replace(SHOP, customers=(replace(ADA, subscriptions=(ended,)),))
    for kind, code in ((SKIP, "subscription.no-charge"), (UNSKIP, "subscription.not-skipped")):
        with pytest.raises(Impossible) as caught:
            shop.changed(asked(kind, "t"), NOW)
        assert caught.value.code == code


def test_terms_day_address_and_end_of_a_subscription_are_changed() -> None:
    there = PlaceOption("q", "1 Canal Street")
    ada = replace(ADA, subscriptions=(replace(TEA, places=(there,), is_swappable=True),))
    shop = replace(SHOP, customers=(with_boxes(ada),))

    def tea_after(kind: ActionKind, **arguments: Any) -> Subscription:
        nonlocal shop
        shop, _ = shop.changed(asked(kind, "t", **arguments), NOW)
        owner = shop.customer("1")
        assert owner is not None
        return owner.subscriptions[0]

    tea = tea_after(ActionKind.SUBSCRIPTION_CHANGE, quantity=2, every=2, unit="week", variant="v")
    assert (tea.quantity, tea.every, tea.unit, tea.variant_id) == (2, 2, "week", "v")
    assert tea.charge is not None
    assert tea.charge.total == Decimal("18.00")
    tea = tea_after(ActionKind.SUBSCRIPTION_DATE, date="2026-12-24")
    assert tea.next_date == date(2026, 12, 24)
    tea = tea_after(ActionKind.SUBSCRIPTION_ADDRESS, address="q")
    assert (tea.address, tea.address_lines) == ("q", "1 Canal Street")
    assert [place.id for place in tea.places] == ["p"]
    tea = tea_after(ActionKind.SUBSCRIPTION_CANCEL, reason="too much", comments="of it")
    assert (tea.status, tea.next_date, tea.charge) == ("cancelled", None, None)
    assert tea.cancel_reason == "too much: of it"
    tea = tea_after(ActionKind.SUBSCRIPTION_ACTIVATE)
    assert (tea.status, tea.next_date, tea.cancel_reason) == ("active", date(2026, 12, 5), "")


@pytest.mark.parametrize(
    ("kind", "code"), [(SKIP, "subscription.no-charge"), (UNSKIP, "subscription.not-skipped")]
)
def test_box_that_names_what_is_not_in_it_by_now_is_refused(kind: ActionKind, code: str) -> None:
    box = NextCharge("c", date(2026, 12, 2), None, (BoxItem("t", "Tea"), BoxItem("f", "Filters")))
    tea = replace(TEA, charge=box, skipped=box)
    shop = replace(SHOP, customers=(replace(ADA, subscriptions=(tea, FILTERS)),))
    with pytest.raises(Impossible) as caught:
        shop.changed(asked(kind, "t", items=["t", "f"]), NOW)
    assert caught.value.code == code


def test_nobody_has_an_id_that_is_not_there() -> None:
    assert SHOP.customer("9") is None
