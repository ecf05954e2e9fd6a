"""What the box and the relay say to each other: one place for both ends of the line.

All values are JSON. Instants are RFC 3339 in UTC with ``Z`` and microseconds, ids are strings.
Whoever reads checks: the relay faces the internet, and the box believes nothing it says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from helpdesk_tui.domain.errors import RemoteError

VERSION = 1
"""Of this protocol; the relay says it in every answer to the box (header ``X-Relay-Version``)."""

TEXT_LIMIT = 4_000
"""Characters of one message of a visitor."""
FILE_LIMIT = 10_000_000
"""Bytes of one file, either way."""
FILES_LIMIT = 5
"""Files of one message."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


class EventKind(StrEnum):
    """What the relay tells the box; kept until the box has acknowledged it."""

    STARTED = "started"
    """A conversation began; its first message follows."""
    MESSAGE = "message"
    """The visitor wrote."""
    DELIVERED = "delivered"
    """The visitor's browser has this message of ours and all before it."""
    SEEN = "seen"
    """The visitor has seen this message of ours and all before it."""
    LEFT = "left"
    """No browser of the visitor has been there for a while."""
    BACK = "back"
    """The visitor is there again."""
    PERSON = "person"
    """The visitor asks for a person."""
    ENDED = "ended"
    """The visitor ended the chat."""
    VOTE = "vote"
    """Somebody said whether an answer of the FAQ helped; belongs to no conversation."""


class Author(StrEnum):
    """Who wrote a message of ours."""

    AGENT = "agent"
    AUTO = "auto"
    AI = "ai"


@dataclass(frozen=True, slots=True)
class WireFile:
    """A file of a message; its bytes are fetched or put on their own."""

    id: str
    """The relay's id of an upload; the SHA-256 of a file of ours."""
    name: str
    content_type: str
    """By its bytes, never by what the sender says."""
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """A customer as the shop's server has signed them."""

    id: str
    email: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened at the relay; which fields are filled in depends on the kind."""

    seq: int
    kind: EventKind
    at: datetime
    conversation: str = ""
    visitor: Visitor | None = None
    """``started``."""
    language: str = ""
    timezone: str = ""
    page: str = ""
    client_id: str = ""
    """``message``: made by the browser; the same one twice is one message."""
    text: str = ""
    files: tuple[WireFile, ...] = ()
    faq: str = ""
    """``message``: key of the answer that was read before; ``vote``: key of the answer."""
    message: str = ""
    """``delivered`` and ``seen``: the id that the box gave the message."""
    helpful: bool = False
    """``vote``."""


@dataclass(frozen=True, slots=True)
class Live:
    """What holds now and is never stored: one running conversation."""

    conversation: str
    online: bool
    typing: bool


@dataclass(frozen=True, slots=True)
class News:
    """Answer to one poll of the box."""

    events: tuple[Event, ...]
    live_version: int
    """Changes with ``live``; given back with the next poll."""
    live: tuple[Live, ...] = ()


@dataclass(frozen=True, slots=True)
class OurMessage:
    """A message of ours on its way to a visitor."""

    conversation: str
    id: str
    """Idempotency key: the external id of the message in the store."""
    author: Author
    name: str
    """As the visitor sees it."""
    text: str
    at: datetime
    files: tuple[WireFile, ...] = ()


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A published answer in one language."""

    key: str
    language: str
    question: str
    answer: str
    category: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What the box publishes of one webchat account: everything the widget shows."""

    id: str
    name: str
    """Of the shop, as visitors read it."""
    enabled: bool
    """Off: the tab is hidden and running chats are told."""
    login: str
    """``all`` or ``logged-in``: who sees the tab. Writing always needs a signed identity."""
    origins: tuple[str, ...]
    """Web origins whose pages may carry the tab, such as ``https://shop.example``."""
    identity_keys: tuple[str, ...]
    """Secrets the shop signs with, newest first; never given to a browser."""
    languages: tuple[str, ...]
    """First one: where the visitor's own has no texts."""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language → name → text, over the widget's own: ``title``, ``welcome``, ``away`` …"""
    accent: str = "#3355dd"
    """``#rrggbb``; the widget finds a readable colour for text on it by itself."""
    scheme: str = "auto"
    """``auto``, ``light`` or ``dark``."""
    side: str = "right"
    """``right`` or ``left``."""
    privacy_url: str = ""
    terms_url: str = ""
    login_url: str = ""
    """Where a visitor who is not logged in is sent to."""
    support_address: str = ""
    hours: tuple[tuple[datetime, datetime], ...] = ()
    """When the team is there, for the weeks to come; empty: always."""
    faq: tuple[FaqEntry, ...] = ()
    has_responder: bool = False
    """An automatic answer comes first: "ask a person" is offered."""


class WireError(RemoteError):
    """The other end said something that this program does not understand."""


def moment_text(moment: datetime) -> str:
    """Return an aware instant as it is written on the wire."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(value: object) -> datetime:
    """Return an instant of the wire.

    Raises:
        WireError: ``relay.nonsense`` if it is none.
    """
    try:
        found = datetime.fromisoformat(str(value))
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        # the first and the last day there are end before they are over in another zone
        raise WireError("relay.nonsense", what="at") from None
    raise WireError("relay.nonsense", what="at")


def is_id(value: str) -> bool:
    """Tell whether a text can be an id: letters, digits, ``_`` and ``-``, at most 128."""
    return _ID.fullmatch(value) is not None


def is_language(value: str) -> bool:
    """Tell whether a text has the form of a language tag (BCP 47, the common part of it)."""
    return _LANGUAGE.fullmatch(value) is not None


def event_json(event: Event) -> dict[str, Any]:
    """Return an event as JSON; empty fields are left out."""
    plain: dict[str, Any] = {
        "seq": event.seq,
        "kind": event.kind.value,
        "at": moment_text(event.at),
        "conversation": event.conversation,
        "language": event.language,
        "timezone": event.timezone,
        "page": event.page,
        "client_id": event.client_id,
        "text": event.text,
        "files": [file_json(each) for each in event.files],
        "faq": event.faq,
        "message": event.message,
        "helpful": event.helpful,
    }
    if event.visitor is not None:
        plain["visitor"] = {
            "id": event.visitor.id, "email": event.visitor.email, "name": event.visitor.name
        }  # fmt: skip
    return {name: value for name, value in plain.items() if value not in ("", [], False)}


def event_of(value: object) -> Event:
    """Return an event of the wire.

    Raises:
        WireError: ``relay.nonsense`` with the name of the field.
    """
    said = _object(value, "event")
    kind = _text(said, "kind")
    if kind not in set(EventKind):
        raise WireError("relay.nonsense", what="kind")
    visitor = said.get("visitor")
    return Event(
        seq=_whole(said, "seq"),
        kind=EventKind(kind),
        at=moment_of(said.get("at")),
        conversation=_key(said, "conversation"),
        visitor=None if visitor is None else visitor_of(visitor),
        language=_text(said, "language", 35),
        timezone=_text(said, "timezone", 64),
        page=_text(said, "page", 2_000),
        client_id=_key(said, "client_id"),
        text=_text(said, "text", 4 * TEXT_LIMIT),
        files=tuple(file_of(each) for each in _list(said, "files", FILES_LIMIT)),
        faq=_text(said, "faq", 200),
        message=_text(said, "message", 998),
        helpful=said.get("helpful") is True,
    )


def visitor_of(value: object) -> Visitor:
    """Return a visitor of the wire; raises WireError."""
    said = _object(value, "visitor")
    return Visitor(_text(said, "id", 256), _text(said, "email", 254), _text(said, "name", 200))


def file_json(file: WireFile) -> dict[str, Any]:
    """Return a file as JSON."""
    return {
        "id": file.id,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
    }


def file_of(value: object) -> WireFile:
    """Return a file of the wire; raises WireError."""
    said = _object(value, "file")
    sha256 = _text(said, "sha256", 64)
    if not _SHA256.fullmatch(sha256):
        raise WireError("relay.nonsense", what="sha256")
    size = _whole(said, "size")
    if size > FILE_LIMIT:
        raise WireError("relay.nonsense", what="size")
    return WireFile(
        id=_key(said, "id"),
        name=_text(said, "name", 1_000),
        content_type=_text(said, "content_type", 100),
        size=size,
        sha256=sha256,
    )


def news_json(news: News) -> dict[str, Any]:
    """Return the answer to a poll as JSON."""
    return {
        "events": [event_json(each) for each in news.events],
        "live": {
            "version": news.live_version,
            "conversations": {
                each.conversation: {"online": each.online, "typing": each.typing}
                for each in news.live
            },
        },
    }


def news_of(value: object) -> News:
    """Return the answer to a poll; raises WireError."""
    said = _object(value, "news")
    live = _object(said.get("live"), "live")
    running = _object(live.get("conversations"), "conversations")
    return News(
        events=tuple(event_of(each) for each in _list(said, "events", 10_000)),
        live_version=_whole(live, "version"),
        live=tuple(
            Live(str(name), _is_true(each, "online"), _is_true(each, "typing"))
            for name, each in running.items()
            if is_id(str(name))
        ),
    )


def message_json(message: OurMessage) -> dict[str, Any]:
    """Return a message of ours as JSON."""
    return {
        "conversation": message.conversation,
        "id": message.id,
        "author": {"kind": message.author.value, "name": message.name},
        "text": message.text,
        "at": moment_text(message.at),
        "files": [file_json(each) for each in message.files],
    }


def message_of(value: object) -> OurMessage:
    """Return a message of ours as the relay reads it; raises WireError."""
    said = _object(value, "message")
    author = _object(said.get("author"), "author")
    kind = _text(author, "kind")
    if kind not in set(Author):
        raise WireError("relay.nonsense", what="author")
    return OurMessage(
        conversation=_key(said, "conversation"),
        id=_text(said, "id", 998),
        author=Author(kind),
        name=_text(author, "name", 200),
        text=_text(said, "text", 100_000),
        at=moment_of(said.get("at")),
        files=tuple(file_of(each) for each in _list(said, "files", FILES_LIMIT)),
    )


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise WireError("relay.nonsense", what=what)
    return value


def _list(said: Mapping[str, Any], name: str, most: int) -> Sequence[Any]:
    value = said.get(name, [])
    if not isinstance(value, list) or len(value) > most:
        raise WireError("relay.nonsense", what=name)
    return value


def _text(said: Mapping[str, Any], name: str, most: int = 200) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > most or not _is_storable(value):
        raise WireError("relay.nonsense", what=name)
    return value


def _is_storable(text: str) -> bool:
    """Tell whether a text is one: an escape of JSON can stand for half of a character."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def _key(said: Mapping[str, Any], name: str) -> str:
    value = _text(said, name, 128)
    if value and not is_id(value):
        raise WireError("relay.nonsense", what=name)
    return value


def _whole(said: Mapping[str, Any], name: str) -> int:
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise WireError("relay.nonsense", what=name)
    return value


def _is_true(value: object, name: str) -> bool:
    return isinstance(value, Mapping) and value.get(name) is True
