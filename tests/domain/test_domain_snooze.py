from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.snooze import local_moment, parse_when, zone_of

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
"""A Wednesday; 10:30 in Warsaw."""
ZONE = "Europe/Warsaw"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", "2026-11-25 12:30"),
        ("30m", "2026-11-25 11:00"),
        ("1h 30m", "2026-11-25 12:00"),
        ("1h30m", "2026-11-25 12:00"),
        ("in 2 hours", "2026-11-25 12:30"),
        ("45 min", "2026-11-25 11:15"),
        ("3d", "2026-11-28 10:30"),
        ("1w", "2026-12-02 10:30"),
        ("1d 2h", "2026-11-26 12:30"),
        ("tomorrow", "2026-11-26 09:00"),
        ("Tomorrow 9:00", "2026-11-26 09:00"),
        ("tomorrow at 2pm", "2026-11-26 14:00"),
        ("tomorrow noon", "2026-11-26 12:00"),
        ("today 17:15", "2026-11-25 17:15"),
        ("tonight", "2026-11-25 19:00"),
        ("eod", "2026-11-25 17:00"),
        ("14:15", "2026-11-25 14:15"),
        ("9am", "2026-11-26 09:00"),
        ("12am", "2026-11-26 00:00"),
        ("mon", "2026-11-30 09:00"),
        ("wed", "2026-12-02 09:00"),
        ("next thursday", "2026-11-26 09:00"),
        ("on fri 8.30", "2026-11-27 08:30"),
        ("next week", "2026-11-30 09:00"),
        ("next week 10", "2026-11-30 10:00"),
        ("2026-12-01", "2026-12-01 09:00"),
        ("2026-12-01 16:45", "2026-12-01 16:45"),
        ("2026-12-01T16:45", "2026-12-01 16:45"),
    ],
)
def test_words_mean_a_local_time(text, expected):
    moment = parse_when(text, NOW, ZONE)
    assert moment.tzinfo is UTC
    assert f"{moment.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "snooze.unclear"),
        ("soon", "snooze.unclear"),
        ("7", "snooze.unclear"),
        ("2x", "snooze.unclear"),
        ("mo", "snooze.unclear"),
        ("25:00", "snooze.unclear"),
        ("13pm", "snooze.unclear"),
        ("tomorrow whenever", "snooze.unclear"),
        ("2026-13-01", "snooze.unclear"),
        ("2026-12-01 late", "snooze.unclear"),
        ("0h", "snooze.past"),
        ("today 8:00", "snooze.past"),
        ("2020-01-01", "snooze.past"),
        ("9999w", "snooze.too-far"),
        ("999999w", "snooze.unclear"),
        ("2099-01-01", "snooze.too-far"),
    ],
)
def test_what_is_no_future_moment_is_refused(text, code):
    with pytest.raises(UsageError) as caught:
        parse_when(text, NOW, ZONE)
    assert caught.value.code == code


def test_days_keep_the_clock_time_over_a_change_of_offset():
    now = datetime(2026, 10, 24, 10, tzinfo=UTC)
    assert parse_when("1d", now, ZONE) == datetime(2026, 10, 25, 11, tzinfo=UTC)
    assert parse_when("24h", now, ZONE) == datetime(2026, 10, 25, 10, tzinfo=UTC)


def test_a_time_that_is_skipped_becomes_the_next_valid_one():
    moment = local_moment(date(2026, 3, 29), time(2, 30), ZoneInfo(ZONE))
    assert moment == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert moment.astimezone(ZoneInfo(ZONE)).time() == time(3)


def test_of_a_time_that_occurs_twice_the_first_is_meant():
    assert local_moment(date(2026, 10, 25), time(2, 30), ZoneInfo(ZONE)) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("name", ["UTC", "utc", ""])
def test_utc_needs_no_zone_data(name):
    assert zone_of(name) is UTC


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "a" * 300, "\x00"])
def test_an_unknown_zone_is_named(name):
    with pytest.raises(UsageError, match=r"zone\.unknown"):
        zone_of(name)
