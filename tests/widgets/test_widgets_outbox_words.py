"""What the outbox says of a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.outbox import OutboxRow
from helpdesk_tui.widgets.words.outbox import outbox_page, state_span

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ROW = OutboxRow(
    1, 7, "Parcel", "Lena", "email", Delivery.QUEUED, NOW, NOW, 0, "", "", 1, "Anna",
    ("lena@example.net",), "Hi", 0, is_forward=False, is_held=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("delivery", "after", "said"),
    [
        (Delivery.QUEUED, timedelta(seconds=5), "✗ held: the channel is off"),
        (Delivery.SCHEDULED, timedelta(0), "✗ held: the channel is off"),
        (Delivery.SCHEDULED, timedelta(days=1), "◷ Mon 23 Nov 09:00"),
        (Delivery.FAILED, timedelta(0), "✗ not sent"),
    ],
)
def test_a_channel_that_is_off_holds_what_is_due(
    delivery: Delivery, after: timedelta, said: str
) -> None:
    assert state_span(replace(ROW, delivery=delivery, due_at=NOW + after), NOW, UTC)[0] == said


def test_the_page_says_beside_the_moment_that_it_will_be_held() -> None:
    later = replace(ROW, delivery=Delivery.SCHEDULED, due_at=NOW + timedelta(days=1))
    text = "\n".join("".join(part for part, _ in line) for line in outbox_page(later, 60, NOW, UTC))
    assert "Mon 23 Nov 09:00" in text
    assert "held: the channel is off" in text
