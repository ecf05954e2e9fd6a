"""Office hours as the settings have them, with the public holidays of countries and regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING

from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.office_hours import (
    OFFICE_EXCEPTIONS,
    OFFICE_HOLIDAYS,
    OFFICE_HOURS,
    OFFICE_ZONE,
    OfficeHours,
)
from helpdesk_tui.domain.office_schedule import NO_WEEK, Week, read_exceptions, read_week
from helpdesk_tui.domain.setting.held import Held, list_in, text_in
from helpdesk_tui.domain.snoozing.snooze import zone_of
from helpdesk_tui.services.clock import Clock, local_zone, utc_now

if TYPE_CHECKING:
    import sqlite3

_YEARS = (-1, 0, 1, 2)
"""Years around this one whose holidays are known."""


@dataclass(frozen=True, slots=True)
class HoursTrouble:
    """What is wrong, or missing, about the settings of office hours."""

    code: str
    detail: str = ""


def load_office_hours(source: sqlite3.Connection | Held, now: datetime) -> OfficeHours:
    """Return the office hours of the desk.

    A setting that means nothing counts as not set: the desk is rather open than closed for ever.

    Args:
        source: A connection, or the settings of the desk where they are read already.
        now: Around when holidays are asked for.
    """
    settings = source if isinstance(source, Mapping) else load_desk_settings(source)
    week = _week(settings)
    try:
        exceptions = read_exceptions(text_in(settings, OFFICE_EXCEPTIONS))
    except UsageError:
        exceptions = {}
    holidays = public_holidays(list_in(settings, OFFICE_HOLIDAYS), now) if week != NO_WEEK else {}
    return OfficeHours(week, _zone(settings), holidays, exceptions)


def office_hours(store: Store, *, now: Clock = utc_now) -> OfficeHours:
    """Return the office hours of a store's desk."""
    with store.read() as connection:
        return load_office_hours(connection, now())


def public_holidays(calendars: Iterable[str], now: datetime) -> Mapping[date, str]:
    """Return the public holidays of countries and regions around a year, each with its name."""
    found: dict[date, str] = {}
    for calendar in calendars:
        for more in _YEARS:
            found |= _calendar(calendar, now.year + more) or {}
    return found


def hours_troubles(store: Store) -> tuple[HoursTrouble, ...]:
    """Return what is wrong about the settings of office hours, or missing."""
    with store.read() as connection:
        settings = load_desk_settings(connection)
    found = []
    if _week(settings) != NO_WEEK and not text_in(settings, OFFICE_ZONE):
        found.append(HoursTrouble("no-zone", local_zone()))
    year = utc_now().year
    unknown = [each for each in list_in(settings, OFFICE_HOLIDAYS) if _calendar(each, year) is None]
    if unknown:
        found.append(HoursTrouble("no-calendar", " ".join(unknown)))
    return tuple(found)


def office_zone_name(settings: Held) -> str:
    """Return the name of the zone that office hours stand in."""
    return text_in(settings, OFFICE_ZONE) or local_zone()


@lru_cache(maxsize=64)
def _calendar(name: str, year: int) -> Mapping[date, str] | None:
    """Return the holidays of a country or region in a year; None if nobody knows it."""
    # takes a tenth of a second the first time, and most desks name no country
    import holidays

    country, _, region = name.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=region or None, years=year)
    except NotImplementedError:
        return None
    return {day: str(title) for day, title in found.items() if day.year == year}


def _week(settings: Held) -> Week:
    try:
        return read_week(text_in(settings, OFFICE_HOURS))
    except UsageError:
        return NO_WEEK


def _zone(settings: Held) -> tzinfo:
    try:
        return zone_of(office_zone_name(settings))
    except UsageError:
        return UTC
