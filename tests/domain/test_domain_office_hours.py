"""Office hours: how they are written, and when they are, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.office_hours import OfficeHours
from helpdesk_tui.domain.office_schedule import (
    DAY,
    NO_WEEK,
    Span,
    Week,
    merged,
    read_exceptions,
    read_week,
    write_exceptions,
    write_week,
)

WARSAW = ZoneInfo("Europe/Warsaw")
WEEK = read_week("mon-fri 9:00-17:00, sat 10:00-14:00")


def warsaw(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=WARSAW, fold=fold).astimezone(UTC)  # type: ignore[arg-type, misc]


# how a week is written ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("mon-fri 9:00-17:00, sat 10:00-14:00", "mon-fri 9:00-17:00, sat 10:00-14:00"),
        ("Mon – Fri 9 – 17", "mon-fri 9:00-17:00"),
        ("mon-fri 9.00-12.30 13:30-17h30", "mon-fri 9:00-12:30 13:30-17:30"),
        ("mon, wed 9-17; fri 9-12", "mon 9:00-17:00, wed 9:00-17:00, fri 9:00-12:00"),
        ("mon 13-17 9-12", "mon 9:00-12:00 13:00-17:00"),
        ("mon 9-12 12-17 16-18", "mon 9:00-18:00"),
        ("mon 0-12 12-24", "mon 0:00-24:00"),
        ("mon 0:00-24:00 23:00-5:00", "mon 0:00-24:00 23:00-5:00"),
        ("fri 22:00-2:00", "fri 22:00-2:00"),
        ("sat-mon 8-9", "mon 8:00-9:00, sat-sun 8:00-9:00"),
        ("daily 0:00-24:00", "mon-sun 0:00-24:00"),
        ("pn-pt 9-17, sobota 10-14", "mon-fri 9:00-17:00, sat 10:00-14:00"),
        ("poniedziałek środa 9-17", "mon 9:00-17:00, wed 9:00-17:00"),
        ("mån-fre 9-17, lördag 10-14, söndag 11-12",
         "mon-fri 9:00-17:00, sat 10:00-14:00, sun 11:00-12:00"),
        ("segunda-feira-sexta-feira 9-17, sábado 9-12", "mon-fri 9:00-17:00, sat 9:00-12:00"),
        ("seg-sex 9h00-18h00, terça 19-20",
         "mon 9:00-18:00, tue 9:00-18:00 19:00-20:00, wed-fri 9:00-18:00"),
    ],
)  # fmt: skip
def test_a_week_is_read_in_many_ways_and_written_in_one(text: str, written: str) -> None:
    assert write_week(read_week(text)) == written


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("mnd 9-17", "hours.unknown-day", "mnd"),
        ("mon-xyz 9-17", "hours.unknown-day", "mon-xyz"),
        ("mon-tue-wed 9-17", "hours.unknown-day", "mon-tue-wed"),
        ("9:00-17:00", "hours.no-day", "9:00-17:00"),
        ("mon 9:00-25:00", "hours.bad-time", "9:00-25:00"),
        ("mon 9:60-10:00", "hours.bad-time", "9:60-10:00"),
        ("mon 24:01-3", "hours.bad-time", "24:01-3"),
        ("mon 9", "hours.bad-time", "9"),
        ("mon 9-17-18", "hours.bad-time", "9-17-18"),
        ("mon 9-9", "hours.empty-span", "9-9"),
        ("mon-fri", "hours.no-times", "mon-fri"),
        ("mon 9-17, sat sun", "hours.no-times", "sat sun"),
    ],
)
def test_what_is_wrong_is_named(text: str, code: str, part: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_week(text)
    assert (caught.value.code, caught.value.values["part"]) == (code, part)


def test_an_endless_schedule_is_refused() -> None:
    for read, text in (
        (read_week, "mon 9-10 " * 300),
        (read_exceptions, "2026-01-01 closed;" * 300),
    ):
        with pytest.raises(UsageError, match=r"hours\.too-long"):
            read(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("2026-12-31 closed; 2026-12-24 9:00-12:00",
         "2026-12-24 9:00-12:00; 2026-12-31 closed"),
        ("2026-12-24: 9-12, 13-14", "2026-12-24 9:00-12:00 13:00-14:00"),
        ("2026-12-24..2026-12-26 zamknięte",
         "2026-12-24 closed; 2026-12-25 closed; 2026-12-26 closed"),
    ],
)  # fmt: skip
def test_exceptions_are_read_and_written(text: str, written: str) -> None:
    assert write_exceptions(read_exceptions(text)) == written


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("24 December closed", "hours.bad-date"),
        ("2026-02-30 closed", "hours.bad-date"),
        ("2026-12-26..2026-12-24 closed", "hours.bad-date"),
        ("2026-01-01..2026-12-24 closed", "hours.bad-date"),
        ("2026-12-24", "hours.no-times"),
        ("2026-12-24 maybe", "hours.bad-time"),
        ("2026-12-24 9-9", "hours.empty-span"),
    ],
)
def test_a_wrong_exception_is_named(text: str, code: str) -> None:
    with pytest.raises(UsageError, match=code):
        read_exceptions(text)


# when it is open ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "is_open", "opening"),
    [
        (warsaw(2026, 11, 20, 9, 0), True, warsaw(2026, 11, 20, 9, 0)),
        (warsaw(2026, 11, 20, 8, 59), False, warsaw(2026, 11, 20, 9, 0)),
        (warsaw(2026, 11, 20, 17, 0), False, warsaw(2026, 11, 21, 10, 0)),
        (warsaw(2026, 11, 21, 14, 0), False, warsaw(2026, 11, 23, 9, 0)),
    ],
)
def test_open_and_the_next_opening(at: datetime, is_open: bool, opening: datetime) -> None:
    hours = OfficeHours(WEEK, WARSAW)
    assert hours.is_open(at) is is_open
    assert hours.next_opening(at) == opening


def test_the_following_opening_is_the_next_day_while_it_is_open() -> None:
    hours = OfficeHours(WEEK, WARSAW)
    assert hours.following_opening(warsaw(2026, 11, 20, 9, 0)) == warsaw(2026, 11, 21, 10, 0)
    assert hours.following_opening(warsaw(2026, 11, 20, 8, 0)) == warsaw(2026, 11, 20, 9, 0)
    assert OfficeHours().following_opening(warsaw(2026, 11, 20, 8, 0)) is None
    closed = OfficeHours(NO_WEEK, WARSAW, {}, {date(2026, 1, 1): ()})
    assert closed.following_opening(warsaw(2026, 11, 20, 8, 0)) is None


def test_without_a_schedule_it_is_always_open() -> None:
    hours, now = OfficeHours(), datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    assert hours.is_always
    assert hours.is_open(now)
    assert hours.next_opening(now) == now
    assert hours.opening_spans(now, now + timedelta(hours=1)) == ((now, now + timedelta(hours=1)),)


def test_over_midnight() -> None:
    hours = OfficeHours(read_week("fri 22:00-2:00"), WARSAW)
    assert hours.is_open(warsaw(2026, 11, 21, 1, 59))
    assert not hours.is_open(warsaw(2026, 11, 21, 2, 0))
    assert not hours.is_open(warsaw(2026, 11, 20, 1, 0))


def test_a_holiday_closes_and_an_exception_wins_over_it() -> None:
    christmas = date(2026, 12, 25)
    shut = OfficeHours(WEEK, WARSAW, {christmas: "Christmas"})
    assert not shut.is_open(warsaw(2026, 12, 25, 10, 0))
    assert shut.next_opening(warsaw(2026, 12, 25, 9, 0)) == warsaw(2026, 12, 26, 10, 0)
    open_ = OfficeHours(WEEK, WARSAW, {christmas: ""}, {christmas: (Span(600, 660),)})
    assert open_.is_open(warsaw(2026, 12, 25, 10, 0))
    assert not open_.is_open(warsaw(2026, 12, 25, 11, 0))


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    hours = OfficeHours(NO_WEEK, WARSAW, {}, {date(2026, 1, 1): ()})
    assert not hours.is_always
    assert hours.next_opening(warsaw(2026, 11, 20, 9, 0)) is None
    assert hours.opening_spans(warsaw(2026, 11, 20, 9, 0), warsaw(2026, 12, 20, 9, 0)) == ()


def test_spans_are_cut_at_both_ends_and_joined_where_they_touch() -> None:
    hours = OfficeHours(read_week("daily 0:00-24:00"), WARSAW)
    since, until = warsaw(2026, 11, 20, 9, 0), warsaw(2026, 11, 25, 9, 0)
    assert hours.opening_spans(since, until) == ((since, until),)
    assert hours.opening_spans(until, since) == ()


def test_one_closed_period_lasts_until_it_opens() -> None:
    hours = OfficeHours(WEEK, WARSAW)
    friday, saturday = warsaw(2026, 11, 20, 18, 0), warsaw(2026, 11, 21, 9, 0)
    assert hours.is_same_closing(friday, saturday)
    assert not hours.is_same_closing(friday, warsaw(2026, 11, 21, 15, 0))
    assert not hours.is_same_closing(friday, warsaw(2026, 11, 21, 11, 0))


def test_a_time_that_the_clock_leaves_out_is_the_next_one() -> None:
    # on 2026-03-29 the clock goes from 2:00 to 3:00
    opens = OfficeHours(read_week("sun 2:30-5:00"), WARSAW)
    assert opens.next_opening(warsaw(2026, 3, 28, 12, 0)) == warsaw(2026, 3, 29, 3, 0)
    within = OfficeHours(read_week("sun 2:10-2:50"), WARSAW)
    assert within.next_opening(warsaw(2026, 3, 28, 12, 0)) == warsaw(2026, 4, 5, 2, 10)
    across = OfficeHours(read_week("sun 1:00-4:00"), WARSAW)
    ((start, end),) = across.opening_spans(warsaw(2026, 3, 29, 0, 0), warsaw(2026, 3, 29, 12, 0))
    assert end - start == timedelta(hours=2)


def test_a_time_that_comes_twice_is_the_first_one() -> None:
    # on 2026-10-25 the clock goes from 3:00 back to 2:00
    hours = OfficeHours(read_week("sun 2:30-4:00"), WARSAW)
    ((start, end),) = hours.opening_spans(warsaw(2026, 10, 25, 0, 0), warsaw(2026, 10, 25, 12, 0))
    assert start == warsaw(2026, 10, 25, 2, 30)
    assert end - start == timedelta(hours=2, minutes=30)


# for any schedule -----------------------------------------------------------------------------

spans = st.tuples(st.integers(0, DAY - 1), st.integers(1, DAY - 1)).map(
    lambda both: Span(both[0], both[0] + both[1])
)
days = st.lists(spans, max_size=3).map(merged)
weeks = st.tuples(*[days] * 7)
zones = st.sampled_from([UTC, WARSAW, *map(ZoneInfo, (
    "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "America/New_York"))])  # fmt: skip
first = datetime(2025, 1, 1, tzinfo=UTC)
moments = st.integers(0, 3 * 366 * DAY * 60).map(lambda more: first + timedelta(seconds=more))


@given(weeks)
def test_whatever_is_written_is_read_again(week: Week) -> None:
    assert write_week(read_week(write_week(week))) == write_week(week)


@given(weeks, zones, moments, st.integers(1, 20 * DAY))
def test_spans_and_single_moments_agree(
    week: Week, zone: ZoneInfo, since: datetime, minutes: int
) -> None:
    hours, until = OfficeHours(week, zone), since + timedelta(minutes=minutes)
    found = hours.opening_spans(since, until)
    edges = [edge for span in found for edge in span]
    assert edges == sorted(set(edges))
    assert all(since <= edge <= until for edge in edges)
    for start, end in found:
        assert hours.is_open(start)
        assert hours.is_open(end - timedelta(microseconds=1))
        assert end == until or not hours.is_open(end)
    middle = since + (until - since) / 2
    assert hours.is_open(middle) == any(start <= middle < end for start, end in found)


@given(weeks, zones, moments)
def test_it_is_closed_until_the_next_opening(week: Week, zone: ZoneInfo, at: datetime) -> None:
    hours = OfficeHours(week, zone)
    opening = hours.next_opening(at)
    if opening is None:
        assert week == NO_WEEK or not any(week)
        return
    assert opening >= at
    assert hours.is_open(opening)
    assert (opening == at) == hours.is_open(at)
    assert hours.is_always or hours.opening_spans(at, opening) == ()
