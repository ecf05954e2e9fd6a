"""Whatever a shop calls things, a page of an order or a change draws no command of a terminal."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from helpdesk_tui.domain.commerce.actions import (
    Action,
    ActionKind,
    ActionRequest,
    ActionState,
    AmountLine,
    Mode,
    Phase,
    Preview,
)
from helpdesk_tui.domain.commerce.changing import Difference
from helpdesk_tui.domain.commerce.facts import OrderItem, Tracking
from helpdesk_tui.widgets.commerce.change_page import (
    Subject,
    amount_rows,
    change_rows,
    confirm_rows,
    head_rows,
    line_rows,
    stale_rows,
    standing_rows,
)
from helpdesk_tui.widgets.commerce.order_page import order_rows
from helpdesk_tui.widgets.commerce.subscription_page import subscription_rows
from tests.support.customer_values import order, subscription
from tests.support.thread_values import HOSTILE, NOW, is_harmless

WIDTHS = (24, 60, 120)
AMOUNTS = ["NaN", "1E+30", "-Infinity", "", "12,5", "9" * 400, HOSTILE]
NAMES = ["nan", "exponent", "infinite", "empty", "comma", "long", "hostile"]


def texts(rows: Any) -> list[str]:
    return ["".join(span[0] for span in row) for row in rows]


def hostile(value: Any, **more: Any) -> Any:
    """Return a value with every text of it hostile."""
    changed = {one.name: HOSTILE for one in fields(value)
               if isinstance(getattr(value, one.name), str)}  # fmt: skip
    return replace(value, **{**changed, **more})


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_orders_and_subscriptions(width: int) -> None:
    bought = hostile(
        order(), items=(hostile(OrderItem("1", "Tea", 1)),), parcels=(hostile(Tracking()),),
        tags=(HOSTILE,), not_editable=(HOSTILE,),
    )  # fmt: skip
    found = [*texts(order_rows(bought, width, NOW)),
             *texts(subscription_rows(hostile(subscription()), width, NOW))]  # fmt: skip
    assert found
    assert all(is_harmless(line) for line in found)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("amount", AMOUNTS, ids=NAMES)
def test_what_a_change_would_do(width: int, amount: str) -> None:
    request = ActionRequest(
        ActionKind.ORDER_EDIT, 1, HOSTILE, HOSTILE, {"note": HOSTILE}, {"total": amount}
    )
    names = ("total-before", "difference", "refund", HOSTILE)
    preview = Preview(
        request, tuple([AmountLine(name, amount, HOSTILE) for name in names]),
        ((HOSTILE, HOSTILE, HOSTILE),), (HOSTILE,),
        (("order.no-editing", {"reason": HOSTILE}), (HOSTILE, {HOSTILE: HOSTILE})),
    )  # fmt: skip
    found = [
        *texts(confirm_rows(preview, Mode.ON, width)),
        *texts(amount_rows(preview.amounts, width)),
        *texts(change_rows(preview.changes, width)),
        *texts(head_rows(Subject(HOSTILE, HOSTILE, HOSTILE), width)),
        *texts(line_rows(HOSTILE, "en", width)),
        *texts(stale_rows(
            (Difference(HOSTILE, amount, HOSTILE), Difference("total", amount, HOSTILE)),
            {HOSTILE: HOSTILE}, width, currency=HOSTILE,
        )),
    ]  # fmt: skip
    assert all(is_harmless(line) for line in found)


def test_an_amount_that_is_another_by_now_is_written_as_money() -> None:
    found = texts(stale_rows((Difference("total", "28.9", "31.9"),), {}, 60, currency="EUR"))
    assert "€28.90 → €31.90" in "\n".join(found)


@pytest.mark.parametrize("state", ActionState)
@pytest.mark.parametrize("amount", AMOUNTS, ids=NAMES)
def test_how_a_change_stands(state: ActionState, amount: str) -> None:
    request = ActionRequest(ActionKind.ORDER_CANCEL, 1, HOSTILE, HOSTILE, {}, {"total": amount})
    result = {"total": amount, "refund": amount, "currency": HOSTILE, "now": {HOSTILE: amount}}
    action = Action(
        1, request, state, Phase.ASKED, {HOSTILE: HOSTILE}, result, "order.refused",
        {"text": HOSTILE, "name": HOSTILE}, NOW, agent=HOSTILE,
    )  # fmt: skip
    assert all(is_harmless(line) for line in texts(standing_rows(action, 60)))
