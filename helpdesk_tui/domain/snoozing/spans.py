"""The spans of a snooze: ``2h 30m``, ``za 2 godziny``, ``om två veckor``, ``daqui a 2 horas``."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from helpdesk_tui.domain.snoozing import words
from helpdesk_tui.domain.snoozing.reader import Reader

_COUNT = re.compile(r"(\d{1,6})(?:\.(\d))?")
_MINUTES = re.compile(r"\d\d")


@dataclass(frozen=True, slots=True)
class SpanRead:
    """A span: on the calendar and, after that, on the clock."""

    months: int = 0
    days: int = 0
    minutes: int = 0

    @property
    def is_of_days(self) -> bool:
        """Whether a time of day may be said as well."""
        return not self.minutes

    def day_after(self, day: date) -> date:
        """Return the day that is so many months and days after one; a month ends early if short."""
        month = day.month - 1 + self.months
        year, month = day.year + month // 12, month % 12 + 1
        last = monthrange(year, month)[1]
        return date(year, month, min(day.day, last)) + timedelta(days=self.days)


def read_span(reader: Reader) -> SpanRead | None:
    """Read a span as far as it goes; None if there is none."""
    # "in a week", "za tydzień": only then the number may be missing
    is_ahead = bool(reader.take(words.SPAN_INTROS))
    span, is_any = SpanRead(), False
    while not reader.is_done:
        start = reader.place
        if is_any:
            reader.take(words.JOINS)
        longer = _longer(reader, span, is_counted=is_any or not is_ahead)
        if longer is None:
            reader.place = start
            break
        span, is_any = longer, True
    return span if is_any else None


def _longer(reader: Reader, span: SpanRead, *, is_counted: bool) -> SpanRead | None:
    """Read one part of a span and return the span with it."""
    minutes = reader.take(words.AMOUNTS)
    if minutes is not None:
        return replace(span, minutes=span.minutes + minutes)
    figures = reader.match(_COUNT)
    count = int(figures[1]) if figures else reader.take(words.COUNTS)
    if count is None:
        if is_counted:
            return None
        count = 1
    unit = reader.take(words.UNITS)
    if figures is not None and figures[2]:
        return _with_fraction(span, int(figures[1]) * 10 + int(figures[2]), unit)
    if unit != "hour":
        return _with(span, unit, count)
    start, minutes = reader.place, 60 * count
    more = reader.match(_MINUTES)
    if more is not None and reader.is_done:
        minutes += int(more[0])
    else:
        # "2h 30m" goes on with its next part
        reader.place = start
    return replace(span, minutes=span.minutes + minutes)


def _with(span: SpanRead, unit: str | None, count: int) -> SpanRead | None:
    match unit:
        case "month":
            return replace(span, months=span.months + count)
        case "week":
            return replace(span, days=span.days + 7 * count)
        case "day":
            return replace(span, days=span.days + count)
        case "minute":
            return replace(span, minutes=span.minutes + count)
    return None


def _with_fraction(span: SpanRead, tenths: int, unit: str | None) -> SpanRead | None:
    """Add ``1.5 hours``; of other units there are no halves."""
    return replace(span, minutes=span.minutes + 6 * tenths) if unit == "hour" else None
