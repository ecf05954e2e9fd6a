"""The sidebar shows as much as there is room for: no line says less than it could."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from helpdesk_tui.domain.commerce.context import CustomerContext
from helpdesk_tui.domain.commerce.facts import Segment
from helpdesk_tui.widgets.sidebar import SidebarInput, sidebar_rows
from tests.support.customer_values import context, order
from tests.support.thread_values import NOW, detail, profile


def lines_of(known: CustomerContext, width: int = 28, **changes: Any) -> list[str]:
    shown = SidebarInput(detail(), profile(), width, NOW, context=known, **changes)
    return [row.text for row in sidebar_rows(shown)]


@pytest.mark.parametrize(("count", "is_cut"), [(2, False), (3, False), (4, True)])
def test_a_single_line_that_is_left_is_shown_instead_of_being_counted(
    count: int, is_cut: bool
) -> None:
    names = [f"Everybody who came to the shop {place}"[-26:] for place in range(count)]
    lines = lines_of(context(segments=tuple((1, Segment(name, name)) for name in names)))
    shown = [name for name in names if name in lines]
    assert shown == (names[:2] if is_cut else names)
    assert (f"▾ {count - 2} more" in lines) is is_cut


def test_the_newest_order_says_its_day_below_where_there_is_no_room_beside_it() -> None:
    one = replace(order("#1042"), fulfilment="partially_fulfilled")
    roomy = lines_of(context(orders=((2, one),)), width=40)
    short = lines_of(context(orders=((2, one),)), width=30)
    at, low = (
        next(place for place, line in enumerate(lines) if line.startswith("#1042"))
        for lines in (roomy, short)
    )
    day = roomy[at].split("  ")[-1].strip()
    assert day
    assert day not in roomy[at + 1]
    assert day not in short[low]
    assert short[low + 1].endswith(f" · {day}")
    cut = lines_of(context(orders=((2, one),)), width=22)
    assert not any("…" in line and "DHL" in line for line in cut)
