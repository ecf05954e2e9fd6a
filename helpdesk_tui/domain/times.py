"""Instants: aware UTC in code, microseconds since 1970 in the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """Return an aware datetime as microseconds since 1970 (sortable, exact).

    Raises:
        ValueError: if the datetime is naive.
    """
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return (moment - _EPOCH) // _MICROSECOND


def span_us(span: timedelta) -> int:
    """Return a length of time in microseconds."""
    return span // _MICROSECOND


def from_us(value: int) -> datetime:
    """Return microseconds since 1970 as an aware UTC datetime."""
    return _EPOCH + timedelta(microseconds=value)


def rfc3339(moment: datetime) -> str:
    """Return an aware datetime as RFC 3339 in UTC with ``Z``, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
