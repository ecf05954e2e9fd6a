"""The one mail that a visitor gets who left a chat before its answers were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk_tui.domain.languages import base_language
from helpdesk_tui.domain.text import clean, clean_lines

FOLLOW_UP = "follow-up"
FOLLOW_UP_ADDRESS = "follow-up-address"
"""Names of the settings: whether there is one, and where it comes from."""

AFTER = timedelta(minutes=3)
"""A reply is given this long to be read in the chat."""
ENVELOPE = 30_000
"""Bytes of headers and text that every mail is given room for."""

_SUBJECT: Mapping[str, str] = {
    "en": "Your chat with {store}",
    "pl": "Twoja rozmowa na czacie: {store}",
    "sv": "Din chatt med {store}",
    "pt": "Sua conversa com {store}",
}
_HELLO: Mapping[str, str] = {
    "en": "Hello {name},",
    "pl": "Dzień dobry, {name},",
    "sv": "Hej {name},",
    "pt": "Olá, {name},",
}
_HELLO_NOBODY: Mapping[str, str] = {
    "en": "Hello,",
    "pl": "Dzień dobry,",
    "sv": "Hej,",
    "pt": "Olá,",
}
_INTRO: Mapping[str, str] = {
    "en": "you left our chat before you could read this answer:",
    "pl": "po zakończeniu Twojej wizyty na czacie napisaliśmy odpowiedź:",
    "sv": "du lämnade vår chatt innan du hann läsa vårt svar:",
    "pt": "você saiu do nosso chat antes de ler esta resposta:",
}
_END: Mapping[str, str] = {
    "en": "To go on, just answer this mail.",
    "pl": "Aby kontynuować, wystarczy odpowiedzieć na tę wiadomość.",
    "sv": "Svara på det här mejlet om du vill fortsätta.",
    "pt": "Para continuar, basta responder a este e-mail.",
}
_LEFT_OUT: Mapping[str, str] = {
    "en": "Too large for this mail: {names}",
    "pl": "Zbyt duże, aby dołączyć do wiadomości: {names}",
    "sv": "För stort för det här mejlet: {names}",
    "pt": "Grande demais para este e-mail: {names}",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What an agent wrote and the visitor has not read."""

    message_id: int
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class FollowedChat:
    """What decides about a follow-up."""

    last_reply_at: datetime | None
    """When a person last replied; None where nobody did."""
    unread: int
    """Replies that were not read in the chat."""
    offline_since: datetime | None
    """None while the visitor is there."""
    is_told: bool = False
    """The conversation has had its follow-up."""


def due_at(chat: FollowedChat) -> datetime | None:
    """Return from when on a follow-up is due; None while nothing calls for one."""
    if chat.is_told or chat.offline_since is None:
        return None
    if chat.last_reply_at is None or not chat.unread:
        return None
    return max(chat.last_reply_at + AFTER, chat.offline_since)


def subject_of(language: str, store: str) -> str:
    """Return the subject: the ticket's number is none of the customer's business here."""
    return " ".join(_SUBJECT[base_language(language)].format(store=clean(store)).split())


def text_of(language: str, name: str, replies: Sequence[Reply], left_out: Iterable[str]) -> str:
    """Return the text: what was written, whose it is, and how to go on.

    Args:
        language: Language tag of the visitor's browser.
        name: The customer's; empty where unknown.
        replies: Oldest first.
        left_out: Names of files that are too large for a mail.
    """
    spoken = base_language(language)
    who = " ".join(clean(name).split())
    parts = [_HELLO[spoken].format(name=who) if who else _HELLO_NOBODY[spoken], _INTRO[spoken]]
    author = ""
    for reply in replies:
        text = clean_lines(reply.text).strip()
        if not text:
            continue
        parts.append(f"{reply.author}:\n{text}" if reply.author not in ("", author) else text)
        author = reply.author
    names = ", ".join(clean(each) for each in left_out)
    if names:
        parts.append(_LEFT_OUT[spoken].format(names=names))
    return "\n\n".join([*parts, _END[spoken]])


def fitting(sizes: Sequence[int], limit: int) -> tuple[int, ...]:
    """Return which files go along: in their order, as many as a limit takes; 0 is no limit.

    Args:
        sizes: Bytes of each.
        limit: Bytes that a whole mail may have on the wire.
    """
    room, found = limit - ENVELOPE, []
    for number, size in enumerate(sizes):
        # files grow on the wire
        wire = -(-size // 57) * 78 + 500
        if not limit or wire <= room:
            found.append(number)
            room -= wire
    return tuple(found)
