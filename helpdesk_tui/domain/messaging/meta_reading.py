"""Reading JSON of Meta: nothing is believed to be there, or to be of the type that it should be.

Readers of single fields give an empty value where there is none: one odd field must not cost the
message it stands in. Only a body that is no object of JSON at all is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk_tui.domain.errors import RemoteError
from helpdesk_tui.domain.text import clean, clean_lines, shorten

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 100_000_000_000
"""A count since 1970 beyond this one is of milliseconds: as seconds it would be the year 5138."""
_MICROSECONDS_FROM = 100_000_000_000_000
_AHEAD = timedelta(days=1)
"""A clock may be wrong by this much; what claims to be later came when it came."""
_LONGEST = 500
_LONGEST_TEXT = 100_000
_LONGEST_ID = 512
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


def object_at(said: object, *path: str) -> Mapping[str, Any]:
    """Return the object at a path, or an empty one."""
    for name in path:
        said = said.get(name) if isinstance(said, Mapping) else None
    return said if isinstance(said, Mapping) else {}


def objects_at(said: object, *path: str) -> Iterator[Mapping[str, Any]]:
    """Give the objects of the list at a path; all else in it is passed over."""
    *before, last = path
    found = object_at(said, *before).get(last)
    if isinstance(found, list):
        yield from (each for each in found if isinstance(each, Mapping))


def word_at(said: object, *path: str) -> str:
    """Return the one-line text or the number at a path, cleaned; empty where there is none."""
    return shorten(clean(_scalar(said, path)), _LONGEST)


def text_at(said: object, *path: str) -> str:
    """Return the text of several lines at a path, cleaned; empty where there is none."""
    return shorten(clean_lines(_scalar(said, path)), _LONGEST_TEXT)


def id_at(said: object, *path: str) -> str:
    """Return the id at a path as it stands; empty where there is none, or what cannot be one."""
    found = _scalar(said, path)
    return found if len(found) <= _LONGEST_ID and found.isprintable() and " " not in found else ""


def url_at(said: object, *path: str) -> str:
    """Return the address of the web at a path; empty where there is none."""
    found = _scalar(said, path)
    is_one = found.startswith(("https://", "http://")) and found.isascii() and found.isprintable()
    return found if is_one and " " not in found and len(found) <= 4_000 else ""


def is_true(said: Mapping[str, Any], name: str) -> bool:
    """Tell whether a field says yes."""
    return said.get(name) is True


def _scalar(said: object, path: tuple[str, ...]) -> str:
    *before, last = path
    found = object_at(said, *before).get(last)
    if isinstance(found, str):
        return found
    is_number = isinstance(found, (int, float)) and not isinstance(found, bool)
    return str(found) if is_number else ""


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
