"""Read the answers to FETCH: quickly in their usual form, in full generality otherwise.

The general parser goes byte by byte, which costs as much as all the rest of fetching a mail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient.response_parser import parse_fetch_response

Answer = dict[bytes, Any]
"""Item name → value of one mail."""

_ITEM = rb'(?: ?(?:UID (\d+)|INTERNALDATE "([^"\\]{25,28})"|FLAGS \([^()"]*\)))*'
_HEAD = re.compile(rb"\d+ \(" + _ITEM + rb" ?(BODY\[(?:HEADER)?\](?:<0>)?) \{\d+\}")
_TAIL = re.compile(_ITEM + rb"\)")
_DATE = re.compile(rb" ?(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = {
    name: number
    for number, name in enumerate(
        b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1
    )
}


def read_answers(data: Sequence[Any]) -> dict[int, Answer]:
    """Return the items of each mail by UID.

    Args:
        data: The untagged responses as ``imaplib`` gives them.
    """
    answers = _read_usual(data)
    if answers is None:
        answers = dict(parse_fetch_response(list(data), False, True))
    return answers


def _read_usual(data: Sequence[Any]) -> dict[int, Answer] | None:
    """Read pairs of one literal and a closing line; None where anything else stands there."""
    answers: dict[int, Answer] = {}
    if len(data) % 2:
        return None
    for pair, rest in zip(data[::2], data[1::2], strict=True):
        if not isinstance(pair, tuple) or not isinstance(rest, bytes):
            return None
        head, tail = _HEAD.fullmatch(pair[0]), _TAIL.fullmatch(rest)
        if head is None or tail is None:
            return None
        uid, date = head[1] or tail[1], head[2] or tail[2]
        if uid is None:
            return None
        answers[int(uid)] = {head[3]: pair[1], b"INTERNALDATE": _moment(date)}
    return answers


def _moment(text: bytes | None) -> datetime | None:
    """Return an INTERNALDATE as an aware datetime; none where it is impossible."""
    found = _DATE.fullmatch(text) if text else None
    if found is None or found[2] not in _MONTHS:
        return None
    day, _, year, hour, minute, second, sign, zone_hours, zone_minutes = found.groups()
    offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
    try:
        local = datetime(
            int(year), _MONTHS[found[2]], int(day), int(hour), int(minute), int(second), tzinfo=UTC
        )
        return local - offset if sign == b"+" else local + offset
    except (ValueError, OverflowError):
        return None
