"""When the office is open: a weekly schedule in a time zone, holidays and exceptions.

Pure: the dates of holidays come from the caller. Schedules are times on the wall; what comes out
are moments. A time that the wall's clock leaves out is the next one there is, one that comes twice
is the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from helpdesk_tui.domain.office_schedule import DAY, NO_WEEK, Spans, Week
from helpdesk_tui.domain.snoozing.snooze import local_moment

OFFICE_HOURS = "office-hours"
OFFICE_ZONE = "office-zone"
OFFICE_HOLIDAYS = "office-holidays"
OFFICE_EXCEPTIONS = "office-exceptions"
"""Names of the settings that make them."""

Opening = tuple[datetime, datetime]
"""From one moment until another, the end excluded; both in UTC."""

_HORIZON = timedelta(days=400)
"""How far the next opening is looked for: an office that is closed for longer has none."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When somebody is there to answer."""

    week: Week = NO_WEEK
    zone: tzinfo = UTC
    holidays: Mapping[date, str] = field(default_factory=dict)
    """Dates on which nobody comes, each with its name."""
    exceptions: Mapping[date, Spans] = field(default_factory=dict)
    """Dates with hours of their own; they win over week and holidays."""

    @property
    def is_always(self) -> bool:
        """Whether nobody ever said when the office is open: then it always is."""
        return self.week == NO_WEEK and not self.exceptions

    def spans_of(self, day: date) -> Spans:
        """Return the spans that begin on a date."""
        if day in self.exceptions:
            return self.exceptions[day]
        return () if day in self.holidays else self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """Tell whether somebody is there at a moment."""
        if self.is_always:
            return True
        today = at.astimezone(self.zone).date()
        days = (today + timedelta(days=more) for more in (-1, 0, 1))
        return any(start <= at < end for day in days for start, end in self._openings(day))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return the first moment from ``at`` on at which it is open; None if there is none."""
        return at if self.is_open(at) else self.following_opening(at)

    def following_opening(self, at: datetime) -> datetime | None:
        """Return when it opens the next time: while it is open, after it has closed."""
        if self.is_always:
            return None
        day = at.astimezone(self.zone).date() - timedelta(days=1)
        last = day + _HORIZON
        while day <= last:
            for start, _ in self._openings(day):
                if start > at:
                    return start
            day += timedelta(days=1)
        return None

    def opening_spans(self, since: datetime, until: datetime) -> tuple[Opening, ...]:
        """Return when it is open between two moments, in order; what touches is one."""
        if since >= until:
            return ()
        if self.is_always:
            return ((since.astimezone(UTC), until.astimezone(UTC)),)
        out: list[Opening] = []
        for start, end in sorted(self._between(since, until)):
            start, end = max(start, since.astimezone(UTC)), min(end, until.astimezone(UTC))
            if start >= end:
                continue
            if out and start <= out[-1][1]:
                out[-1] = (out[-1][0], max(out[-1][1], end))
            else:
                out.append((start, end))
        return tuple(out)

    def is_same_closing(self, earlier: datetime, later: datetime) -> bool:
        """Tell whether two moments lie in one closed period: it was never open between them."""
        if self.is_open(earlier) or self.is_open(later):
            return False
        return not self.opening_spans(earlier, later)

    def _between(self, since: datetime, until: datetime) -> Iterator[Opening]:
        day = since.astimezone(self.zone).date() - timedelta(days=1)
        last = until.astimezone(self.zone).date() + timedelta(days=1)
        while day <= last:
            yield from self._openings(day)
            day += timedelta(days=1)

    def _openings(self, day: date) -> Iterator[Opening]:
        """Yield the spans that begin on a date as moments."""
        for span in self.spans_of(day):
            start, end = self._moment(day, span.start), self._moment(day, span.end)
            # a span within an hour that the clock leaves out is none that day
            if start < end:
                yield start, end

    def _moment(self, day: date, minutes: int) -> datetime:
        """Return the moment of a time on the wall."""
        more, minute = divmod(minutes, DAY)
        at = time(minute // 60, minute % 60)
        return local_moment(day + timedelta(days=more), at, self.zone)
