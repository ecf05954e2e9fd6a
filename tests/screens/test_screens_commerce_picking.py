"""The choice of an order or a subscription stands in columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal

import pytest

from helpdesk_tui.domain.commerce.actions import ActionKind
from helpdesk_tui.domain.commerce.facts import Order, Subscription
from helpdesk_tui.screens.commerce.picking import TargetPicker
from helpdesk_tui.widgets.wrap import cells
from tests.support.shopping import COFFEE, ENDED, ORDER, SENT
from tests.support.store import START

ORDERS = (ORDER, SENT, replace(ORDER, id="7", name="#7", total=Decimal(1200),
                               created_at=START - timedelta(days=17)))  # fmt: skip
KINDS: dict[ActionKind, tuple[Order | Subscription, ...]] = {
    ActionKind.ORDER_CANCEL: ORDERS,
    ActionKind.SUBSCRIPTION_SKIP: (COFFEE, ENDED),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_row_has_its_columns_where_the_others_have_them(kind: ActionKind) -> None:
    things = KINDS[kind]
    rows = TargetPicker(kind, things, START, UTC).rows("")
    assert [row.value for row in rows] == list(range(len(things)))
    for side in ([row.left for row in rows], [row.right for row in rows]):
        widths = {tuple(cells(text) for text, _ink in row) for row in side}
        assert len(widths) == 1
    assert all(text == text.lstrip(" ") for text, _ink in [row.left[0] for row in rows])


def test_what_is_typed_leaves_those_it_fits() -> None:
    picker = TargetPicker(ActionKind.ORDER_CANCEL, ORDERS, START, UTC)
    assert [row.value for row in picker.rows("bottle")] == [1]
    assert picker.rows("nothing like it") == []
