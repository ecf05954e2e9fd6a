"""The settings of SMS and WhatsApp: keywords, what is answered by itself, attribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from helpdesk_tui.domain.channels import SMS
from helpdesk_tui.domain.messaging.auto_reply import (
    SILENT,
    UNSUBSCRIBED,
    Audience,
    check_text,
    presets_of,
)
from helpdesk_tui.domain.messaging.keywords import Command
from helpdesk_tui.domain.setting import values as read
from helpdesk_tui.domain.setting.held import Held, list_in, span_in, text_in
from helpdesk_tui.domain.setting.values import Kind, Setting, is_on

STOP_WORDS = "stop-words"
START_WORDS = "start-words"
HELP_WORDS = "help-words"
STOP_ANSWER = "stop-answer"
START_ANSWER = "start-answer"
HELP_ANSWER = "help-answer"
SMS_PREFIX = "sms-prefix"
SMS_AUTO_REPLY = "sms-auto-reply"
SMS_AUTO_REPLY_TEXT = "sms-auto-reply-text"
SMS_MAIL = "sms-mail-every-message"
ATTRIBUTION_WINDOW = "attribution-window"
SHORT_LINKS = "sms-short-links"
DEFAULT_WINDOW = "24h"

_WORDS = {Command.STOP: STOP_WORDS, Command.START: START_WORDS, Command.HELP: HELP_WORDS}
_ANSWERS = {Command.STOP: STOP_ANSWER, Command.START: START_ANSWER, Command.HELP: HELP_ANSWER}
_NONE = ("off", "none")
_AUDIENCES = {
    Audience.NOBODY: "nobody is answered by itself",
    Audience.UNKNOWN: "whoever never consented to SMS is told why nobody can answer",
    Audience.EVERYBODY: "everybody but those who have withdrawn",
}
_PRESET = "empty: a text is there in English, Polish, Swedish and Portuguese"


def more_words(held: Held) -> Mapping[Command, tuple[str, ...]]:
    """Return the keywords that the desk has added to those built in."""
    return {command: list_in(held, name) for command, name in _WORDS.items()}


def answer_of(held: Held, command: Command) -> str:
    """Return the desk's own answer to a keyword; empty for the preset."""
    return text_in(held, _ANSWERS[command])


def audience_of(held: Held) -> str:
    """Return who is answered by itself."""
    return text_in(held, SMS_AUTO_REPLY) or Audience.UNKNOWN


def window_of(held: Held) -> timedelta:
    """Return how long after its delivery a campaign is what a customer answers."""
    return span_in(held, ATTRIBUTION_WINDOW, DEFAULT_WINDOW)


def makes_links_short(held: Held) -> bool:
    """Tell whether links in text messages leave in short."""
    return is_on(held.get(SHORT_LINKS))


def message(words: Sequence[str]) -> str:
    """Return a text with variables; ``off`` is none at all, nothing is the preset.

    Raises:
        UsageError: ``away.template`` or ``away.variable`` with the part that is wrong.
    """
    text = read.lines(words)
    if text.lower() in _NONE:
        return SILENT
    check_text(text)
    return text


def _words(name: str, meaning: str) -> Setting:
    return Setting(
        name,
        meaning,
        read.items,
        [],
        kind=Kind.LIST,
        group=SMS.label,
    )


def _answer(command: Command, meaning: str) -> Setting:
    return Setting(
        _ANSWERS[command],
        meaning,
        message,
        "",
        _PRESET,
        kind=Kind.LINES,
        group=SMS.label,
        presets=presets_of(command),
    )


MESSAGING_SETTINGS: tuple[Setting, ...] = (
    _words(
        STOP_WORDS,
        "words that withdraw consent when a message is nothing else, beside those built in for each"
        " language; WhatsApp too",
    ),
    _words(
        START_WORDS,
        "words that give consent when a message is nothing else, beside those built in for each"
        " language; WhatsApp too",
    ),
    _words(
        HELP_WORDS,
        "words that ask for help when a message is nothing else, beside those built in for each"
        " language; WhatsApp too",
    ),
    _answer(
        Command.STOP,
        "what is answered to a word that withdraws consent where the provider does not, with"
        " {{ organization.prefix }} and {{ support.email }}; empty: in the customer's language;"
        " off: nothing",
    ),
    _answer(
        Command.START,
        "what is answered to a word that gives consent where the provider does not, with"
        " {{ organization.prefix }} and {{ support.email }}; empty: in the customer's language;"
        " off: nothing",
    ),
    _answer(
        Command.HELP,
        "what is answered to a word that asks for help where the provider does not, with"
        " {{ organization.prefix }} and {{ support.email }}; empty: in the customer's language;"
        " off: nothing",
    ),
    Setting(
        SMS_PREFIX,
        "what automatic messages begin with; empty: the name of the shop",
        read.text,
        "",
        group=SMS.label,
    ),
    Setting(
        SMS_AUTO_REPLY,
        "who is answered by itself when they write by SMS, once a day at most",
        read.one_of(_AUDIENCES),
        Audience.UNKNOWN,
        "never-consented: whoever cannot be answered is told how to reach you",
        kind=Kind.CHOICE,
        group=SMS.label,
        choices=_AUDIENCES,
    ),
    Setting(
        SMS_AUTO_REPLY_TEXT,
        "what they are told, with {{ organization.prefix }} and {{ support.email }}; a line that"
        " begins with [pl] begins the text for readers of Polish; empty: in the customer's"
        " language",
        message,
        "",
        _PRESET,
        kind=Kind.LINES,
        group=SMS.label,
        presets=UNSUBSCRIBED,
    ),
    Setting(
        SMS_MAIL,
        "the addresses of team-mail-sms are told of every SMS and not only of new tickets",
        read.switch,
        "on",
        "on",
        kind=Kind.SWITCH,
        group=SMS.label,
    ),
    Setting(
        ATTRIBUTION_WINDOW,
        "how long after its delivery a campaign or flow is what a customer's SMS answers",
        read.time,
        DEFAULT_WINDOW,
        kind=Kind.TIME,
        group=SMS.label,
    ),
    Setting(
        SHORT_LINKS,
        "links in SMS leave in short and lead on by the relay, which counts who follows them; the"
        " account's setting links names a domain of yours that leads to the relay",
        read.switch,
        "off",
        "on, where a domain of yours leads to the relay",
        kind=Kind.SWITCH,
        group=SMS.label,
    ),
)
