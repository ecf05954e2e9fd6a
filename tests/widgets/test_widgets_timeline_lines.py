"""What a customer's timeline says of an entry when it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from decimal import Decimal

import pytest

from helpdesk_tui.domain.commerce.facts import CustomerEvent, Order, Subscription
from helpdesk_tui.domain.commerce.timeline import Entry, EntryKind
from helpdesk_tui.widgets.timeline_lines import entry_page
from tests.support.customer_values import event
from tests.support.shopping import COFFEE, ORDER
from tests.support.store import START

SOLD = replace(event("Placed Order"), value=Decimal("81.70"), currency="EUR")


@pytest.mark.parametrize("is_plain", [True, False])
@pytest.mark.parametrize(
    ("kind", "value"),
    [(EntryKind.ORDER, ORDER), (EntryKind.SUBSCRIPTION, COFFEE), (EntryKind.EVENT, SOLD)],
    ids=lambda one: one.value if isinstance(one, EntryKind) else "",
)
def test_amounts_have_no_signs_where_only_letters_can_be_drawn(
    kind: EntryKind, value: Order | Subscription | CustomerEvent, is_plain: bool
) -> None:
    entry = Entry(kind, 1, START, source_id=1, value=value)
    lines = entry_page(entry, 60, START, UTC, "Shop", is_plain=is_plain)
    text = "\n".join("".join(part for part, _ink in line) for line in lines)
    assert ("€" in text) is not is_plain
    assert ("EUR" in text) is is_plain
