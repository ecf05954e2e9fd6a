"""Conversations of Instagram as its API answers them, for accounts that are asked now and then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.json_fields import (
    id_at,
    is_true,
    object_at,
    objects_at,
    text_at,
    url_at,
    word_at,
)
from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.messaging.meta_instagram import link_medium, notice, sign_of
from helpdesk_tui.domain.messaging.meta_reading import moment_of
from helpdesk_tui.domain.messaging.received import Echo, Medium, News, Reaction, Received

MESSAGE_FIELDS = "id,created_time,from,to,message,attachments,story,shares,reactions,is_unsupported"
"""What is asked of a message."""
READABLE = 20
"""Newest messages of a conversation whose words can still be read."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A conversation as the list of them names it."""

    id: str
    updated_at: datetime


def changed_of(page: Mapping[str, Any], arrived: datetime) -> list[Changed]:
    """Return the conversations on one page of the list, in its order."""
    return [
        Changed(id_at(each, "id"), moment_of(each.get("updated_time"), arrived))
        for each in objects_at(page, "data")
        if id_at(each, "id")
    ]


def after_of(page: Mapping[str, Any]) -> str:
    """Return the cursor of the next page; empty at the end. The address beside it has the token."""
    paging = object_at(page, "paging")
    return id_at(paging, "cursors", "after") if url_at(paging, "next") else ""


def messages_of(conversation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the messages of a conversation, newest first as they stand there."""
    return list(objects_at(conversation, "messages", "data"))


def customer_of(conversation: Mapping[str, Any], account: str) -> str:
    """Return the id of the other side of a conversation; empty where it is not said."""
    people = [id_at(each, "id") for each in objects_at(conversation, "participants", "data")]
    return next((each for each in people if each and each != account), "")


def has_content(message: Mapping[str, Any]) -> bool:
    """Tell whether the words of a message were given, or only its id."""
    return bool(object_at(message, "from"))


def message_news(message: Mapping[str, Any], ours: frozenset[str], arrived: datetime) -> list[News]:
    """Return what one message of the API says: the message, and what was put to it.

    Args:
        message: As the API answers it.
        ours: Ids and user names by which the API may name our account.
        arrived: When it was asked.
    """
    mid, sender = id_at(message, "id"), id_at(message, "from", "id")
    if not mid or not sender:
        return []
    at = moment_of(message.get("created_time"), arrived)
    handle = id_at(message, "from", "username")
    text, media, notices = _body(message)
    found: News
    if sender in ours or handle in ours:
        to: Mapping[str, Any] = next(objects_at(message, "to", "data"), {})
        customer = id_at(to, "id")
        found = Echo(mid, at, customer, text, media, notices, handle=id_at(to, "username"))
    else:
        customer = sender
        found = Received(mid, at, sender, text, media=media, notices=notices, handle=handle)
    if not customer:
        return []
    return [found, *_reactions(message, mid, at, customer, ours)]


def _reactions(
    message: Mapping[str, Any], mid: str, at: datetime, customer: str, ours: frozenset[str]
) -> Iterator[News]:
    for reaction in objects_at(message, "reactions", "data"):
        people = {id_at(each, "id") for each in objects_at(reaction, "users")}
        people |= {id_at(each, "username") for each in objects_at(reaction, "users")}
        yield Reaction(mid, at, customer, sign_of(reaction), is_ours=bool(people & ours))


def _body(message: Mapping[str, Any]) -> tuple[str, tuple[Medium, ...], tuple[Notice, ...]]:
    text = text_at(message, "message")
    media: list[Medium] = []
    notices: list[Notice] = []
    for what in ("reply_to", "mention"):
        story = object_at(message, "story", what)
        if story:
            link = url_at(story, "link")
            kind = "reply" if what == "reply_to" else what
            notices.append(notice(NoticeKind.STORY, what=kind, link=link, id=id_at(story, "id")))
            media += link_medium("story", link)
    for share in objects_at(message, "shares", "data"):
        title = word_at(share, "name") or word_at(share, "title")
        notices.append(notice(NoticeKind.SHARED, link=url_at(share, "link"), title=title))
    for attachment in objects_at(message, "attachments", "data"):
        media += _attachment(attachment)
    if is_true(message, "is_unsupported") or not (text or media or notices):
        notices.append(notice(NoticeKind.UNSUPPORTED, type="message"))
    return text, tuple(media), tuple(notices)


def _attachment(attachment: Mapping[str, Any]) -> Iterator[Medium]:
    places = {"image": ("image_data", "url"), "video": ("video_data", "url"), "file": ("file_url",)}
    for kind, path in places.items():
        url = url_at(attachment, *path)
        if url:
            content_type = word_at(attachment, "mime_type").lower()
            yield from link_medium(kind, url, content_type, word_at(attachment, "name"))
            return
