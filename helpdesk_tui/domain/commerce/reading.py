"""Reading values that several sources write alike: nothing is believed to be what it should be."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from helpdesk_tui.domain.money import decimal_of

_MOST_WHOLE = 1_000_000
_LONGEST_ZONE = 64
_LONGEST_MOMENT = 40


def whole_of(value: object) -> int | None:
    """Return a count that may be written as text or as ``2.0``; None where there is none."""
    found = decimal_of(value)
    if found is None or found != found.to_integral_value() or not 0 <= found <= _MOST_WHOLE:
        return None
    return int(found)


def moment_at(value: object, zone: tzinfo = UTC) -> datetime | None:
    """Return an instant written as ISO 8601; None where there is none.

    Args:
        value: What stands there.
        zone: In which it is, if it does not say so itself.
    """
    if not isinstance(value, str) or len(value) > _LONGEST_MOMENT:
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day_of(value: object) -> date | None:
    """Return the day that a date or moment names; None where there is none."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None


def zone_name(value: object) -> str:
    """Return the name of a time zone that is known here; empty for any other."""
    name = value.strip() if isinstance(value, str) else ""
    if not name or len(name) > _LONGEST_ZONE:
        return ""
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):
        return ""


def currency_of(value: object) -> str:
    """Return the code of a currency; empty where there is none."""
    found = value.strip().upper() if isinstance(value, str) else ""
    return found if len(found) == 3 and found.isascii() and found.isalpha() else ""
