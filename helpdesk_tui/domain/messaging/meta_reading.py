"""What Meta alone writes so: moments and numbers; and bodies, refused where they are no object."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk_tui.domain.errors import RemoteError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 100_000_000_000
"""A count since 1970 beyond this one is of milliseconds: as seconds it would be the year 5138."""
_MICROSECONDS_FROM = 100_000_000_000_000
_AHEAD = timedelta(days=1)
"""A clock may be wrong by this much; what claims to be later came when it came."""
_DIGITS = re.compile(r"\d{5,15}", re.ASCII)


class Unreadable(RemoteError):
    """What came is no JSON of Meta."""


def read_json(body: str | bytes) -> Mapping[str, Any]:
    """Return the object that a body is.

    Raises:
        Unreadable: ``meta.unreadable`` if it is none.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("meta.unreadable", what="json") from None
    if not isinstance(said, dict):
        raise Unreadable("meta.unreadable", what=type(said).__name__)
    return said


def raw_of(said: Mapping[str, Any]) -> bytes:
    """Return an object as bytes to keep; halves of characters stay escaped."""
    return json.dumps(said, separators=(",", ":")).encode()


def moment_of(value: object, arrived: datetime) -> datetime:
    """Return an instant as Meta writes it: seconds or milliseconds, also as text, or ISO 8601.

    Args:
        value: What stands there.
        arrived: When it came: taken where there is no instant, or one that cannot be.
    """
    try:
        found = _moment(value)
    except (ValueError, OverflowError):
        return arrived
    return arrived if found is None or found > arrived + _AHEAD else found


def _moment(value: object) -> datetime | None:
    if isinstance(value, str):
        text = value.strip()
        if not text.isascii() or not text.isdecimal():
            found = datetime.fromisoformat(text)
            return None if found.tzinfo is None else found.astimezone(UTC)
        value = int(text[:20])
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    count = int(value)
    if count <= 0:
        return None
    if count >= _MICROSECONDS_FROM:
        return _EPOCH + timedelta(microseconds=count)
    if count >= _MILLISECONDS_FROM:
        return _EPOCH + timedelta(milliseconds=count)
    return _EPOCH + timedelta(seconds=count)


def number_of(wa_id: str) -> str:
    """Return the number that WhatsApp writes without a plus as E.164; an id that is none stays."""
    digits = wa_id.removeprefix("+")
    return f"+{digits}" if _DIGITS.fullmatch(digits) else wa_id
