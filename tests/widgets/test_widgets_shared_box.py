"""Two subscriptions of one box do not both cost the whole box."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from helpdesk_tui.domain.commerce.facts import BoxItem, NextCharge
from helpdesk_tui.widgets.sidebar import SidebarInput, sidebar_rows
from tests.support.customer_values import RECHARGE, context, subscription
from tests.support.thread_values import NOW, detail, profile

COFFEE, TEA = BoxItem("s1", "Coffee 1 kg", 1), BoxItem("s2", "Tea", 2)


def said(*items: BoxItem) -> str:
    charge = NextCharge("9", date(2026, 12, 2), Decimal("55.90"), items)
    one = subscription(charge=charge, price=Decimal("24.00"))
    known = context(subscriptions=((RECHARGE.id, one),), subscription_count=1)
    shown = SidebarInput(detail(), profile(), 40, NOW, context=known)
    return "\n".join(row.text for row in sidebar_rows(shown))


def test_a_box_of_its_own_costs_what_is_charged() -> None:
    assert "€55.90" in said(COFFEE)


def test_of_a_shared_box_its_own_part_is_named() -> None:
    text = said(COFFEE, TEA)
    assert "€24.00" in text
    assert "€55.90" not in text
