"""Moments of a snooze in words: when it ends, how long that is, and what the clocks do until."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import short_moment

USUAL = {
    "en": ("1h", "3h", "tonight", "tomorrow", "3d", "mon", "next week", "2w"),
    "pl": ("1h", "3h", "wieczorem", "jutro", "3 dni", "pon", "za tydzień", "za 2 tygodnie"),
    "sv": ("1h", "3h", "ikväll", "imorgon", "3 dagar", "mån", "nästa vecka", "2 veckor"),
    "pt": ("1h", "3h", "hoje à noite", "amanhã", "3 dias", "seg", "próxima semana", "2 semanas"),
}
"""What is offered while nothing is typed, in words that the grammar of each language knows."""

REPLY = {
    "en": "until they reply",
    "pl": "aż odpiszą",
    "sv": "tills de svarar",
    "pt": "até responderem",
}
"""How an end with the customer's next message is typed."""


def language_of(name: str) -> str:
    """Return the language that moments are offered in: English for one that is not known."""
    short = name.lower()[:2]
    return short if short in USUAL else "en"


def moment_words(until: datetime, now: datetime, zone: tzinfo) -> str:
    """Return when a snooze ends, such as ``Mon 23 Nov 09:00``; the year where it is another one."""
    local = until.astimezone(zone)
    return short_moment(local, now.astimezone(zone).year)


def span_words(until: datetime, now: datetime) -> str:
    """Return how long it is until a moment, such as ``in 20 h``."""
    minutes = max(1, round((until - now) / timedelta(minutes=1)))
    if minutes < 60:
        return _("in {count} min").format(count=minutes)
    if minutes < 48 * 60:
        return _("in {count} h").format(count=round(minutes / 60))
    days = round(minutes / (24 * 60))
    if days < 60:
        return ngettext("in {count} day", "in {count} days", days).format(count=days)
    months = round(days / 30.4)
    return ngettext("in {count} month", "in {count} months", months).format(count=months)


def clock_words(until: datetime, now: datetime, zone: tzinfo) -> str:
    """Return what to know where the clocks change before a moment; empty where they do not."""
    then, here = until.astimezone(zone), now.astimezone(zone)
    if then.utcoffset() == here.utcoffset():
        return ""
    return _("clocks change before: that is {zone}").format(zone=then.tzname() or "")
