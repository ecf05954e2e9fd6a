"""From "tomorrow 9:00" to a moment: how a snooze is typed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean

MORNING = time(9)
END_OF_DAY = time(17)
EVENING = time(19)
MAX_DAYS = 3660

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_WORDS = {"today": 0, "tomorrow": 1, "tmrw": 1, "tom": 1}
_TIME_WORDS = {
    "morning": MORNING, "noon": time(12), "afternoon": time(14), "eod": END_OF_DAY,
    "evening": EVENING, "tonight": EVENING,
}  # fmt: skip
_PART = re.compile(r"(\d{1,6})\s*(minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)(?![a-z])")
_SPAN = re.compile(rf"(?:in )?({_PART.pattern}\s*)+")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)?")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[t ](.+))?")


def zone_of(name: str) -> tzinfo:
    """Return a time zone by its name; UTC also where the system has no zone data.

    Raises:
        UsageError: ``zone.unknown``.
    """
    if name.upper() in ("", "UTC"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError("zone.unknown", zone=clean(name)) from error


def local_moment(day: date, at: time, zone: tzinfo) -> datetime:
    """Return a wall-clock time as an instant in UTC.

    Of a time that occurs twice the first is meant; one that is skipped becomes the next valid one.
    """
    local = datetime.combine(day, at)
    for _ in range(24 * 60):
        moment = local.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == local:
            break
        local = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return moment


def parse_when(text: str, now: datetime, zone: str) -> datetime:
    """Return the moment in UTC that an agent means.

    Understands spans (``2h``, ``1h 30m``, ``3d``, ``in 2 weeks``), ``tomorrow``, ``tonight``,
    ``eod``, ``next week``, weekdays, dates and clock times, and days followed by a clock time.

    Args:
        text: What was typed.
        now: The present moment.
        zone: Name of the agent's time zone.

    Raises:
        UsageError: ``snooze.unclear``, ``snooze.past``, ``snooze.too-far`` or ``zone.unknown``.
    """
    where = zone_of(zone)
    words = " ".join(text.lower().replace(",", " ").split())
    try:
        moment = _span(words, now, where) or _date(words, where) or _day(words, now, where)
    except (ValueError, OverflowError) as error:
        raise UsageError("snooze.unclear", text=clean(text)) from error
    if moment is None:
        raise UsageError("snooze.unclear", text=clean(text))
    if moment <= now:
        raise UsageError("snooze.past", text=clean(text))
    if moment - now > timedelta(days=MAX_DAYS):
        raise UsageError("snooze.too-far", text=clean(text))
    return moment


def _span(words: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Add a span: days and weeks on the calendar, hours and minutes on the clock."""
    if not _SPAN.fullmatch(words):
        return None
    days = minutes = 0
    for count, unit in _PART.findall(words):
        if unit[0] == "w":
            days += 7 * int(count)
        elif unit[0] == "d":
            days += int(count)
        else:
            minutes += int(count) * (60 if unit[0] == "h" else 1)
    moment = now
    if days:
        local = now.astimezone(zone)
        moment = local_moment(local.date() + timedelta(days=days), local.time(), zone)
    return (moment + timedelta(minutes=minutes)).astimezone(UTC)


def _date(words: str, zone: tzinfo) -> datetime | None:
    match = _ISO.fullmatch(words)
    if match is None:
        return None
    at = _clock(match[4]) if match[4] else MORNING
    if at is None:
        return None
    return local_moment(date(int(match[1]), int(match[2]), int(match[3])), at, zone)


def _day(words: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Understand a day, a time of day, or both."""
    today = now.astimezone(zone).date()
    first, _, rest = words.removeprefix("next ").removeprefix("on ").partition(" ")
    ahead = _days_ahead(words, first, today)
    if ahead is None:
        at = None if words.isdigit() else _clock(words)
        if at is None:
            return None
        moment = local_moment(today, at, zone)
        return moment if moment > now else local_moment(today + timedelta(days=1), at, zone)
    at = _clock(rest.removeprefix("at ")) if rest else MORNING
    return None if at is None else local_moment(today + timedelta(days=ahead), at, zone)


def _days_ahead(words: str, first: str, today: date) -> int | None:
    """Return how many days from today a day word means; None if it is none."""
    if first in _DAY_WORDS:
        return _DAY_WORDS[first]
    if words.startswith("next week"):
        return 7 - today.weekday()
    if len(first) >= 3:
        for number, name in enumerate(_WEEKDAYS):
            if name.startswith(first):
                return (number - today.weekday() - 1) % 7 + 1
    return None


def _clock(words: str) -> time | None:
    """Understand a time of day such as ``9``, ``9:30``, ``14.15``, ``2pm`` or ``noon``."""
    if words in _TIME_WORDS:
        return _TIME_WORDS[words]
    match = _CLOCK.fullmatch(words)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return time(hour, minute)
