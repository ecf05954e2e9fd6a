"""The lines of a calendar (RFC 5545): entries and time zones gathered within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk_tui.mail.calendar_zones import Observance, observance

MAX_PEOPLE = 30
_MAX_ENTRIES = 200
_MAX_OBSERVANCES = 200
_MAX_DEPTH = 20

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(
    r"(?:[A-Za-z0-9-]{1,30}\.)?([A-Za-z][A-Za-z0-9-]{0,40}+)"
    r"((?:;(?:[^\":;]|\"[^\"]*+\")*+)*+):(.*+)",
    re.DOTALL,
)
_PARAM = re.compile(r";([A-Za-z][A-Za-z0-9-]{0,40}+)=(?:\"([^\"]*+)\"|([^\";]*+))")
MOMENT = re.compile(
    r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})T([0-9]{2}):?([0-9]{2}):?([0-9]{2})?(Z|[+-][0-9:]{4,6})?"
)
_WANTED = frozenset(
    {"METHOD", "SUMMARY", "DTSTART", "DTEND", "DURATION", "LOCATION", "ORGANIZER", "ATTENDEE",
     "STATUS", "RRULE", "UID", "RECURRENCE-ID", "DESCRIPTION", "TZID", "TZOFFSETTO",
     "TZOFFSETFROM", "BEGIN", "END"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One property with its parameters."""

    name: str
    params: dict[str, str]
    value: str


@dataclass(slots=True)
class Entry:
    """A VEVENT: the first line of each kind, and who is asked."""

    lines: dict[str, Line] = field(default_factory=dict)
    people: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Calendar:
    """What was read of a calendar."""

    method: str = ""
    entries: list[Entry] = field(default_factory=list)
    zones: dict[str, list[Observance]] = field(default_factory=dict)


def lines_of(text: str) -> Iterator[Line]:
    """Yield the properties that matter here."""
    for line in _FOLD.sub("", text).splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name = match[1].upper()
        if name in _WANTED:
            params = {key.upper(): a or b for key, a, b in _PARAM.findall(match[2])}
            value = match[3].strip()
            if name in ("DTSTART", "DTEND") and ":" in value and not value[:4].isdecimal():
                rest, _, value = value.rpartition(":")  # a name of a zone with a bare colon
                params["TZID"] = f"{params.get('TZID', '')}:{rest}"
            yield Line(name, params, value)


@dataclass(slots=True)
class _Reader:
    """Gathers the entries; what stands inside of one, such as its alarms, is passed over."""

    found: Calendar = field(default_factory=Calendar)
    blocks: list[str] = field(default_factory=list)
    zone: list[Line] = field(default_factory=list)
    entry: Entry = field(default_factory=Entry)

    def read(self, line: Line) -> None:
        """Take the next line."""
        if line.name == "BEGIN":
            self._begin(line)
        elif line.name == "END":
            if line.value.upper() == "VTIMEZONE":
                _add_zone(self.found, self.zone)
            if self.blocks:
                self.blocks.pop()
        elif self.blocks[-1:] == ["VEVENT"]:
            _add(self.entry, line)
        elif "VTIMEZONE" in self.blocks:
            self.zone.append(line)
        elif line.name == "METHOD" and not self.found.method:
            self.found.method = line.value.lower()

    def _begin(self, line: Line) -> None:
        name = line.value.upper()
        if name == "VTIMEZONE":
            self.zone = []
        elif "VTIMEZONE" in self.blocks:
            self.zone.append(line)
        elif name == "VEVENT" and len(self.found.entries) < _MAX_ENTRIES:
            self.entry = Entry()
            self.found.entries.append(self.entry)
        if len(self.blocks) < _MAX_DEPTH:
            self.blocks.append(name)


def read_lines(text: str) -> Calendar:
    """Read a calendar."""
    reader = _Reader()
    for line in lines_of(text):
        reader.read(line)
    return reader.found


def _add(entry: Entry, line: Line) -> None:
    if line.name != "ATTENDEE":
        entry.lines.setdefault(line.name, line)
    elif len(entry.people) <= MAX_PEOPLE:
        entry.people.append(line)


def _add_zone(found: Calendar, lines: list[Line]) -> None:
    """Keep what a VTIMEZONE says of its offsets."""
    name = ""
    block: dict[str, str] = {}
    blocks = [block]
    for line in lines:
        if line.name == "BEGIN":
            block = {}
            blocks.append(block)
        elif line.name == "TZID":
            name = name or line.value
        else:
            block.setdefault(line.name, line.value)
    made = [
        observance(
            _naive(each.get("DTSTART", "")),
            each.get("TZOFFSETTO", ""),
            each.get("TZOFFSETFROM", ""),
            rule_of(each.get("RRULE", "")),
        )
        for each in blocks[:_MAX_OBSERVANCES]
    ]
    if len(found.zones) < 100:
        found.zones.setdefault(name, [each for each in made if each is not None])


def rule_of(text: str) -> dict[str, str]:
    """Return the pieces of a rule such as ``FREQ=YEARLY;BYMONTH=3``."""
    pairs = [piece.partition("=") for piece in text[:500].split(";")]
    return {name.strip().upper(): value.strip() for name, _, value in pairs}


def _naive(text: str) -> datetime | None:
    match = MOMENT.match(text)
    return None if match is None else local_time(match)


def local_time(match: re.Match[str]) -> datetime | None:
    """Return what :data:`MOMENT` found as a local time; None if there is no such day."""
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        return datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - local
    except ValueError:
        return None
