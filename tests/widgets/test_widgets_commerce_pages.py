"""What an order and a subscription say of themselves stands in columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest, Mode, Preview
from helpdesk_tui.widgets.commerce.change_page import confirm_rows
from helpdesk_tui.widgets.commerce.order_page import order_rows
from helpdesk_tui.widgets.commerce.span_lines import Rows
from helpdesk_tui.widgets.commerce.subscription_page import subscription_rows
from helpdesk_tui.widgets.wrap import cells
from tests.support.shopping import COFFEE, ORDER
from tests.support.store import START

ADDRESS = "Anna Kowalska\nul. Długa 5\n31-147 Kraków, in the yard on the left behind the gate"


def columns(rows: Rows, names: tuple[str, ...]) -> set[int]:
    """Return where what stands beside some names begins."""
    named = [row for row in rows if row and row[0][0].strip() in names]
    assert len(named) == len(names)
    return {cells(row[0][0]) for row in named}


@pytest.mark.parametrize("width", [48, 70, 100])
def test_what_is_known_of_a_subscription_stands_in_one_column(width: int) -> None:
    rows = subscription_rows(replace(COFFEE, address_lines=ADDRESS), width, START)
    names = ("what", "interval", "price", "next delivery", "goes to")
    assert len(columns(rows, names)) == 1


@pytest.mark.parametrize("width", [48, 70, 100])
def test_what_is_known_of_an_order_stands_in_one_column(width: int) -> None:
    order = replace(ORDER, address=ADDRESS, note="Please ring twice", tags=("gift",))
    rows = order_rows(order, width, START, UTC)
    assert len(columns(rows, ("tags", "goes to", "note"))) == 1


def test_a_long_note_is_shown_to_its_end_before_the_yes() -> None:
    note = "Called twice, the neighbour at number seven takes it, and she is there after six"
    said = {"reason": "customer", "note": note}
    request = ActionRequest(ActionKind.ORDER_CANCEL, 1, "501", "#1042", said)
    rows = confirm_rows(Preview(request), Mode.ON, 40)
    lines = ["".join([text for text, _ink in row]) for row in rows]
    assert "because  the customer asked for it" in lines
    assert any(line.endswith("six") for line in lines)
    assert all(cells(line) <= 40 for line in lines)
