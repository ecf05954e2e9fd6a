"""Dates, times, numbers and sizes as the language of the interface writes them.

All of it comes from the catalogues: names of days and months as one message each, the order of
the parts of a date as a template, and the separators of numbers as a number that is written out.
English stands here.
"""

from __future__ import annotations

from datetime import date, datetime

from helpdesk_tui.widgets.words.language import N_, _, ngettext, pgettext

_DAYS = N_("Mon Tue Wed Thu Fri Sat Sun")
_LONG_DAYS = N_("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_MONTHS = N_("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
_LONG_MONTHS = N_(
    "January February March April May June July August September October November December"
)
"""Months as they stand behind the number of a day."""
_MONTHS_ALONE = N_("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", context="without a day")
_NUMBER = N_("1,234.5")
"""How a number of more than a thousand with a fraction is written."""


def clock(moment: datetime) -> str:
    """Return the time of day: ``14:05``."""
    # translators: a time of day; both numbers have two digits
    return _("{hour}:{minute}").format(hour=f"{moment.hour:02}", minute=f"{moment.minute:02}")


def weekday(day: date) -> str:
    """Return the short name of a day of the week."""
    return _(_DAYS).split(" ")[day.weekday()]


def day_month(day: date) -> str:
    """Return a day without its year: ``5 Jan``."""
    month = _(_MONTHS).split(" ")[day.month - 1]
    return pgettext("short", "{day} {month}").format(day=day.day, month=month)


def short_day(day: date, year: int | None = None) -> str:
    """Return a day for a line with little room: ``Mon 5 Jan``, with its year if that is another.

    Args:
        day: the day.
        year: the year that goes without saying; None: every year is said.
    """
    said = pgettext("short", "{weekday} {date}").format(weekday=weekday(day), date=day_month(day))
    return said if day.year == year else _with_year(said, day)


def _with_year(said: str, day: date) -> str:
    return pgettext("short", "{date} {year}").format(date=said, year=day.year)


def date_and_year(day: date) -> str:
    """Return a date without the day of the week: ``5 Jan 2026``."""
    return _with_year(day_month(day), day)


def long_day(day: date, year: int) -> str:
    """Return a day in full words: ``Monday 5 January``, with its year if that is another."""
    said = pgettext("long", "{weekday} {day} {month}").format(
        weekday=_(_LONG_DAYS).split(" ")[day.weekday()],
        day=day.day,
        month=_(_LONG_MONTHS).split(" ")[day.month - 1],
    )
    if day.year == year:
        return said
    return pgettext("long", "{date} {year}").format(date=said, year=day.year)


def month_year(day: date) -> str:
    """Return a month: ``Jan 2026``."""
    month = pgettext("without a day", _MONTHS_ALONE).split(" ")[day.month - 1]
    return _("{month} {year}").format(month=month, year=day.year)


def short_moment(moment: datetime, year: int | None = None) -> str:
    """Return a day and a time: ``Mon 5 Jan 14:05``; the year as in :func:`short_day`."""
    return _("{date} {time}").format(date=short_day(moment, year), time=clock(moment))


def number(value: float, digits: int = 0) -> str:
    """Return a number with its thousands apart.

    Args:
        value: the number.
        digits: how many stand behind the decimal sign.
    """
    sample = _(_NUMBER)
    apart, sign = sample[1:-5], sample[-2]
    written = f"{value:,.{digits}f}"
    return written.translate({ord(","): apart, ord("."): sign})


def quoted(text: str) -> str:
    """Return what somebody typed or wrote, in quotation marks."""
    return _("“{text}”").format(text=text)


def size_label(size: int) -> str:
    """Return a number of bytes for people."""
    if size < 1000:
        return _("{count} B").format(count=size)
    if size < 1_000_000:
        return _("{count} kB").format(count=number(size / 1000))
    return _("{count} MB").format(count=number(size / 1_000_000, 1))


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, in the coarsest unit that still says enough."""
    seconds = int((now - moment).total_seconds())
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return _("{count} min ago").format(count=seconds // 60)
    if seconds < 86400:
        return _("{count} h ago").format(count=seconds // 3600)
    days = seconds // 86400
    if days < 60:
        return ngettext("{count} day ago", "{count} days ago", days).format(count=days)
    if days < 730:
        months = days // 30
        return ngettext("{count} month ago", "{count} months ago", months).format(count=months)
    years = days // 365
    return ngettext("{count} year ago", "{count} years ago", years).format(count=years)
