"""Times as they are typed in queries: dates, days by name, and ages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_AGE = re.compile(r"(\d{1,4})(min|[hdwmy])")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_UNITS = {
    "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1),
    "w": timedelta(weeks=1), "m": timedelta(days=30), "y": timedelta(days=365),
}  # fmt: skip
_SHORT = ("min", "h")
"""Units that are shorter than a day."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMED = {"today": 0, "yesterday": -1, "tomorrow": 1}
_OPS = (":", ":<", ":<=", ":>", ":>=")
FORMS = ("2026-11-22", "today", "yesterday", "mon", "1h", "3d", "2w", "2026-11-01..2026-11-07")
"""One example of each form, for the message about a wrong one."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time: from ``start`` up to before ``end``; None is open."""

    start: datetime | None
    end: datetime | None


def span_of(op: str, value: str, now: datetime, zone: str, *, ahead: bool = False) -> Span | None:
    """Return the time that a comparison means, or None if this is none.

    An age compares age (``<2d`` is younger than two days), a date compares time. Without a
    comparison it is the whole day (of an age in hours: the hour).

    Args:
        op: ``:``, ``:<``, ``:<=``, ``:>`` or ``:>=``.
        value: what stands behind it.
        now: the present moment.
        zone: name of the time zone that days are counted in.
        ahead: the time lies in the future: ages count forwards, days by name are the next ones.
    """
    if op not in _OPS:
        return None
    clock = _Clock(now, zone, ahead)
    if ".." in value:
        return _range(value, clock) if op == ":" else None
    age = _AGE.fullmatch(value)
    if age and op != ":":
        moment = _moved(clock, age)
        if moment is None:
            return None
        return Span(moment, None) if ("<" in op) is not ahead else Span(None, moment)
    whole = _whole(value, clock)
    if whole is None or op == ":":
        return whole
    return {
        ":<": Span(None, whole.start),
        ":<=": Span(None, whole.end),
        ":>": Span(whole.end, None),
        ":>=": Span(whole.start, None),
    }[op]


@dataclass(frozen=True, slots=True)
class _Clock:
    """The present of the person who asks."""

    now: datetime
    zone: str
    ahead: bool


def _moved(clock: _Clock, age: re.Match[str]) -> datetime | None:
    step = int(age[1]) * _UNITS[age[2]]
    try:
        return clock.now + step if clock.ahead else clock.now - step
    except OverflowError:
        return None


def _range(value: str, clock: _Clock) -> Span | None:
    first, _, last = value.partition("..")
    start = _whole(first, clock) if first else Span(None, None)
    end = _whole(last, clock) if last else Span(None, None)
    if start is None or end is None or not (first or last):
        return None
    return Span(start.start, end.end)


def _whole(value: str, clock: _Clock) -> Span | None:
    """Return the day (or hour) that a value names."""
    place = ZoneInfo(clock.zone)
    age = _AGE.fullmatch(value)
    if age:
        moment = _moved(clock, age)
        if moment is None:
            return None
        if age[2] in _SHORT:
            unit = _UNITS[age[2]]
            return Span(moment - unit, moment) if clock.ahead else Span(moment, moment + unit)
        return _day(moment.astimezone(place).date(), clock.zone)
    day = _named_day(value, clock.now.astimezone(place).date(), ahead=clock.ahead)
    return None if day is None else _day(day, clock.zone)


def _named_day(value: str, today: date, *, ahead: bool) -> date | None:
    if value in _NAMED:
        return today + timedelta(days=_NAMED[value])
    for number, name in enumerate(_WEEKDAYS):
        if value in (name, name[:3]):
            away = (
                (number - today.weekday()) % 7 if ahead else (number - today.weekday() - 1) % 7 - 6
            )
            return today + timedelta(days=away)
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
