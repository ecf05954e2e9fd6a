"""Webhooks of Instagram: one event of one account, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
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
from helpdesk_tui.domain.messaging.meta_reading import moment_of
from helpdesk_tui.domain.messaging.received import (
    Echo,
    Medium,
    News,
    Reaction,
    ReadUpTo,
    Received,
    Unsent,
)

_FILES = ("image", "video", "audio", "file")
_SHARED = ("share", "ig_reel", "reel", "ig_post", "post", "template", "fallback")
_SIGNS = MappingProxyType(
    {
        "love": "❤",
        "like": "👍",
        "dislike": "👎",
        "smile": "😊",
        "angry": "😠",
        "sad": "😢",
        "wow": "😮",
    }
)
"""Reactions that older programs name by a word."""
HEART = "❤"


def events_of(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give the events of an entry, also those that another app answers, and those of a change."""
    yield from objects_at(entry, "messaging")
    yield from objects_at(entry, "standby")
    for change in objects_at(entry, "changes"):
        value = object_at(change, "value")
        if object_at(value, "sender") and object_at(value, "recipient"):
            yield value


def event_news(event: Mapping[str, Any], account: str, arrived: datetime) -> Iterator[News]:
    """Give what one event says; nothing for one that concerns no message.

    Args:
        event: As it stands in ``messaging`` or ``standby``.
        account: The id of our account.
        arrived: When it came.
    """
    at = moment_of(event.get("timestamp"), arrived)
    sender, recipient = id_at(event, "sender", "id"), id_at(event, "recipient", "id")
    message = object_at(event, "message")
    is_ours = is_true(message, "is_echo") or (sender == account != "")
    customer = recipient if is_ours else sender
    if not customer:
        return
    if message:
        yield from _message(message, at, customer, is_ours=is_ours)
    yield from _signs(event, at, customer, is_ours=is_ours)
    postback = object_at(event, "postback")
    if id_at(postback, "mid") and not is_ours:
        text = text_at(postback, "title") or text_at(postback, "payload")
        yield Received(id_at(postback, "mid"), at, customer, text, notices=_untold(text))
    edit = object_at(event, "message_edit")
    if id_at(edit, "mid"):
        yield _edited(edit, at, customer, is_ours=is_ours)


def _message(
    message: Mapping[str, Any], at: datetime, customer: str, *, is_ours: bool
) -> Iterator[News]:
    mid = id_at(message, "mid")
    if not mid:
        return
    if is_true(message, "is_deleted"):
        yield Unsent(mid, at)
        return
    text, media, notices = _body(message)
    if is_ours:
        yield Echo(mid, at, customer, text, media, notices)
        return
    yield Received(
        mid,
        at,
        customer,
        text,
        media=media,
        answers=id_at(message, "reply_to", "mid"),
        notices=notices,
    )


def _signs(
    event: Mapping[str, Any], at: datetime, customer: str, *, is_ours: bool
) -> Iterator[News]:
    reaction = object_at(event, "reaction")
    about = id_at(reaction, "mid")
    if about:
        is_gone = word_at(reaction, "action") == "unreact"
        yield Reaction(about, at, customer, "" if is_gone else sign_of(reaction), is_ours=is_ours)
    read = object_at(event, "read")
    if read and not is_ours:
        yield ReadUpTo(customer, at, id_at(read, "mid"))


def _edited(
    edit: Mapping[str, Any], at: datetime, customer: str, *, is_ours: bool
) -> Received | Echo:
    """Return the new words of a message as one of its own: what was said first stays said."""
    mid = id_at(edit, "mid")
    external_id, text = f"{mid}#{word_at(edit, 'num_edit') or '1'}", text_at(edit, "text")
    if is_ours:
        return Echo(external_id, at, customer, text)
    return Received(external_id, at, customer, text, answers=mid, notices=_untold(text))


def sign_of(reaction: Mapping[str, Any]) -> str:
    """Return the sign of a reaction, which some answers only name by a word."""
    word = word_at(reaction, "reaction")
    sign = word_at(reaction, "emoji") or _SIGNS.get(word, "")
    if sign or not word or (word.isascii() and word.isalpha()):
        return sign or HEART
    return word


def _body(message: Mapping[str, Any]) -> tuple[str, tuple[Medium, ...], tuple[Notice, ...]]:
    text = text_at(message, "text")
    media: list[Medium] = []
    notices = list(_story(message))
    if notices:
        media += link_medium("story", url_at(message, "reply_to", "story", "url"))
    for attachment in objects_at(message, "attachments"):
        kind, url = word_at(attachment, "type"), url_at(attachment, "payload", "url")
        if kind in _FILES and url:
            media += link_medium(kind, url)
        elif kind == "like_heart":
            text = text or HEART
        else:
            notices.append(_attached(kind, attachment, url))
            if kind in ("story_mention", "ig_story"):
                media += link_medium("story", url)
    if is_true(message, "is_unsupported"):
        notices.append(notice(NoticeKind.UNSUPPORTED, type="message"))
    return text, tuple(media), (*notices, *(() if media or notices else _untold(text)))


def _story(message: Mapping[str, Any]) -> Iterator[Notice]:
    story = object_at(message, "reply_to", "story")
    if story:
        link, story_id = url_at(story, "url"), id_at(story, "id")
        yield notice(NoticeKind.STORY, what="reply", link=link, id=story_id)
    for product in (object_at(message, "referral"), object_at(message, "referral", "product")):
        title = word_at(product, "ads_context_data", "ad_title") or word_at(product, "id")
        if title:
            yield notice(NoticeKind.SHARED, link=url_at(product, "source_url"), title=title)


def _attached(kind: str, attachment: Mapping[str, Any], url: str) -> Notice:
    payload = object_at(attachment, "payload")
    if kind in ("story_mention", "ig_story"):
        what = "mention" if kind == "story_mention" else "reply"
        return notice(NoticeKind.STORY, what=what, link=url, id=id_at(payload, "id"))
    if kind in _SHARED:
        title = word_at(payload, "title") or word_at(attachment, "title")
        return notice(NoticeKind.SHARED, link=url or url_at(attachment, "url"), title=title)
    return notice(NoticeKind.UNSUPPORTED, type=kind or "?")


def _untold(text: str) -> tuple[Notice, ...]:
    """Return the word for a message that says nothing that could be shown."""
    return () if text else (notice(NoticeKind.UNSUPPORTED, type="message"),)


def link_medium(kind: str, url: str, content_type: str = "", name: str = "") -> Iterator[Medium]:
    """Give the file that an address leads to; nothing where there is none."""
    if url:
        yield Medium(
            {"kind": f"instagram-{kind}", "url": url}, content_type=content_type, name=name
        )


def notice(kind: NoticeKind, **values: str) -> Notice:
    """Return a notice with those of its values that are not empty."""
    return Notice(kind, tuple((name, value) for name, value in values.items() if value))
