"""Mail that tells the team of new tickets: which ones, and what it says.

It holds no links: what stands in it came from strangers, and the team reads it in a mail client.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from helpdesk_tui.domain.languages import base_language
from helpdesk_tui.domain.text import clean, shorten

TEAM_MAIL_EVERY = "team-mail-every"
"""Name of the setting that says how long tickets are gathered."""
DEFAULT_EVERY = "60s"
TOO_OLD = timedelta(hours=1)
"""A ticket that came longer ago is news to nobody: the worker was off, or the setting was."""
MOST_TRIES = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)

_NAMED = 40
"""Tickets that one mail names; the others are counted."""
_WORDS = 80
_ADDRESS = re.compile(r"\S*(?:://|\bwww\.)\S*", re.IGNORECASE)
_HOST = re.compile(r"(?<![\w@.-])[\w-]{1,63}(?:\.[\w-]{1,63})*\.[^\W\d_]{2,24}(?![\w@])")
"""What mail clients take for the name of a host, and so for a link."""
_SUBJECT: Mapping[str, str] = {
    "en": "New tickets ({channel}): {count}",
    "pl": "Nowe zgłoszenia ({channel}): {count}",
    "sv": "Nya ärenden ({channel}): {count}",
    "pt": "Novos tickets ({channel}): {count}",
}
_MESSAGES: Mapping[str, str] = {
    "en": "New messages ({channel}): {count}",
    "pl": "Nowe wiadomości ({channel}): {count}",
    "sv": "Nya meddelanden ({channel}): {count}",
    "pt": "Novas mensagens ({channel}): {count}",
}
_NEW: Mapping[str, str] = {"en": "new", "pl": "nowe", "sv": "nytt", "pt": "novo"}
"""Beside a ticket that begins with the message."""
_INTRO: Mapping[str, str] = {
    "en": "These customers wrote to {desk}:",
    "pl": "Ci klienci napisali do {desk}:",
    "sv": "De här kunderna har skrivit till {desk}:",
    "pt": "Estes clientes escreveram para {desk}:",
}
_MORE: Mapping[str, str] = {
    "en": "and more of them: {count}",
    "pl": "i dalsze: {count}",
    "sv": "och ytterligare: {count}",
    "pt": "e outros mais: {count}",
}
_END: Mapping[str, str] = {
    "en": "This mail was sent automatically. Answer in the helpdesk, not to this mail.",
    "pl": "Ta wiadomość została wysłana automatycznie. Odpowiadaj w helpdesku, nie na nią.",
    "sv": "Det här mejlet skickades automatiskt. Svara i helpdesken, inte på mejlet.",
    "pt": "Este e-mail foi enviado automaticamente. Responda no helpdesk, não a este e-mail.",
}


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What the team reads of a ticket."""

    id: int
    customer: str
    words: str
    """How it begins, or what a further message in it says."""
    is_new: bool = False
    """Where messages are told of: it begins with this one."""


def team_mail(channel: str) -> str:
    """Return the name of the setting that says who is told of a channel's tickets."""
    return f"team-mail-{channel}"


def subject_of(
    language: str, channel: str, tickets: Sequence[NewTicket], *, of_messages: bool = False
) -> str:
    """Return the subject; ``of_messages``: each is a message and not a new ticket."""
    return (_MESSAGES if of_messages else _SUBJECT)[base_language(language)].format(
        channel=channel, count=len(tickets)
    )


def text_of(language: str, desk: str, tickets: Sequence[NewTicket]) -> str:
    """Return the text: one line for each ticket or message."""
    spoken = base_language(language)
    lines = [_line(each, spoken) for each in tickets[:_NAMED]]
    more = len(tickets) - len(lines)
    if more:
        lines.append(_MORE[spoken].format(count=more))
    intro = _INTRO[spoken].format(desk=clean(desk))
    return "\n\n".join([intro, "\n".join(lines), _END[spoken]]) + "\n"


def _line(ticket: NewTicket, spoken: str) -> str:
    words = shorten(" ".join(without_links(clean(ticket.words)).split()), _WORDS)
    name = shorten(" ".join(without_links(clean(ticket.customer)).split()), _WORDS)
    mark = f" ({_NEW[spoken]})" if ticket.is_new else ""
    return f"#{ticket.id}{mark}  {name}: {words}".rstrip(": ")


def without_links(text: str) -> str:
    """Return a text in which nothing can be clicked."""
    return _HOST.sub(lambda found: found[0].replace(".", " ."), _ADDRESS.sub("[…]", text))


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait before the next try."""
    return min(FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 10)), LONGEST_PAUSE)
