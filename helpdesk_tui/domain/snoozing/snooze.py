"""From "tomorrow 9:00" to a moment: how a snooze is typed.

English, Polish, Swedish and Portuguese are understood at any time; the agent's language decides
only where two of them disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.snoozing import words
from helpdesk_tui.domain.snoozing.days import read_day, read_time
from helpdesk_tui.domain.snoozing.reader import Reader, tokens_of
from helpdesk_tui.domain.snoozing.spans import read_span
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.triage import Snooze

MAX_DAYS = 3660
_Reading = Callable[[Reader, datetime, tzinfo], "datetime | None"]


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


def parse_snooze(text: str, now: datetime, zone: str, *, language: str = "") -> Snooze:
    """Return until when an agent wants a ticket to sleep.

    Beside what :func:`parse_when` knows: "until they reply" has no moment and ends with the
    customer's next message; ``!`` at the end sleeps on through messages.

    Raises:
        UsageError: as :func:`parse_when`, and ``snooze.never-ends`` where nothing would end it.
    """
    wanted = text.strip()
    keep = wanted.endswith("!")
    wanted = wanted.rstrip("!").strip()
    if " ".join(tokens_of(wanted) or ()) in words.UNTIL_REPLY:
        if keep:
            raise UsageError("snooze.never-ends", text=clean(text))
        return Snooze(None, zone=zone)
    return Snooze(parse_when(wanted, now, zone, language=language), keep, zone)


def parse_when(text: str, now: datetime, zone: str, *, language: str = "") -> datetime:
    """Return the moment in UTC that an agent means.

    Understands spans (``2h``, ``1h 30m``, ``za 2 godziny``, ``om två veckor``), days with or
    without a clock time (``tomorrow 9``, ``jutro o 9``, ``i morgon kl 9``, ``amanhã às 9h``),
    weekdays, dates in the order of each language, times of day, and next week or month.

    Args:
        text: What was typed.
        now: The present moment.
        zone: Name of the agent's time zone.
        language: The agent's language, such as ``pl`` or ``en_US``: English of the United States
            puts the month first in ``12/1``, Polish reads ``1.12`` as a date, Portuguese ``9h30``
            as a time.

    Raises:
        UsageError: ``snooze.unclear``, ``snooze.past``, ``snooze.too-far`` or ``zone.unknown``.
    """
    where = zone_of(zone)
    tokens = tokens_of(text)
    try:
        moment = _moment(tokens, now, where, language.lower()) if tokens else None
    except (ValueError, OverflowError) as error:
        raise UsageError("snooze.unclear", text=clean(text)) from error
    if moment is None:
        raise UsageError("snooze.unclear", text=clean(text))
    if moment <= now:
        raise UsageError("snooze.past", text=clean(text))
    if moment - now > timedelta(days=MAX_DAYS):
        raise UsageError("snooze.too-far", text=clean(text))
    return moment


def _moment(tokens: tuple[str, ...], now: datetime, zone: tzinfo, language: str) -> datetime | None:
    readings: tuple[_Reading, ...] = (_span, _day_then_time, _time_then_day, _time_alone)
    if language.startswith("pt"):
        # "9h30" is a time of day there, elsewhere a span
        readings = (_time_alone, *readings)
    for reading in readings:
        reader = Reader(tokens, language)
        moment = reading(reader, now, zone)
        if moment is not None and reader.is_done:
            return moment.astimezone(UTC)
    return None


def _span(reader: Reader, now: datetime, zone: tzinfo) -> datetime | None:
    """Add a span: months and days on the calendar, hours and minutes on the clock."""
    span = read_span(reader)
    if span is None:
        return None
    local = now.astimezone(zone)
    at = local.time()
    if span.is_of_days and not reader.is_done:
        said = read_time(reader)
        if said is None:
            return None
        at = said.at
    day = span.day_after(local.date())
    moment = now if (day, at) == (local.date(), local.time()) else local_moment(day, at, zone)
    return moment + timedelta(minutes=span.minutes)


def _day_then_time(reader: Reader, now: datetime, zone: tzinfo) -> datetime | None:
    found = read_day(reader, now.astimezone(zone).date())
    if found is None:
        return None
    if reader.is_done:
        return local_moment(found.day, found.at, zone)
    said = read_time(reader)
    return None if said is None else local_moment(found.day, said.at, zone)


def _time_then_day(reader: Reader, now: datetime, zone: tzinfo) -> datetime | None:
    said = read_time(reader)
    found = None if said is None else read_day(reader, now.astimezone(zone).date())
    return None if said is None or found is None else local_moment(found.day, said.at, zone)


def _time_alone(reader: Reader, now: datetime, zone: tzinfo) -> datetime | None:
    """Understand the next time that a clock shows it."""
    said = read_time(reader)
    if said is None or said.is_bare:
        return None
    today = now.astimezone(zone).date()
    moment = local_moment(today, said.at, zone)
    return moment if moment > now else local_moment(today + timedelta(days=1), said.at, zone)
