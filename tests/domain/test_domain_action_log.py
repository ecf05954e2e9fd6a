"""What the log says of a change of an order or subscription."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_tui.domain.commerce.action_log import moved_by
from helpdesk_tui.domain.commerce.actions import (
    Action,
    ActionKind,
    ActionRequest,
    ActionState,
    Phase,
)

AT = datetime(2026, 11, 21, tzinfo=UTC)


def action_of(kind: ActionKind, wanted: dict[str, Any], seen: dict[str, Any]) -> Action:
    request = ActionRequest(kind, 1, "7", "#1042", wanted, seen)
    return Action(1, request, ActionState.QUEUED, Phase.NONE, {}, {}, "", {}, AT)


@pytest.mark.parametrize(
    ("kind", "wanted", "seen", "before", "after"),
    [
        (ActionKind.ORDER_EDIT, {"items": {"a": 1}, "note": "our secret"},
         {"total": "30.00", "new_total": "10.00", "currency": "EUR"},
         {"total": "30.00 EUR"}, {"total": "10.00 EUR"}),
        (ActionKind.ORDER_CANCEL, {"reason": "customer", "note": "our secret"},
         {"total": "30.00", "refund": "25.00", "currency": "EUR"},
         {}, {"total": "30.00 EUR", "refund": "25.00 EUR"}),
        (ActionKind.ORDER_CANCEL, {}, {"total": "30.00"}, {}, {"total": "30.00"}),
        (ActionKind.SUBSCRIPTION_SKIP, {"charge": "c"}, {"date": "2026-12-02"},
         {}, {"date": "2026-12-02"}),
        (ActionKind.SUBSCRIPTION_UNSKIP, {"charge": "c"}, {"date": None}, {}, {}),
        (ActionKind.SUBSCRIPTION_DATE, {"date": "2026-12-09"}, {"next_date": "2026-12-02"},
         {"date": "2026-12-02"}, {"date": "2026-12-09"}),
        (ActionKind.SUBSCRIPTION_CHANGE, {"quantity": 3},
         {"quantity": 1, "every": 2, "unit": "week"}, {"quantity": "1"}, {"quantity": "3"}),
        (ActionKind.SUBSCRIPTION_CHANGE, {"every": 1, "unit": "month"},
         {"quantity": 1, "every": 2, "unit": "week"},
         {"interval": "2 week"}, {"interval": "1 month"}),
        (ActionKind.SUBSCRIPTION_CANCEL, {"comments": "our secret"}, {"status": "active"}, {}, {}),
    ],
)  # fmt: skip
def test_amounts_and_dates_are_told_and_no_text(
    kind: ActionKind,
    wanted: dict[str, Any],
    seen: dict[str, Any],
    before: dict[str, str],
    after: dict[str, str],
) -> None:
    assert moved_by(action_of(kind, wanted, seen)) == (before, after)


def test_what_was_really_paid_back_is_told_once_it_is_known() -> None:
    asked = action_of(
        ActionKind.ORDER_CANCEL, {}, {"total": "30", "refund": "25", "currency": "EUR"}
    )
    done = replace(asked, state=ActionState.DONE, result={"refund": "20", "currency": "EUR"})
    assert moved_by(done)[1]["refund"] == "20 EUR"
    failed = replace(done, state=ActionState.FAILED)
    assert moved_by(failed)[1]["refund"] == "25 EUR"


def test_amount_that_a_change_came_to_is_told() -> None:
    skip = action_of(ActionKind.SUBSCRIPTION_SKIP, {}, {"date": "2026-12-02"})
    done = replace(skip, state=ActionState.DONE, result={"amount": "9", "currency": "GBP"})
    assert moved_by(done)[1] == {"date": "2026-12-02", "amount": "9 GBP"}
