"""What a setting is, and how a written value of each kind is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.own import is_free_mail
from helpdesk_tui.domain.quiet_hours import quiet_hours
from helpdesk_tui.domain.reply_headers import check_address
from helpdesk_tui.domain.text import clean, clean_lines

Value = str | list[str]
"""A text, or a list of texts."""
Read = Callable[[Sequence[str]], Value]
"""Makes the value out of what was written; raises UsageError."""

Warn = Callable[[Value], "tuple[str, Mapping[str, str]] | None"]

GENERAL = "General"
"""The group of what belongs to no channel."""

_SPLIT = re.compile(r"[\s,;]+")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")
_SERVER = re.compile(r"[\x21-\x7e]{1,255}")
_LONGEST_TEXT = 200
_LONGEST_LINES = 10_000
_LARGEST_COUNT = 10_000
_SWITCH = {"on": "on", "yes": "on", "true": "on", "1": "on",
           "off": "off", "no": "off", "false": "off", "0": "off"}  # fmt: skip
_TIME = re.compile(r"([0-9]{1,6})\s*(s|m|h)", re.IGNORECASE)
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_LONGEST_TIME = 7 * 24 * 3600


class Kind(StrEnum):
    """How a value is written, and so how it is changed on the screen."""

    TEXT = "text"
    LINES = "lines"
    """A text of several lines."""
    SWITCH = "switch"
    """``on`` or ``off``."""
    NUMBER = "number"
    TIME = "time"
    """A length of time."""
    HOURS = "hours"
    """A part of the day, such as ``22:00-07:00``."""
    CHOICE = "choice"
    """One of a few."""
    CHOICES = "choices"
    """Any of a few."""
    LIST = "list"
    """Any number of words."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of one setting."""

    name: str
    meaning: str
    read: Read
    default: Value = ""
    recommended: str = ""
    """What most desks should have here, in words; empty: nothing in particular."""
    kind: Kind = Kind.TEXT
    group: str = GENERAL
    """The tab it stands on: ``General``, or the label of a channel."""
    is_personal: bool = False
    """Each agent has a value of their own; what the desk has holds for those without."""
    choices: Mapping[str, str] | None = None
    """The values there are, each with what it means."""
    unit: str = ""
    """What a number counts."""
    presets: Mapping[str, str] | None = None
    """Texts by language that hold while the value is empty."""
    warn: Warn | None = None
    """Gives a code and its values where a value is allowed and still not wise."""


def text(words: Sequence[str]) -> str:
    """Return a text of one line."""
    return clean(" ".join(words)).strip()[:_LONGEST_TEXT]


def seconds_of(text: str) -> float:
    """Return a written length of time such as ``10m`` in seconds.

    Raises:
        UsageError: ``setting.not-a-time`` if it is none, or none from a second to a week.
    """
    match = _TIME.fullmatch(text.strip())
    seconds = int(match[1]) * _SECONDS[match[2].lower()] if match else 0
    if not 0 < seconds <= _LONGEST_TIME:
        raise UsageError("setting.not-a-time", value=clean(text))
    return float(seconds)


def time(words: Sequence[str]) -> str:
    """Return a length of time as it is written."""
    text = "".join(words).lower()
    if text:
        seconds_of(text)
    return text


def hours(words: Sequence[str]) -> str:
    """Return a part of the day as ``22:00-07:00``; nothing and ``off`` are none.

    Raises:
        UsageError: ``setting.not-hours``.
    """
    written = "".join(words).lower()
    if written in ("", "off", "none"):
        return ""
    found = quiet_hours(written)
    if found is None:
        raise UsageError("setting.not-hours", value=clean(written))
    return str(found)


def lines(words: Sequence[str]) -> str:
    """Return a text of several lines; a backslash and an n stand for a line break."""
    text = clean_lines(" ".join(words).replace("\\n", "\n")).strip()
    if len(text) > _LONGEST_LINES:
        raise UsageError("setting.too-long", limit=_LONGEST_LINES)
    return text


def switch(words: Sequence[str]) -> str:
    """Return ``on`` or ``off``."""
    text = "".join(words).lower()
    if text not in _SWITCH:
        raise UsageError("setting.not-a-switch", value=clean(text))
    return _SWITCH[text]


def is_on(value: object) -> bool:
    """Tell whether a switch is on."""
    return value == "on"


def count(words: Sequence[str], largest: int = _LARGEST_COUNT) -> str:
    """Return a whole number."""
    text = "".join(words)
    is_number = text.isdecimal() and text.isascii() and len(text) <= 9
    if not is_number or int(text) > largest:
        raise UsageError("setting.not-a-number", value=clean(text), largest=largest)
    return str(int(text))


def up_to(largest: int) -> Read:
    """Return the reader of numbers that end at one."""
    return lambda words: count(words, largest)


def one_of(choices: Mapping[str, str]) -> Read:
    """Return the reader of one of a few values, written in capitals or not."""

    def read(words: Sequence[str]) -> str:
        return _chosen("".join(words), choices)

    return read


def any_of(choices: Mapping[str, str]) -> Read:
    """Return the reader of some of a few values, in the order they are offered in."""

    def read(words: Sequence[str]) -> list[str]:
        wanted = {_chosen(item, choices) for item in _items(words) if item != "none"}
        return [each for each in choices if each in wanted]

    return read


def _chosen(written: str, choices: Mapping[str, str]) -> str:
    for each in choices:
        if each.lower() == written.strip().lower():
            return each
    known = ", ".join(each for each in choices if each)
    raise UsageError("setting.not-a-choice", value=clean(written), known=known)


def items(words: Sequence[str]) -> list[str]:
    """Return the parts of a list in their order, each once; commas or spaces stand between."""
    parts = (part for word in words for part in _SPLIT.split(word))
    return list(dict.fromkeys(part for part in parts if part))


def _items(words: Sequence[str]) -> list[str]:
    """Return the same in small letters."""
    return items([word.lower() for word in words])


def addresses(words: Sequence[str]) -> list[str]:
    """Return mail addresses."""
    return [check_address(item) for item in _items(words)]


def domains(words: Sequence[str]) -> list[str]:
    """Return domains in which everybody is one of the desk."""
    found = [item.removeprefix("@") for item in _items(words)]
    for domain in found:
        if not _DOMAIN.fullmatch(domain):
            raise UsageError("setting.not-a-domain", domain=clean(domain))
        if is_free_mail(domain):
            raise UsageError("setting.free-mail", domain=domain)
    return found


def servers(words: Sequence[str]) -> list[str]:
    """Return names of servers."""
    found = _items(words)
    for server in found:
        if not _SERVER.fullmatch(server):
            raise UsageError("setting.not-a-server", server=clean(server))
    return found
