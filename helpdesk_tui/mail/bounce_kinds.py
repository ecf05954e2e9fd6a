"""What kind of failure a report tells of, its status, and whether the address itself is bad."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from helpdesk_tui.mail.bounce_patterns import AnyOf
from helpdesk_tui.mail.bounce_words import (
    BY_CATEGORY,
    BY_STATUS,
    DEFAULT_STATUS,
    EARLY,
    LATE,
    PROGRAM,
    UNKNOWN_ADDRESS,
)  # fmt: skip

HARD = frozenset({"userunknown", "hostunknown", "hasmoved", "notaccept"})
"""Kinds that say: the address is bad, writing there again makes no sense."""

_MAX_WORDS = 6_000
_NAMED = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9.-]{1,255}")
# what may not stand before the first digit is looked at behind it: so the engine skips to digits
_STATUS = re.compile(r"([45](?<![\d.].)\.[0-7]\.\d{1,3})(?!\.?\d)")
_REPLY_STATUS = re.compile(
    r"([45])(?<![\d.].)\d\d[ -]{1,3}[\"'#(\[]{0,2}(\1\.[0-7]\.\d{1,3})(?![.\d])"
)
_REPLY = re.compile(r"([45](?<![\d./=#-].)(?<!\]:.)[0-7]\d)(?![\d./]|:\d)")
_COMMANDS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("RCPT", ("rcpt", "recipient"), (
        "in reply to rcpt", "after rcpt", "for rcpt to", "our rcpt to", "[rcpt_to]",
        "rcpt to response", "following rcpt", "in rcpt to", "<<< rcpt to",
        "does not like recipient", "refused recipient", "rejected recipient",
        "rejected the recipient", "(rcpt to)", "smtp command\nrcpt",
    )),
    ("DATA", ("data", "message"), (
        "end of data", "after data", "our final data", "like our data", "[data]", "(data)",
        "data command", "failed after i sent the message", "failed on data", "following data",
        "smtp command\ndata", "[data_",
    )),
    ("MAIL", ("mail from", "mail_from", "sender was"), (
        "in reply to mail from", "after mail from", "our mail from", "[mail_from]",
        "sender was rejected", "following mail from", "for mail from", "in mail from",
    )),
    ("EHLO", ("helo", "ehlo", "my name"), (
        "in reply to helo", "in reply to ehlo", "after ehlo", "after helo", "my name was rejected",
    )),
    ("CONN", ("initial", "greeting", "refused"), (
        "initial connection", "greeting failed", "refused to talk to me", "after initial",
    )),
)  # fmt: skip
"""Command, words without which no phrase can stand in a text, and the phrases."""
_TRANSCRIPT = re.compile(r"^[ \t]*>>> ?(rcpt|mail|data|ehlo|helo)\b", re.MULTILINE)
_OWN_UNKNOWN = re.compile(r"^[ \t]*5\d\d 5\.1\.1 <?\S{1,320}>?\.\.\. user unknown", re.MULTILINE)
_HEARSAY = re.compile(
    r"(?<![\d./=#-])(?<!\]:)[45][0-7]\d(?![\d./]|:\d)(?! <?@>?\.\.\. )"
    r"|\[[^\]]{0,60}unknown\]|failed\.\.\. user unknown"
    r"|does ?n[o']t have an? [^\n]{0,60}?account"
)
"""Another server's answer passed on: it may have refused the mail rather than the address."""
_ADDRESS_STATUS = re.compile(r"[45]\.1\.(?:0|1|3|6|10)")
_WAVERING = re.compile(
    r"unavailable|temporar|gr[ae]y|try (?:again|later)|not available|lookup fail|servfail|time"
)
_AGAIN = re.compile(r"try (?:again|later)|temporar")
_CERTAIN = re.compile(
    r"delivery error: dd |\b542 <?@>? rejected"
    r"|^(?:5\d\d )?(?:5\.[05]\.0 )?requested action not taken: mailbox unavail"
)
"""Words that only ever stand for an address that is not there."""
_RULES = re.compile(r"\binbound-smtp\.[a-z0-9-]{1,40}\.amazonaws\.com", re.IGNORECASE)
"""Servers that accept every address and let rules of their owner refuse the mail afterwards."""
_EARLIER = ("EHLO", "MAIL", "CONN")
"""Commands before that of the recipient: their refusal says nothing about the address."""
_VAGUE = ("rejected", "filtered", "systemerror", "mailererror")
_STRONG = ("spamdetected", "blocked", "badreputation", "requireptr", "speeding", "toomanyconn",
           "notaccept", "hostunknown")  # fmt: skip


class Said(NamedTuple):
    """What a report says about one recipient."""

    words: str
    """The reply of the server, or the sentences of the report."""
    context: str = ""
    """All of the report that concerns the recipient."""
    status: str = ""
    """Value of the Status field."""
    action: str = ""
    """Value of the Action field, lower case."""
    is_program: bool = False
    """The words are the output of a program on the receiving side."""
    category: str = ""
    """Category that a sending service sorted the failure into."""
    reporter: str = ""
    """The server that reports."""


class Finding(NamedTuple):
    """What a report means for one recipient."""

    kind: str
    status: str
    hard: bool


class _Patterns(NamedTuple):
    unknown: AnyOf
    program: AnyOf
    early: tuple[tuple[str, AnyOf], ...]
    late: tuple[tuple[str, AnyOf], ...]


@cache
def _patterns() -> _Patterns:
    """Return the compiled tables; only a process that meets a report pays for them."""
    return _Patterns(
        AnyOf(UNKNOWN_ADDRESS),
        AnyOf(PROGRAM),
        tuple([(kind, AnyOf(phrases)) for kind, phrases in EARLY]),
        tuple([(kind, AnyOf(phrases)) for kind, phrases in LATE]),
    )


def lowered(text: str) -> str:
    """Return a text as the patterns want it: bounded, lower case, addresses and spaces reduced."""
    words = text[:_MAX_WORDS].lower().split()
    return " ".join([_NAMED.sub("@", word) if "@" in word else word for word in words])


def command_of(text: str) -> str:
    """Return the SMTP command that was refused, as far as the report tells."""
    text = text[:_MAX_WORDS].lower()
    if "user unknown" in text and _OWN_UNKNOWN.search(text):
        return "RCPT"
    joined = " ".join(text.split())
    for command, words, phrases in _COMMANDS:
        if any(map(joined.__contains__, words)) and _says(text, joined, phrases):
            return command
    sent = _TRANSCRIPT.findall(text) if ">>>" in text else []
    return str(sent[-1]).upper() if sent else ""


def _says(text: str, joined: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in (text if "\n" in phrase else joined) for phrase in phrases)


def status_in(text: str) -> tuple[str, bool]:
    """Return the enhanced status a text gives, and whether it follows a fitting reply code."""
    replied = _REPLY_STATUS.search(text)
    if replied:
        return replied[2], True
    found = _STATUS.search(text)
    return (found[1], False) if found else ("", False)


def _status_of(said: Said) -> str:
    """Return the status that tells most: a server's own words before the field made of them."""
    exact, is_reply = status_in(said.words)
    given, _ = status_in(said.status)
    if exact and (is_reply or not given or given.endswith(".0.0")):
        return exact
    if given and not given.endswith(".0.0"):
        return given
    return exact or given or status_in(said.context)[0]


def finding_of(said: Said) -> Finding:
    """Return kind, status and hardness of one failed delivery."""
    status = _status_of(said)
    command = command_of(said.context) or (
        command_of(said.words) if said.words != said.context else ""
    )
    words = lowered(said.words)
    context = words if said.context == said.words else lowered(said.context)
    kind = _kind_told(said, words, context, status, command) or _by_status(status)
    if command in _EARLIER and (kind in HARD or kind in ("filtered", "securityerror")):
        kind = "rejected" if command == "MAIL" else "blocked"
    if kind == "userunknown" and _RULES.search(said.reporter):
        kind = "filtered"
    is_delay = said.action.startswith("delay")
    if not kind:
        is_late = is_delay or said.action.startswith("expired")
        kind = "expired" if is_late else "onhold" if words or context else "undefined"
    hard = kind in HARD and not is_delay and _is_final(kind, status, command, words or context)
    return Finding(kind, status or _default_status(kind, words or context), hard)


def _kind_told(said: Said, words: str, context: str, status: str, command: str) -> str:
    """Return the kind that words tell: the server's reply, else all that concerns the recipient."""
    kind = BY_CATEGORY.get(said.category, "")
    replied = _REPLY_STATUS.search(words)
    if replied and replied.start() and not kind:
        kind = _kind_of(words[replied.start() :], status, command, is_program=said.is_program)
    if words and not kind:
        kind = _kind_of(words, status, command, is_program=said.is_program)
    if not context or context == words:
        return kind
    if not kind:
        return _kind_of(context, status, command, is_program=said.is_program)
    if kind in _VAGUE:
        wider = _plain_kind(context, status, command, is_program=said.is_program)
        return wider if wider in ("suspend", "userunknown") else kind
    return kind


def _by_status(status: str) -> str:
    subject = status[2:]
    if subject in BY_STATUS:
        return BY_STATUS[subject]
    if re.fullmatch(r"7\.6[0-4]\d", subject):
        return "blocked"
    return "securityerror" if subject.startswith("7.") else ""


def _default_status(kind: str, text: str) -> str:
    """Return a status for a report without one; a temporary reply makes it temporary."""
    status = DEFAULT_STATUS.get(kind, "")
    reply = _REPLY.search(text)
    return f"4{status[1:]}" if status and reply and reply[1].startswith("4") else status


def _is_final(kind: str, status: str, command: str, text: str) -> bool:
    """Tell whether a refusal of the address is meant for good, even where its code is temporary."""
    reply = _REPLY.search(text)
    code = status or (reply[1] if reply else "")
    if code.startswith("5"):
        return True
    if _WAVERING.search(text):
        return not code and not _AGAIN.search(text)
    return not code or kind == "hostunknown" or (kind == "userunknown" and command == "RCPT")


def _plain_kind(text: str, status: str, command: str, *, is_program: bool) -> str:
    """Return the kind of words that tell it for sure, or nothing."""
    patterns = _patterns()
    for kind, phrases in patterns.early:
        if phrases.is_in(text):
            return kind
    if is_program and patterns.program.is_in(text):
        return "mailererror"
    if not patterns.unknown.is_in(text):
        return ""
    is_meant = command == "RCPT" or bool(_ADDRESS_STATUS.fullmatch(status) or _CERTAIN.search(text))
    is_local = not _HEARSAY.search(text) and status[2:] in ("", "0.0", "5.0")
    return "userunknown" if is_meant or is_local else "filtered"


def _kind_of(text: str, status: str, command: str, *, is_program: bool) -> str:
    """Return the kind of words, the vaguer ones included."""
    plain = _plain_kind(text, status, command, is_program=is_program)
    if plain:
        return plain
    is_address = bool(_ADDRESS_STATUS.fullmatch(status))
    for kind, phrases in _patterns().late:
        if (kind in _STRONG or not is_address) and phrases.is_in(text):
            return kind
    return _by_status(status) if is_address else ""
