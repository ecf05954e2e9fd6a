"""How long ago and how long waited, as a list says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.widgets.ages import Wait, age, until, waiting

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def past(**time: float) -> datetime:
    return NOW - timedelta(**time)


@pytest.mark.parametrize(
    ("time", "label"),
    [
        ({"seconds": 59}, "now"),
        ({"minutes": 59}, "59m"),
        ({"hours": 1}, "1h"),
        ({"hours": 23, "minutes": 59}, "23h"),
        ({"days": 13}, "13d"),
        ({"days": 14}, "2w"),
        ({"days": 800}, "2y"),
        ({"seconds": -30}, "now"),
    ],
)
def test_an_age_is_one_number_and_one_unit(time: dict[str, float], label: str) -> None:
    assert age(past(**time), NOW) == label


@pytest.mark.parametrize(
    ("channel", "time", "label", "wait"),
    [
        ("webchat", {"seconds": -2}, "0:00", Wait.FRESH),
        ("webchat", {"seconds": 179}, "2:50", Wait.FRESH),
        ("webchat", {"minutes": 3, "seconds": 0}, "3:00", Wait.LATE),
        ("webchat", {"minutes": 3, "seconds": 49}, "3:40", Wait.LATE),
        ("webchat", {"minutes": 5, "seconds": 1}, "5:00", Wait.OVERDUE),
        ("webchat", {"minutes": 59, "seconds": 59}, "59:50", Wait.OVERDUE),
        ("webchat", {"minutes": 60}, "1h", Wait.OVERDUE),
        ("email", {"hours": 3, "minutes": 59}, None, None),
        ("email", {"hours": 4}, "4h", Wait.LATE),
        ("sms", {"hours": 23, "minutes": 59}, "23h", Wait.LATE),
        ("whatsapp", {"hours": 24}, "1d", Wait.OVERDUE),
        ("a channel of later", {"hours": 5}, "5h", Wait.LATE),
    ],
)
def test_waiting_is_worded_and_judged_by_the_channel(
    channel: str, time: dict[str, float], label: str | None, wait: Wait | None
) -> None:
    found = waiting(past(**time), NOW, channel)
    assert (found.label, found.wait) == (label, wait) if found else label is None


def test_nobody_waits_without_a_question() -> None:
    assert waiting(None, NOW, "webchat") is None


def test_only_a_chat_counts_seconds_and_only_for_an_hour() -> None:
    counting = {
        name for name in CHANNELS if (one := waiting(past(minutes=50), NOW, name)) is not None
        and one.counts_seconds
    }  # fmt: skip
    assert counting == {"webchat"}
    long_chat = waiting(past(hours=2), NOW, "webchat")
    assert long_chat is not None
    assert not long_chat.counts_seconds


@pytest.mark.parametrize(
    ("time", "label"), [({"minutes": 20}, "20m"), ({"hours": 3}, "3h"), ({"days": 2}, "2d")]
)
def test_what_is_to_come_is_counted_down(time: dict[str, float], label: str) -> None:
    assert until(NOW + timedelta(**time), NOW) == label
