"""Where an entry of a customer's timeline is seen outside."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk_tui.domain.commerce.facts import CustomerEvent
from helpdesk_tui.domain.commerce.timeline import Entry, EntryKind
from tests.support.customer_values import order

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
ADMIN, OPEN = "https://admin.shop.example/1", "https://shop.example/1"


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        (Entry(EntryKind.MESSAGE, 1, AT), ""),
        (Entry(EntryKind.EVENT, 1, AT, value=CustomerEvent("e", "Viewed", AT, url=OPEN)), OPEN),
        (Entry(EntryKind.ORDER, 1, AT, value=order(admin_url=ADMIN, url=OPEN)), ADMIN),
        (Entry(EntryKind.ORDER, 1, AT, value=order(admin_url="", url=OPEN)), OPEN),
    ],
)
def test_people_of_the_shop_come_before_customers(entry: Entry, url: str) -> None:
    assert entry.url == url
