"""Calendar entries (RFC 5545) in a mail: what, when, where and who, and nothing more of them.

Read line by line within bounds. No rule is ever expanded: an entry that repeats says so, and a
zone's own rules are only asked for the year in question.
"""

from __future__ import annotations

import binascii
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.text import clean, clean_lines, shorten
from helpdesk_tui.mail import charsets
from helpdesk_tui.mail.calendar_lines import (
    MAX_PEOPLE,
    MOMENT,
    Calendar,
    Entry,
    Line,
    local_time,
    read_lines,
    rule_of,
)
from helpdesk_tui.mail.calendar_zones import named_zone, offset_at, offset_in_name

MAX_CALENDAR = 500_000
"""Bytes of a calendar that are read."""
MAX_ENTRIES = 5
"""Entries of one calendar that are told; a whole year of them is a file, no invitation."""
_MAX_WORDS = 300

_ESCAPE = re.compile(r"\\([\\;,nN])")
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DURATION = re.compile(
    r"\+?P(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?"
    r"(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,7})S)?)?"
)
_METHODS = ("request", "cancel", "reply", "publish", "counter", "declinecounter", "add", "refresh")


def read_calendar(data: bytes, charset: str = "") -> tuple[tuple[Notice, ...], str]:
    """Return the entries of a calendar as notices, and the description of the first."""
    found = read_lines(charsets.decode(data[:MAX_CALENDAR], charset, guess=False))
    entries = _distinct(found.entries)
    notices = tuple(Notice(NoticeKind.INVITATION, _values(found, entry)) for entry in entries)
    described = entries[0].lines.get("DESCRIPTION") if entries else None
    return notices, "" if described is None else clean_lines(_text(described)).strip("\n")


def _distinct(entries: list[Entry]) -> list[Entry]:
    """Return one entry of each series: its first line of dates stands for the others."""
    kept: dict[str, Entry] = {}
    for number, entry in enumerate(entries):
        uid = entry.lines.get("UID")
        key = str(number) if uid is None else f"uid:{uid.value}"
        known = kept.get(key)
        if known is None or (_is_exception(known) and not _is_exception(entry)):
            kept[key] = entry
    return list(kept.values())[:MAX_ENTRIES]


def _is_exception(entry: Entry) -> bool:
    return "RECURRENCE-ID" in entry.lines


def _text(line: Line) -> str:
    """Return the text of a property, its escapes and old encodings undone."""
    value = line.value
    if line.params.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        data = binascii.a2b_qp(value.encode("utf-8", "replace"))
        value = charsets.decode(data, line.params.get("CHARSET", ""), guess=False)
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def _word(entry: Entry, name: str) -> str:
    line = entry.lines.get(name)
    return "" if line is None else _one_line(_text(line))


def _one_line(text: str) -> str:
    return shorten(" ".join(clean(text[: 4 * _MAX_WORDS]).split()), _MAX_WORDS)


def _person(line: Line | None) -> str:
    """Return a person's name, or the address of one without a name."""
    if line is None:
        return ""
    scheme, colon, rest = line.value.partition(":")
    address = rest if colon and scheme.lower() == "mailto" else line.value
    return _one_line(line.params.get("CN", "").strip("'\" ") or address).replace(", ", " ")


def _values(found: Calendar, entry: Entry) -> tuple[tuple[str, str], ...]:
    """Return what a notice tells, without what the entry leaves open."""
    method = found.method if found.method in _METHODS else "publish"
    if _word(entry, "STATUS").upper() == "CANCELLED":
        method = "cancel"
    people = [name for line in entry.people[:MAX_PEOPLE] if (name := _person(line))]
    start, end, all_day = _span(found, entry)
    rule = entry.lines.get("RRULE")
    answers = [line.params.get("PARTSTAT", "") for line in entry.people[:1]]
    pairs = {
        "method": method,
        "summary": _word(entry, "SUMMARY"),
        "start": start,
        "end": end,
        "all_day": "yes" if all_day else "",
        "place": _word(entry, "LOCATION"),
        "repeats": "" if rule is None else _one_line(rule_of(rule.value).get("FREQ", "")).lower(),
        "answer": _one_line(answers[0]).lower() if answers and method == "reply" else "",
        "organizer": _person(entry.lines.get("ORGANIZER")),
        "attendees": ", ".join(people) + (" …" if len(entry.people) > MAX_PEOPLE else ""),
    }
    return tuple((name, value) for name, value in pairs.items() if value)


def _span(found: Calendar, entry: Entry) -> tuple[str, str, bool]:
    """Return beginning and end as RFC 3339 has them; of whole days the first and the last."""
    start, end = (_moment(found, entry.lines.get(name)) for name in ("DTSTART", "DTEND"))
    if start is None:
        return "", "", False
    if end is None:
        end = _after(start, entry.lines.get("DURATION"))
    all_day = not isinstance(start, datetime)
    if end is not None and isinstance(end, datetime) == all_day:
        end = None
    if all_day and end is not None and end > start:
        end -= timedelta(days=1)
    if end is not None and _is_before(end, start):
        end = None
    return _written(start), "" if end is None else _written(end), all_day


def _is_before(end: date, start: date) -> bool:
    if isinstance(end, datetime) and isinstance(start, datetime):
        if (end.tzinfo is None) != (start.tzinfo is None):
            return True
        return end < start
    return end < start


def _written(moment: date) -> str:
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="seconds")
    return moment.isoformat()


def _after(start: date, line: Line | None) -> date | None:
    """Return the end of an entry that tells how long it takes."""
    match = _DURATION.fullmatch(line.value.upper()) if line is not None else None
    if match is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    try:
        return start + timedelta(
            weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
        )
    except OverflowError:
        return None


def _moment(found: Calendar, line: Line | None) -> date | None:
    """Return a day, a moment, or a local time of no zone; None for what is none of them."""
    if line is None:
        return None
    match = MOMENT.match(line.value)
    if match is None:
        day = _DATE.fullmatch(line.value)
        try:
            return None if day is None else date(int(day[1]), int(day[2]), int(day[3]))
        except ValueError:
            return None
    local = local_time(match)
    if local is None:
        return None
    if match[7]:
        return local.replace(tzinfo=UTC) if match[7] == "Z" else _written_offset(local, match[7])
    zone = _zone(found, line.params.get("TZID", ""), local)
    return local if zone is None else _fixed(local, zone)


def _written_offset(local: datetime, offset: str) -> datetime:
    try:
        return datetime.combine(local, time.fromisoformat(f"{local:%H:%M:%S}{offset}"))
    except ValueError:
        return local


def _fixed(local: datetime, zone: tzinfo) -> datetime:
    """Return a moment with the offset that its zone has then."""
    try:
        return datetime.fromisoformat(local.replace(tzinfo=zone).isoformat())
    except (ValueError, OverflowError):
        return local


def _zone(found: Calendar, name: str, local: datetime) -> tzinfo | None:
    """Return the zone of a local time: known by name, else by the rules the calendar carries."""
    name = name[:200]
    if not name:
        return None
    return named_zone(name) or offset_at(local, found.zones.get(name, ())) or offset_in_name(name)
