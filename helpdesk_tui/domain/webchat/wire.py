"""What the box and the relay say to each other: one place for both ends of the line.

All values are JSON. Instants are RFC 3339 in UTC with ``Z`` and microseconds, ids are strings.
Whoever reads checks: the relay faces the internet, and the box believes nothing it says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.webchat.reading import (
    WireError,
    id_of,
    is_id,
    is_true,
    list_of,
    moment_of,
    moment_text,
    object_of,
    text_of,
    whole_of,
)

VERSION = 1
"""Of this protocol; the relay says it in every answer to the box (header ``X-Relay-Version``)."""

TEXT_LIMIT = 4_000
"""Characters of one message of a visitor."""
FILE_LIMIT = WEBCHAT.attachment_limit
"""Bytes of one file, either way."""
FILES_LIMIT = WEBCHAT.files_limit
"""Files of one message."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


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
    said = object_of(value, "event")
    kind = text_of(said, "kind")
    if kind not in set(EventKind):
        raise WireError("relay.nonsense", what="kind")
    visitor = said.get("visitor")
    return Event(
        seq=whole_of(said, "seq"),
        kind=EventKind(kind),
        at=moment_of(said.get("at")),
        conversation=id_of(said, "conversation"),
        visitor=None if visitor is None else visitor_of(visitor),
        language=text_of(said, "language", 35),
        timezone=text_of(said, "timezone", 64),
        page=text_of(said, "page", 2_000),
        client_id=id_of(said, "client_id"),
        text=text_of(said, "text", 4 * TEXT_LIMIT),
        files=tuple(file_of(each) for each in list_of(said, "files", FILES_LIMIT)),
        faq=text_of(said, "faq", 200),
        message=text_of(said, "message", 998),
        helpful=said.get("helpful") is True,
    )


def visitor_of(value: object) -> Visitor:
    """Return a visitor of the wire; raises WireError."""
    said = object_of(value, "visitor")
    return Visitor(
        text_of(said, "id", 256), text_of(said, "email", 254), text_of(said, "name", 200)
    )


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
    said = object_of(value, "file")
    sha256 = text_of(said, "sha256", 64)
    if not _SHA256.fullmatch(sha256):
        raise WireError("relay.nonsense", what="sha256")
    size = whole_of(said, "size")
    if size > FILE_LIMIT:
        raise WireError("relay.nonsense", what="size")
    return WireFile(
        id=id_of(said, "id"),
        name=text_of(said, "name", 1_000),
        content_type=text_of(said, "content_type", 100),
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
    said = object_of(value, "news")
    live = object_of(said.get("live"), "live")
    running = object_of(live.get("conversations"), "conversations")
    return News(
        events=tuple(event_of(each) for each in list_of(said, "events", 10_000)),
        live_version=whole_of(live, "version"),
        live=tuple(
            Live(str(name), is_true(each, "online"), is_true(each, "typing"))
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
    said = object_of(value, "message")
    author = object_of(said.get("author"), "author")
    kind = text_of(author, "kind")
    if kind not in set(Author):
        raise WireError("relay.nonsense", what="author")
    return OurMessage(
        conversation=id_of(said, "conversation"),
        id=text_of(said, "id", 998),
        author=Author(kind),
        name=text_of(author, "name", 200),
        text=text_of(said, "text", 100_000),
        at=moment_of(said.get("at")),
        files=tuple(file_of(each) for each in list_of(said, "files", FILES_LIMIT)),
    )
