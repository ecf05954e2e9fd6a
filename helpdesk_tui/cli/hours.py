"""``hours``: whether the office is open, when it is next, and the hours of two weeks."""

from __future__ import annotations

import argparse
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.widgets.words.language import _, pgettext
from helpdesk_tui.widgets.words.locale_forms import clock, short_day, short_moment

if TYPE_CHECKING:
    from datetime import date

    from helpdesk_tui.cli.schemas import Json
    from helpdesk_tui.domain.office_hours import OfficeHours, Opening

_DAYS = 14


def run(args: argparse.Namespace) -> int:
    """Print whether somebody is there, when next, and this and the next week."""
    from helpdesk_tui.services.hours import load_office_hours, office_zone_name

    out = output_of(args)
    with desk_of(args) as desk:
        now = desk.clock()
        settings = desk.settings.desk_values()
    hours = load_office_hours(settings, now)
    zone, opening = office_zone_name(settings), hours.next_opening(now)
    if out.json:
        out.document(_json(hours, zone, now, opening))
        return 0
    here = now.astimezone(hours.zone)
    if hours.is_always:
        out.say(_("always open: no office hours are set"))
        return 0
    if hours.is_open(now):
        out.say(_("open now ({zone})").format(zone=zone))
    elif opening is None:
        out.say(_("closed, and not open within a year ({zone})").format(zone=zone))
    else:
        next_one = short_moment(opening.astimezone(hours.zone), here.year)
        out.say(_("closed, open again {moment} ({zone})").format(moment=next_one, zone=zone))
    rows = [_row(hours, day, here.year) for day in _days(here)]
    out.table([[_("day"), pgettext("hours", "open"), ""], *rows])
    return 0


def _days(here: datetime) -> list[date]:
    """Return the days of this week and the next, Monday first."""
    monday = here.date() - timedelta(days=here.weekday())
    return [monday + timedelta(days=more) for more in range(_DAYS)]


def _row(hours: OfficeHours, day: date, year: int) -> list[str]:
    spans = " ".join(
        f"{clock(start.astimezone(hours.zone))}-{clock(end.astimezone(hours.zone))}"
        for start, end in _openings(hours, day)
    )
    return [short_day(day, year), spans or _("closed"), _why(hours, day)]


def _why(hours: OfficeHours, day: date) -> str:
    """Return why a day is not as every week."""
    if day in hours.exceptions:
        return _("exception")
    return hours.holidays.get(day, "")


def _openings(hours: OfficeHours, day: date) -> tuple[Opening, ...]:
    """Return when it is open on a day; what began the evening before belongs to that one."""
    start = datetime.combine(day, time(), hours.zone)
    end = datetime.combine(day + timedelta(days=2), time(), hours.zone)
    following = datetime.combine(day + timedelta(days=1), time(), hours.zone)
    return tuple(
        span
        for span in hours.opening_spans(start - timedelta(days=1), end)
        if start <= span[0] < following
    )


def _json(hours: OfficeHours, zone: str, now: datetime, opening: datetime | None) -> Json:
    from helpdesk_tui.domain.times import rfc3339

    here = now.astimezone(hours.zone)
    days = [] if hours.is_always else _days(here)
    return {
        "open": hours.is_open(now),
        "always": hours.is_always,
        "next_opening": None if opening is None else rfc3339(opening),
        "zone": zone,
        "days": [
            {
                "date": day.isoformat(),
                "open": [[rfc3339(start), rfc3339(end)] for start, end in _openings(hours, day)],
                "holiday": hours.holidays.get(day, ""),
                "exception": day in hours.exceptions,
            }
            for day in days
        ],
    }
