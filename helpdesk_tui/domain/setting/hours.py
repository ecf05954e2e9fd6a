"""The settings of office hours, of what follows them, and of mail that tells the team."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from helpdesk_tui.domain.away import AWAY_MESSAGE, OPEN_MESSAGE, SILENT, check_template
from helpdesk_tui.domain.channels import CHANNELS, SMS, WEBCHAT
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.follow_up import FOLLOW_UP, FOLLOW_UP_ADDRESS
from helpdesk_tui.domain.office_hours import (
    OFFICE_EXCEPTIONS,
    OFFICE_HOLIDAYS,
    OFFICE_HOURS,
    OFFICE_ZONE,
)
from helpdesk_tui.domain.office_schedule import (
    read_exceptions,
    read_week,
    write_exceptions,
    write_week,
)
from helpdesk_tui.domain.own import is_free_mail
from helpdesk_tui.domain.reply_headers import check_address
from helpdesk_tui.domain.setting import values as read
from helpdesk_tui.domain.setting.values import Kind, Setting, Value
from helpdesk_tui.domain.snoozing.snooze import zone_of
from helpdesk_tui.domain.team_mail import DEFAULT_EVERY, TEAM_MAIL_EVERY, team_mail
from helpdesk_tui.domain.text import clean

_CALENDAR = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_NONE = ("off", "none")


def schedule(words: Sequence[str]) -> str:
    """Return a weekly schedule as it is always written; nothing and ``off`` are none.

    Raises:
        UsageError: ``hours.*`` with the part that is wrong.
    """
    text = " ".join(words).strip()
    return "" if text.lower() in _NONE else write_week(read_week(text))


def zone(words: Sequence[str]) -> str:
    """Return the name of a time zone; nothing is that of this machine.

    Raises:
        UsageError: ``zone.unknown``.
    """
    text = "".join(words).strip()
    if text:
        zone_of(text)
    return text


def calendars(words: Sequence[str]) -> list[str]:
    """Return countries, with regions where they have holidays of their own, such as ``DE-BY``.

    Raises:
        UsageError: ``setting.not-a-country``.
    """
    found = read.items([word.upper() for word in words])
    found = [] if found in (["OFF"], ["NONE"]) else found
    for item in found:
        if not _CALENDAR.fullmatch(item):
            raise UsageError("setting.not-a-country", value=clean(item))
    return found


def exceptions(words: Sequence[str]) -> str:
    """Return single dates with their hours as they are always written.

    Raises:
        UsageError: ``hours.*`` with the part that is wrong.
    """
    text = " ".join(words).strip()
    return "" if text.lower() in _NONE else write_exceptions(read_exceptions(text))


def message(words: Sequence[str]) -> str:
    """Return a message with variables; ``off`` is none at all, nothing is the preset.

    Raises:
        UsageError: ``away.template`` with what is wrong in it.
    """
    text = read.lines(words)
    if text.lower() in _NONE:
        return SILENT
    check_template(text)
    return text


def address(words: Sequence[str]) -> str:
    """Return one mail address; nothing is none.

    Raises:
        UsageError: ``address.invalid``.
    """
    text = "".join(words).strip()
    return check_address(text) if text else ""


def free_mail(value: Value) -> tuple[str, Mapping[str, str]] | None:
    """Warn of an address that anybody could have."""
    domain = value.rpartition("@")[2] if isinstance(value, str) else ""
    return ("warning.free-mail", {"domain": domain}) if is_free_mail(domain) else None


_RECOMMENDED: Mapping[str, str] = {
    WEBCHAT.name: "the team's own list: whoever chats waits for minutes, not for hours",
    SMS.name: "the team's own list: whoever texts expects an answer within the hour",
}

_OFFICE = (
    Setting(
        OFFICE_HOURS,
        "when somebody is there, such as mon-fri 9:00-17:00, sat 10:00-14:00; empty: always",
        schedule,
        "",
        "the hours in which chats are answered",
    ),
    Setting(
        OFFICE_ZONE,
        "time zone of the office hours, such as Europe/Warsaw; empty: that of this machine",
        zone,
        "",
        "the zone the team works in, once office-hours are set",
    ),
    Setting(
        OFFICE_HOLIDAYS,
        "countries, with regions where needed, on whose public holidays nobody is there:"
        " PL SE US-CA",
        calendars,
        [],
        "the country the team works in",
        kind=Kind.LIST,
    ),
    Setting(
        OFFICE_EXCEPTIONS,
        "dates with other hours, such as 2026-12-24 9:00-12:00; 2026-12-31 closed",
        exceptions,
        "",
    ),
    Setting(
        TEAM_MAIL_EVERY,
        "how long new tickets are gathered before the team gets a mail that names them",
        read.time,
        DEFAULT_EVERY,
        kind=Kind.TIME,
    ),
)
_CHAT = (
    Setting(
        AWAY_MESSAGE,
        "what a visitor is told who writes outside office hours, with {{ hours.next }} and"
        " {{ support.email }}; empty: in the visitor's language; off: nothing",
        message,
        "",
        kind=Kind.LINES,
        group=WEBCHAT.label,
    ),
    Setting(
        OPEN_MESSAGE,
        "what a visitor is told at the first message within office hours; empty: nothing",
        message,
        "",
        kind=Kind.LINES,
        group=WEBCHAT.label,
    ),
    Setting(
        FOLLOW_UP,
        "a visitor who has left gets one mail with the replies that they have not read",
        read.switch,
        "on",
        kind=Kind.SWITCH,
        group=WEBCHAT.label,
    ),
    Setting(
        FOLLOW_UP_ADDRESS,
        "the support address which that mail comes from; empty: the first verified one",
        address,
        "",
        "an address of your own domain: mail in the name of a free-mail provider is often refused",
        group=WEBCHAT.label,
        warn=free_mail,
    ),
)
_TEAM = tuple(
    Setting(
        team_mail(channel.name),
        "who gets a mail about new tickets of this channel",
        read.addresses,
        [],
        _RECOMMENDED.get(channel.name, ""),
        kind=Kind.LIST,
        group=channel.label,
    )
    for channel in CHANNELS.values()
)
HOURS_SETTINGS: tuple[Setting, ...] = (*_OFFICE, *_CHAT, *_TEAM)
