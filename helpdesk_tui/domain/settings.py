"""The settings of the desk: their names, defaults and meanings, and how a written value is read.

Commands, screens and documents are driven from this table; a further setting is one more entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from helpdesk_tui.domain.auto_answer import (
    ANSWER_PER_HOUR,
    ANSWER_PROVEN_ONLY,
    ANSWER_SUBJECT,
    ANSWER_TEXT,
    DEFAULT_SUBJECT,
    PER_HOUR,
)
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.domain.own import OWN_ADDRESSES, OWN_DOMAINS, TRUSTED_SERVERS, is_free_mail
from helpdesk_tui.domain.reply_headers import check_address
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.domain.verdicts import KEEPS_THANKS, REPLY_PLUS

DESK_NAME = "desk.name"
"""Name of the setting with the desk's own name."""

ADDRESS_TEST_TIMEOUT = "address-test-timeout"
"""Name of the setting that says how long a test mail to a support address is waited for."""

Value = str | list[str]
"""A text, or a list of texts."""

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


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of one setting."""

    name: str
    meaning: str
    read: Callable[[Sequence[str]], Value]
    """Makes the value out of what was written; raises UsageError."""
    default: Value = ""
    recommended: str = ""
    """What most desks should have here, in words; empty: nothing in particular."""


def setting(name: str) -> Setting:
    """Return a setting by its name.

    Raises:
        NotFound: ``setting.unknown``, with the names there are.
    """
    found = SETTINGS.get(name)
    if found is None:
        raise NotFound("setting.unknown", name=clean(name), known=", ".join(SETTINGS))
    return found


def _text(words: Sequence[str]) -> str:
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


def _time(words: Sequence[str]) -> str:
    text = "".join(words).lower()
    if text:
        seconds_of(text)
    return text


def _lines(words: Sequence[str]) -> str:
    """Return a text of several lines; a backslash and an n stand for a line break."""
    text = clean_lines(" ".join(words).replace("\\n", "\n")).strip()
    if len(text) > _LONGEST_LINES:
        raise UsageError("setting.too-long", limit=_LONGEST_LINES)
    return text


def _switch(words: Sequence[str]) -> str:
    """Return ``on`` or ``off``."""
    text = "".join(words).lower()
    if text not in _SWITCH:
        raise UsageError("setting.not-a-switch", value=clean(text))
    return _SWITCH[text]


def is_on(value: object) -> bool:
    """Tell whether a switch is on."""
    return value == "on"


def _count(words: Sequence[str]) -> str:
    text = "".join(words)
    if not text.isdecimal() or not text.isascii() or int(text) > _LARGEST_COUNT:
        raise UsageError("setting.not-a-number", value=clean(text), largest=_LARGEST_COUNT)
    return str(int(text))


def _items(words: Sequence[str]) -> list[str]:
    """Return the parts of a list in their order, each once; commas or spaces stand between."""
    parts = (part for word in words for part in _SPLIT.split(word.lower()))
    return list(dict.fromkeys(part for part in parts if part))


def _addresses(words: Sequence[str]) -> list[str]:
    return [check_address(item) for item in _items(words)]


def _domains(words: Sequence[str]) -> list[str]:
    domains = [item.removeprefix("@") for item in _items(words)]
    for domain in domains:
        if not _DOMAIN.fullmatch(domain):
            raise UsageError("setting.not-a-domain", domain=clean(domain))
        if is_free_mail(domain):
            raise UsageError("setting.free-mail", domain=domain)
    return domains


def _servers(words: Sequence[str]) -> list[str]:
    servers = _items(words)
    for server in servers:
        if not _SERVER.fullmatch(server):
            raise UsageError("setting.not-a-server", server=clean(server))
    return servers


_ALL = (
    Setting(DESK_NAME, "name of the desk, as the interface shows it", _text, "Support"),
    Setting(
        OWN_ADDRESSES,
        "further addresses of yours: their mail never makes them a customer, no reply goes to them",
        _addresses,
        [],
        "old support addresses and role addresses that still send mail",
    ),
    Setting(
        OWN_DOMAINS,
        "your domains: everybody writing from them counts as one of you",
        _domains,
        [],
        "the domain of your shop; never one where customers have addresses",
    ),
    Setting(
        TRUSTED_SERVERS,
        "names of the receiving servers whose Authentication-Results are believed",
        _servers,
        [],
        "the first word of that header in mail that your own server received",
    ),
    Setting(
        ADDRESS_TEST_TIMEOUT,
        "how long a test mail to a support address may take through the forwarding",
        _time,
        "10m",
    ),
    Setting(
        REPLY_PLUS,
        "answers go to support+hd.TICKET.KEY@ your domain, so that they find their ticket even"
        " from clients that drop the headers; the mailbox must take such addresses",
        _switch,
        "off",
        "on, once a test mail to support+test@ your domain arrives",
    ),
    Setting(
        KEEPS_THANKS,
        "a mail that only says thank you leaves a closed ticket closed",
        _switch,
        "off",
    ),
    Setting(
        ANSWER_TEXT,
        "what a customer is told at once when a mail made a new ticket; empty: nothing",
        _lines,
        "",
        "two sentences: that it arrived, and when somebody answers",
    ),
    Setting(
        ANSWER_SUBJECT,
        "subject of that answer; the ticket's number follows it",
        _text,
        DEFAULT_SUBJECT,
    ),
    Setting(
        ANSWER_PER_HOUR,
        "automatic answers that one inbox gives in an hour at most",
        _count,
        str(PER_HOUR),
    ),
    Setting(
        ANSWER_PROVEN_ONLY,
        "automatic answers go only to senders whom a trusted server vouches for (dmarc=pass),"
        " or who are customers already",
        _switch,
        "off",
        "on, once trusted-authserv-ids names your server",
    ),
)
SETTINGS: Mapping[str, Setting] = {each.name: each for each in _ALL}
"""Every setting, by its name."""
