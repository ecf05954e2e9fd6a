"""The days and times of day of a snooze: "next monday", "1 grudnia", "kl 9", "às 9h"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

from helpdesk_tui.domain.snoozing import words
from helpdesk_tui.domain.snoozing.reader import Reader

_NUMBER = re.compile(r"(\d{1,2})\.?")
_YEAR = re.compile(r"\d{4}")
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)\.?")
_SLASHES = re.compile(r"(\d\d?)/(\d\d?)(?:/(\d{4}|\d\d))?")
_DASHES = re.compile(r"(\d\d?)-(\d\d?)-(\d{4})")
_DOTS = re.compile(r"(\d\d?)\.(\d\d?)(?:\.(\d{4}|\d\d))?(\.?)")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\.?")
_MINUTES = re.compile(r"\d\d")
_LEAP_CYCLE = 9
"""Years until every date has come again."""


@dataclass(frozen=True, slots=True)
class DayRead:
    """A day that was read."""

    day: date
    at: time = words.MORNING
    """When on that day, if nothing is said."""


_Reading = Callable[[Reader, date], "DayRead | None"]


@dataclass(frozen=True, slots=True)
class TimeRead:
    """A time of day that was read."""

    at: time
    is_bare: bool = False
    """Nothing but a number, or a number with an ``h``: may be something else."""


def read_day(reader: Reader, today: date) -> DayRead | None:
    """Read a day; None (with the cursor anywhere) if there is none.

    Raises:
        ValueError: for a date that no calendar has.
    """
    start = reader.place
    # "den 1 december" is more than a number that is marked as a day
    for readings in ((_named_day, _date), (_numbered,)):
        reader.place = start
        found = _read_any(reader, today, readings)
        if found is not None:
            return found
    return None


def _read_any(reader: Reader, today: date, readings: tuple[_Reading, ...]) -> DayRead | None:
    """Read a day in one of some ways, behind any number of words that lead to it."""
    while True:
        start = reader.place
        for reading in readings:
            found = reading(reader, today)
            if found is not None:
                return found
            reader.place = start
        if not reader.take(words.DAY_INTROS):
            return None


def _named_day(reader: Reader, today: date) -> DayRead | None:
    """Read a day by its name; the longer names first."""
    if reader.take(words.NEXT_WEEK):
        return DayRead(today + timedelta(days=7 - today.weekday()))
    if reader.take(words.NEXT_MONTH):
        return DayRead((today.replace(day=28) + timedelta(days=7)).replace(day=1))
    if reader.take(words.END_OF_WEEK):
        return DayRead(today + timedelta(days=(4 - today.weekday()) % 7), words.END_OF_DAY)
    if reader.take(words.WEEKEND):
        return DayRead(_coming(today, 5))
    ahead = reader.take(words.DAYS)
    if ahead is not None:
        return DayRead(today + timedelta(days=ahead))
    number = reader.take(words.WEEKDAYS)
    if number is None:
        return None
    reader.take(words.WEEKDAY_ENDS)
    return DayRead(_coming(today, number))


def _coming(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _date(reader: Reader, today: date) -> DayRead | None:
    found = _figures(reader, today) or _with_month(reader, today)
    return None if found is None else DayRead(found)


def _figures(reader: Reader, today: date) -> date | None:
    """Read a date that is written in figures."""
    iso = reader.match(_ISO)
    if iso is not None:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    dashes = reader.match(_DASHES)
    if dashes is not None:
        return date(int(dashes[3]), int(dashes[2]), int(dashes[1]))
    slashes = reader.match(_SLASHES)
    if slashes is not None:
        first, second = int(slashes[1]), int(slashes[2])
        if reader.language in ("en", "en_us") and first <= 12:
            first, second = second, first
        return _dated(today, first, second, slashes[3])
    start = reader.place
    dots = reader.match(_DOTS)
    if dots is None:
        return None
    # "8.30" is a time of day, "1.12." a date, and "1.12" is one in Poland
    if dots[3] or dots[4] or (reader.language.startswith("pl") and 1 <= int(dots[2]) <= 12):
        return _dated(today, int(dots[1]), int(dots[2]), dots[3])
    reader.place = start
    return None


def _with_month(reader: Reader, today: date) -> date | None:
    """Read ``1 December``, ``December 1st``, ``1 de dezembro de 2026``."""
    start = reader.place
    number = reader.match(_NUMBER)
    if number is not None:
        reader.take(words.ORDINALS)
        reader.take(words.OF)
    month = reader.take(words.MONTHS)
    if month is not None and number is None:
        number = reader.match(_NUMBER)
        reader.take(words.ORDINALS)
    if month is None or number is None:
        reader.place = start
        return None
    place = reader.place
    reader.take(words.OF)
    year = reader.match(_YEAR)
    if year is None:
        reader.place = place
    return _dated(today, int(number[1]), month + 1, year[0] if year else None)


def _numbered(reader: Reader, today: date) -> DayRead | None:
    """Read a day of the month that is marked as one: ``the 15th``, ``dia 15``, ``den 15:e``."""
    is_marked = reader.take(words.DAY_MARKERS)
    number = reader.match(_NUMBER)
    if number is None or not (reader.take(words.ORDINALS) or is_marked):
        return None
    wanted, first = int(number[1]), today.replace(day=1)
    for _ in range(_LEAP_CYCLE):
        if wanted <= monthrange(first.year, first.month)[1] and first.replace(day=wanted) >= today:
            return DayRead(first.replace(day=wanted))
        first = (first.replace(day=28) + timedelta(days=7)).replace(day=1)
    raise ValueError


def _dated(today: date, day: int, month: int, year: str | None) -> date:
    """Return a date; without a year the next one.

    Raises:
        ValueError: if there is no such date.
    """
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    for ahead in range(_LEAP_CYCLE):
        try:
            found = date(today.year + ahead, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError


def read_time(reader: Reader) -> TimeRead | None:
    """Read a time of day such as ``9``, ``9:30``, ``14.15``, ``2pm``, ``kl 9``, ``w południe``.

    Raises:
        ValueError: for a time that no day has.
    """
    part = reader.take(words.TIMES)
    is_said = reader.take_all(words.TIME_INTROS) or part is not None
    if part is None:
        part = reader.take(words.TIMES)
        is_said = reader.take_all(words.TIME_INTROS) or is_said
    clock = reader.match(_CLOCK)
    if clock is None:
        return None if part is None else TimeRead(part)
    hour, minute, is_whole = int(clock[1]), int(clock[2] or 0), not clock[2]
    if is_whole and reader.take(words.HOURS):
        minutes = reader.match(_MINUTES)
        if minutes is not None:
            minute, is_whole = int(minutes[0]), False
    half = reader.take(words.AM_PM)
    if half is not None:
        return TimeRead(time(hour % 12 + half, minute)) if 1 <= hour <= 12 else None
    part = part or _part_of_day(reader)
    if part in words.LATER_HALF and hour < 12:
        hour += 12
    return TimeRead(time(hour, minute), is_whole and not is_said and part is None)


def _part_of_day(reader: Reader) -> time | None:
    """Read the part of the day that an hour is in, if that is said: ``8 in the evening``."""
    start = reader.place
    reader.take_all(words.TIME_INTROS)
    part = reader.take(words.TIMES)
    if part is None:
        reader.place = start
    return part
