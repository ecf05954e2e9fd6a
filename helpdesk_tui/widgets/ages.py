"""Spans of time as people read them in a list: short, coarse, never jumping about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk_tui.domain.channels import CHANNELS, EMAIL
from helpdesk_tui.widgets.words.language import N_, pgettext

TICK = 10
"""Seconds between two states of a timer that counts seconds."""

_MINUTES, _HOURS, _DAYS, _WEEKS, _YEARS = N_(
    ("{count}m", "{count}h", "{count}d", "{count}w", "{count}y"), context="age"
)
"""Spans for a column of four cells."""
_AGES = (
    (1, 60, _MINUTES),
    (60, 24 * 60, _HOURS),
    (24 * 60, 14 * 24 * 60, _DAYS),
    (7 * 24 * 60, 365 * 24 * 60, _WEEKS),
)
"""Minutes of a unit, minutes that are told in it, and how."""
_UNTIL = ((1, _MINUTES), (60, _HOURS), (24 * 60, _DAYS))


class Wait(StrEnum):
    """How bad it is that somebody waits."""

    FRESH = "fresh"
    """Nothing to worry about yet; told of those alone who sit and look."""
    LATE = "late"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting customer as a list shows it."""

    label: str
    wait: Wait
    counts_seconds: bool = False
    """True while the label changes more often than once a minute."""


def age(moment: datetime, now: datetime) -> str:
    """Return how long ago something was: ``now``, ``2m``, ``3h``, ``5d``, ``3w``, ``2y``."""
    minutes = max(0, int((now - moment).total_seconds() // 60))
    if minutes < 1:
        return pgettext("age", "now")
    for size, limit, form in _AGES:
        if minutes < limit:
            return pgettext("age", form).format(count=minutes // size)
    return pgettext("age", _YEARS).format(count=minutes // (365 * 24 * 60))


def waiting(since: datetime | None, now: datetime, channel: str) -> Waiting | None:
    """Return how long a customer has waited, or None while nobody has to worry.

    Minutes and seconds (``3:40``) are for chats alone, where they matter, and from the first one
    on; everywhere else, and for chats of more than an hour, the coarse words of :func:`age` do.

    Args:
        since: when the customer wrote what is not answered, or was last asked for patience; None
            if nobody waits.
        now: the present moment.
        channel: name of the channel: each has its own patience.
    """
    if since is None:
        return None
    spec = CHANNELS.get(channel, EMAIL)
    waited = max(now - since, timedelta())
    if waited < spec.late_after and not spec.counts_seconds:
        return None
    wait = Wait.OVERDUE if waited >= spec.overdue_after else Wait.LATE
    if waited < spec.late_after:
        wait = Wait.FRESH
    if spec.counts_seconds and waited < timedelta(hours=1):
        seconds = int(waited.total_seconds()) // TICK * TICK
        return Waiting(f"{seconds // 60}:{seconds % 60:02d}", wait, counts_seconds=True)
    return Waiting(age(since, now), wait)


def until(moment: datetime, now: datetime) -> str:
    """Return how long until something happens: ``20m``, ``3h``, ``2d``."""
    minutes = max(0, int((moment - now).total_seconds() // 60))
    size, form = _UNTIL[0 if minutes < 60 else 1 if minutes < 48 * 60 else 2]
    return pgettext("age", form).format(count=minutes // size)
