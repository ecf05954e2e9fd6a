"""Spans of time as people read them in a list: short, coarse, never jumping about."""

from __future__ import annotations

from datetime import datetime, timedelta

WAITING_SHOWN = timedelta(hours=2)
"""From here on a list shows how long the customer has waited, instead of the age."""
WAITING_LONG = timedelta(hours=24)
"""From here on it is overdue."""


def age(moment: datetime, now: datetime) -> str:
    """Return how long ago something was: ``now``, ``2m``, ``3h``, ``5d``, ``3w``, ``2y``."""
    minutes = max(0, int((now - moment).total_seconds() // 60))
    if minutes < 1:
        return "now"
    for size, limit, unit in (
        (1, 60, "m"),
        (60, 24 * 60, "h"),
        (24 * 60, 14 * 24 * 60, "d"),
        (7 * 24 * 60, 365 * 24 * 60, "w"),
    ):
        if minutes < limit:
            return f"{minutes // size}{unit}"
    return f"{minutes // (365 * 24 * 60)}y"


def waited(since: datetime, now: datetime) -> str:
    """Return how long somebody has waited: ``3:40`` hours, or whole days from two days on."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 48 * 60:
        return f"{minutes // 60}:{minutes % 60:02d}"
    return f"{minutes // (24 * 60)}d"


def until(moment: datetime, now: datetime) -> str:
    """Return how long until something happens: ``20m``, ``3h``, ``2d``."""
    minutes = max(0, int((moment - now).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes}m"
    return f"{minutes // 60}h" if minutes < 48 * 60 else f"{minutes // (24 * 60)}d"
