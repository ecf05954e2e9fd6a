"""Times as they are typed in queries: dates, days by name, and ages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_AGE = re.compile(r"(\d{1,4})([hdw])")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OPS = (":", ":<", ":<=", ":>", ":>=")
FORMS = ("2026-11-22", "today", "yesterday", "mon", "1h", "3d", "2w", "2026-11-01..2026-11-07")
"""One example of each form, for the message about a wrong one."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time: from ``start`` up to before ``end``; None is open."""

    start: datetime | None
    end: datetime | None


def span_of(op: str, value: str, now: datetime, zone: str) -> Span | None:
    """Return the time that a comparison means, or None if this is none.

    An age compares age (``<2d`` is younger than two days), a date compares time. Without a
    comparison it is the whole day (of an age in hours: the hour).

    Args:
        op: ``:``, ``:<``, ``:<=``, ``:>`` or ``:>=``.
        value: what stands behind it.
        now: the present moment.
        zone: name of the time zone that days are counted in.
    """
    if op not in _OPS:
        return None
    if ".." in value:
        return _range(value, now, zone) if op == ":" else None
    age = _AGE.fullmatch(value)
    if age and op != ":":
        moment = _before(now, age)
        if moment is None:
            return None
        return Span(moment, None) if "<" in op else Span(None, moment)
    whole = _whole(value, now, zone)
    if whole is None or op == ":":
        return whole
    return {
        ":<": Span(None, whole.start),
        ":<=": Span(None, whole.end),
        ":>": Span(whole.end, None),
        ":>=": Span(whole.start, None),
    }[op]


def _before(now: datetime, age: re.Match[str]) -> datetime | None:
    try:
        return now - int(age[1]) * _UNITS[age[2]]
    except OverflowError:
        return None


def _range(value: str, now: datetime, zone: str) -> Span | None:
    first, _, last = value.partition("..")
    start = _whole(first, now, zone) if first else Span(None, None)
    end = _whole(last, now, zone) if last else Span(None, None)
    if start is None or end is None or not (first or last):
        return None
    return Span(start.start, end.end)


def _whole(value: str, now: datetime, zone: str) -> Span | None:
    """Return the day (or hour) that a value names."""
    age = _AGE.fullmatch(value)
    if age:
        moment = _before(now, age)
        if moment is None:
            return None
        if age[2] == "h":
            return Span(moment, moment + _UNITS["h"])
        return _day(moment.astimezone(ZoneInfo(zone)).date(), zone)
    day = _named_day(value, now.astimezone(ZoneInfo(zone)).date())
    return None if day is None else _day(day, zone)


def _named_day(value: str, today: date) -> date | None:
    if value == "today":
        return today
    if value == "yesterday":
        return today - timedelta(days=1)
    for number, name in enumerate(_WEEKDAYS):
        if value in (name, name[:3]):
            return today - timedelta(days=(today.weekday() - number) % 7)
    found = _DATE.fullmatch(value)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _day(day: date, zone: str) -> Span | None:
    place = ZoneInfo(zone)
    try:
        following = day + timedelta(days=1)
    except OverflowError:
        return None
    return Span(datetime.combine(day, time(), place), datetime.combine(following, time(), place))
