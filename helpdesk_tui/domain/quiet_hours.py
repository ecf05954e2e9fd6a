"""The part of the day in which nothing rings, by the clock on an agent's wall."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of the day until another, which may be that of the next day."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def covers(self, now: datetime, zone: tzinfo) -> bool:
        """Tell whether a moment lies in them, by the clock of a zone.

        The wall's clock decides: where it jumps, the quiet hours are an hour shorter or longer.
        """
        here = now.astimezone(zone).time()
        if self.start <= self.end:
            return self.start <= here < self.end
        return here >= self.start or here < self.end


def quiet_hours(text: str) -> QuietHours | None:
    """Read ``22:00-07:00`` or ``22-7``; None if it is no part of the day."""
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        return None
    start, end = _time(match[1], match[2]), _time(match[3], match[4])
    return None if start is None or end is None or start == end else QuietHours(start, end)


def _time(hour: str, minute: str | None) -> time | None:
    hours, minutes = int(hour), int(minute or 0)
    if hours == 24 and not minutes:
        return time(0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None
