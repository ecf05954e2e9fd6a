"""What a row of the outbox knows about itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.outbox import OutboxRow

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ROW = OutboxRow(
    1, 7, "Parcel", "Lena", "email", Delivery.QUEUED, NOW, NOW, 0, "", "", 1, "Anna",
    ("lena@example.net",), "Hi", 0, is_forward=False, is_held=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("delivery", "attempts", "can"),
    [
        (Delivery.QUEUED, 0, True), (Delivery.QUEUED, 1, False), (Delivery.SCHEDULED, 0, True),
        (Delivery.SENDING, 1, False), (Delivery.FAILED, 1, False), (Delivery.UNKNOWN, 1, False),
    ],
)  # fmt: skip
def test_only_what_nobody_has_tried_goes_back(delivery: Delivery, attempts: int, can: bool) -> None:
    assert replace(ROW, delivery=delivery, attempts=attempts).can_return is can


@pytest.mark.parametrize(
    ("due", "left"),
    [(None, 0), (NOW - timedelta(seconds=1), 0), (NOW, 0), (NOW + timedelta(seconds=9.2), 10)],
)
def test_seconds_are_rounded_up_and_never_below_nothing(due: datetime | None, left: int) -> None:
    assert replace(ROW, due_at=due).seconds_left(NOW) == left
