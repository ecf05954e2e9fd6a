"""Instants: exact, sortable, aware."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.times import from_us, rfc3339, to_us


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_comes_back_exactly(moment):
    assert from_us(to_us(moment)) == moment


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_numbers_sort_as_moments_do(one, other):
    assert (to_us(one) < to_us(other)) == (one < other)


def test_naive_moments_are_refused():
    with pytest.raises(ValueError, match="naive"):
        to_us(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 21, 10, 30, 5, 999999, tzinfo=UTC), "2026-11-21T10:30:05Z"),
        (datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2025-12-31T22:00:00Z"),
    ],
)
def test_times_for_other_programs_are_utc(moment, expected):
    assert rfc3339(moment) == expected
