"""Changes of subscriptions as rules: dates, what is expected, and whether one was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest
from helpdesk_tui.domain.commerce.facts import BoxItem, NextCharge, PlaceOption, Subscription
from helpdesk_tui.domain.commerce.subscription_changes import (
    Impossible,
    is_as_expected,
    later,
    preview_of,
    state_of,
    was_made,
)

TODAY = date(2026, 5, 4)
BOX = (BoxItem("s1", "Tea", 2), BoxItem("s2", "Filters", 1))
TEA = Subscription(
    "s1", "Tea", "active", 2, price=Decimal("9.00"), currency="GBP", every=1, unit="month",
    next_date=date(2026, 5, 31), charge=NextCharge("ch1", date(2026, 5, 31), None, BOX),
    address="a1", address_lines="3 Mill Lane", places=(PlaceOption("a2", "1 Canal Street"),),
)  # fmt: skip
CHANGE, DATE = ActionKind.SUBSCRIPTION_CHANGE, ActionKind.SUBSCRIPTION_DATE
CANCEL, SKIP = ActionKind.SUBSCRIPTION_CANCEL, ActionKind.SUBSCRIPTION_SKIP


def asked(kind: ActionKind, **arguments: Any) -> ActionRequest:
    return ActionRequest(kind, 1, "s1", "Tea", arguments)


@pytest.mark.parametrize(
    ("day", "every", "unit", "expected"),
    [
        ("2026-01-31", 1, "month", "2026-02-28"),
        ("2028-01-31", 1, "month", "2028-02-29"),
        ("2026-11-30", 3, "month", "2027-02-28"),
        ("2026-12-15", 1, "month", "2027-01-15"),
        ("2026-03-28", 4, "week", "2026-04-25"),
        ("2026-03-28", 45, "day", "2026-05-12"),
    ],
)
def test_interval_ends_on_a_day_that_there_is(
    day: str, every: int, unit: str, expected: str
) -> None:
    assert later(date.fromisoformat(day), every, unit).isoformat() == expected


def test_preview_fills_in_what_the_agent_saw() -> None:
    request = preview_of(asked(SKIP), TEA, TODAY).request
    assert request.arguments == {"charge": "ch1", "items": ["s1"]}
    assert request.expected == {"charge": "ch1", "date": "2026-05-31", "items": ["s1", "s2"]}
    assert is_as_expected(request, state_of(request, TEA))


@pytest.mark.parametrize(
    ("kind", "given", "change"),
    [
        (SKIP, {}, {"charge": NextCharge("ch2", date(2026, 5, 31), None, BOX)}),
        (SKIP, {}, {"charge": None}),
        (CHANGE, {"quantity": 3}, {"every": 2}),
        (DATE, {"date": "2026-06-20"}, {"next_date": date(2026, 6, 1)}),
        (CANCEL, {"reason": "x"}, {"status": "expired"}),
        (ActionKind.SUBSCRIPTION_ADDRESS, {"address": "a2"}, {"address": "a3"}),
    ],
)
def test_other_state_than_the_agent_saw_is_noticed(
    kind: ActionKind, given: dict[str, Any], change: dict[str, Any]
) -> None:
    request = preview_of(asked(kind, **given), TEA, TODAY).request
    assert not is_as_expected(request, state_of(request, replace(TEA, **change)))


def test_order_of_things_in_a_box_means_nothing() -> None:
    request = preview_of(asked(SKIP), TEA, TODAY).request
    seen = {**request.expected, "items": ["s2", "s1"]}
    assert is_as_expected(replace(request, expected=seen), state_of(request, TEA))


def test_nothing_is_as_expected_where_nobody_looked() -> None:
    assert not is_as_expected(asked(CANCEL, reason="x"), {"status": "active"})


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"quantity": 3, "every": 1, "unit": "month"}, True),
        ({"quantity": 2, "every": 1, "unit": "month"}, False),
        ({"quantity": 2, "every": 9, "unit": "week"}, False),
        ({"quantity": 7, "every": 1, "unit": "month"}, None),
    ],
)
def test_whether_a_change_was_made_is_seen_by_what_it_was_to_change(
    now: dict[str, Any], expected: bool | None
) -> None:
    request = preview_of(asked(CHANGE, quantity=3), TEA, TODAY).request
    assert was_made(request, {"status": "active", **now}) is expected


def test_only_what_differs_is_asked_for() -> None:
    request = preview_of(asked(CHANGE, quantity=5, every=1, unit="month"), TEA, TODAY).request
    assert request.arguments == {"quantity": 5}


def test_prepaid_subscription_is_warned_about() -> None:
    prepaid = replace(TEA, is_prepaid=True)
    preview = preview_of(asked(CANCEL, reason="x"), prepaid, TODAY)
    assert [code for code, _values in preview.warnings] == ["subscription.prepaid"]


@pytest.mark.parametrize("day", ["2026-05-04", "2026-05-03", "2032-01-01", "2026-02-30", ""])
def test_day_that_no_charge_can_be_on_is_refused(day: str) -> None:
    with pytest.raises(Impossible) as refused:
        preview_of(asked(DATE, date=day), TEA, TODAY)
    assert refused.value.code == "subscription.bad-date"


@pytest.mark.parametrize("kind", [SKIP, CHANGE, DATE, CANCEL, ActionKind.SUBSCRIPTION_ADDRESS])
def test_only_active_subscriptions_are_changed(kind: ActionKind) -> None:
    with pytest.raises(Impossible) as refused:
        preview_of(asked(kind), replace(TEA, status="expired"), TODAY)
    assert refused.value.code == "subscription.not-active"
    assert refused.value.values == {"status": "expired"}


@pytest.mark.parametrize(
    ("kind", "given", "change", "code"),
    [
        (SKIP, {}, {"charge": None}, "subscription.no-charge"),
        (SKIP, {}, {"is_skippable": False}, "subscription.not-skippable"),
        (SKIP, {"items": ["s9"]}, {}, "subscription.not-in-box"),
        (ActionKind.SUBSCRIPTION_UNSKIP, {}, {}, "subscription.not-skipped"),
        (CHANGE, {"quantity": 0}, {}, "subscription.bad-quantity"),
        (CHANGE, {"quantity": True}, {}, "subscription.bad-quantity"),
        (CHANGE, {"every": 2, "unit": "year"}, {}, "subscription.bad-interval"),
        (CHANGE, {"every": 0}, {}, "subscription.bad-interval"),
        (CHANGE, {"variant": "v"}, {}, "subscription.not-swappable"),
        (CHANGE, {"quantity": 2}, {}, "action.nothing"),
        (DATE, {"date": "2026-05-31"}, {}, "action.nothing"),
        (ActionKind.SUBSCRIPTION_ADDRESS, {"address": "a1"}, {}, "action.nothing"),
        (ActionKind.SUBSCRIPTION_ADDRESS, {"address": "a9"}, {}, "subscription.bad-address"),
        (CANCEL, {}, {}, "subscription.no-reason"),
        (CANCEL, {"reason": "x", "comments": "y" * 1_025}, {}, "subscription.long-comments"),
        (ActionKind.SUBSCRIPTION_ACTIVATE, {}, {}, "subscription.not-cancelled"),
    ],
)
def test_change_that_cannot_be_made_says_why(
    kind: ActionKind, given: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    with pytest.raises(Impossible) as refused:
        preview_of(asked(kind, **given), replace(TEA, **change), TODAY)
    assert refused.value.code == code


def test_swap_tells_no_price_and_is_compared_by_what_it_is() -> None:
    swappable = replace(TEA, is_swappable=True, variant_id="v1")
    preview = preview_of(asked(CHANGE, variant="v2", every=2), swappable, TODAY)
    assert preview.amounts == ()
    assert preview.changes == (("interval", "1 month", "2 month"), ("variant", "v1", "v2"))
    assert [code for code, _values in preview.warnings] == [
        "subscription.moves-dates", "subscription.price-unknown",
    ]  # fmt: skip
    assert preview.request.expected["variant"] == "v1"
    assert was_made(preview.request, {**preview.request.expected, "variant": "v2", "every": 2})


def test_skip_where_no_interval_is_known_names_no_next_day() -> None:
    preview = preview_of(asked(SKIP), replace(TEA, every=0, unit=""), TODAY)
    assert preview.changes == (("next-date", "2026-05-31", ""),)


@pytest.mark.parametrize(
    ("kind", "given", "wanted"),
    [
        (DATE, {"date": "2026-06-20"}, {"next_date": "2026-06-20"}),
        (ActionKind.SUBSCRIPTION_ADDRESS, {"address": "a2"}, {"address": "a2"}),
        (CANCEL, {"reason": "x"}, {"status": "cancelled"}),
    ],
)
def test_what_is_to_be_so_afterwards_shows_that_it_was_made(
    kind: ActionKind, given: dict[str, Any], wanted: dict[str, Any]
) -> None:
    request = preview_of(asked(kind, **given), TEA, TODAY).request
    before = state_of(request, TEA)
    assert was_made(request, before) is False
    assert was_made(request, {**before, **wanted}) is True
