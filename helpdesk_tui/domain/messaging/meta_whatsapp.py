"""Webhooks of the WhatsApp Cloud API: one change of one number, as values."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.json_fields import id_at, object_at, objects_at, text_at, url_at, word_at
from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.meta_codes import code_of
from helpdesk_tui.domain.messaging.meta_reading import moment_of, number_of
from helpdesk_tui.domain.messaging.received import (
    Echo,
    Medium,
    News,
    Reaction,
    Received,
    StatusNews,
    Unsent,
)

_FILES = ("image", "video", "audio", "document", "sticker")
_STATES = {
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "played": Delivery.READ,
    "failed": Delivery.FAILED,
}
_MOST_CARDS = 20

Item = tuple[Mapping[str, Any], News]
_Body = tuple[str, tuple[Medium, ...], tuple[Notice, ...]]
"""Text, files and notices of a message."""


def change_news(change: Mapping[str, Any], arrived: datetime) -> Iterator[Item]:
    """Give what one change says, each with the JSON it stands in; blocks on nothing.

    What concerns no message (groups, templates, the account) gives nothing.
    """
    value = object_at(change, "value")
    people = {id_at(each, "wa_id"): each for each in objects_at(value, "contacts")}
    for message in objects_at(value, "messages"):
        news = _message(message, people, arrived)
        if news is not None:
            yield message, news
    for echo in objects_at(value, "message_echoes"):
        news = _echo(echo, arrived)
        if news is not None:
            yield echo, news
    for status in objects_at(value, "statuses"):
        told = _status(status, arrived)
        if told is not None:
            yield status, told


def _message(
    message: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]], arrived: datetime
) -> News | None:
    external_id, sender = id_at(message, "id"), _sender(message, people)
    if not external_id or not sender:
        return None
    at = moment_of(message.get("timestamp"), arrived)
    kind = word_at(message, "type")
    if kind == "reaction":
        about = id_at(message, "reaction", "message_id")
        if about:
            return Reaction(about, at, sender, word_at(message, "reaction", "emoji"))
    if kind == "revoke" and (about := id_at(message, "revoke", "original_message_id")):
        return Unsent(about, at)
    person = people.get(id_at(message, "from")) or _only(people)
    text, media, notices = _body(message, kind)
    user_id = id_at(message, "from_user_id") or id_at(person, "user_id")
    former = _former(message, kind, sender)
    return Received(
        external_id,
        at,
        former[1] if former else sender,
        text,
        name=word_at(person, "profile", "name"),
        media=media,
        answers=id_at(message, "context", "id") or id_at(message, "edit", "original_message_id"),
        notices=notices,
        handle=user_id if user_id != sender else "",
        former_address=former[0] if former else "",
    )


def _sender(message: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the number of who wrote; where Meta gives none any more, the id that it gives."""
    return (
        number_of(id_at(message, "from"))
        or id_at(message, "from_user_id")
        or id_at(_only(people), "user_id")
    )


def _only(people: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    return next(iter(people.values())) if len(people) == 1 else {}


def _former(message: Mapping[str, Any], kind: str, sender: str) -> tuple[str, str] | None:
    """Return the number a person had and the one that they have now, where they changed it."""
    changed = object_at(message, "system")
    now = number_of(id_at(changed, "new_wa_id") or id_at(changed, "wa_id"))
    is_change = kind == "system" and "changed" in word_at(changed, "type")
    return (sender, now) if is_change and now and now != sender else None


def _echo(echo: Mapping[str, Any], arrived: datetime) -> News | None:
    """Return a message that somebody of ours wrote in the phone's app."""
    external_id, customer = id_at(echo, "id"), number_of(id_at(echo, "to"))
    if not external_id or not customer:
        return None
    at, kind = moment_of(echo.get("timestamp"), arrived), word_at(echo, "type")
    if kind == "revoke" and (about := id_at(echo, "revoke", "original_message_id")):
        return Unsent(about, at)
    text, media, notices = _body(echo, kind)
    return Echo(external_id, at, customer, text, media, notices)


def _status(status: Mapping[str, Any], arrived: datetime) -> StatusNews | None:
    external_id, state = id_at(status, "id"), _STATES.get(word_at(status, "status"))
    if not external_id or state is None:
        return None
    trouble = next(objects_at(status, "errors"), {})
    return StatusNews(
        external_id,
        state,
        moment_of(status.get("timestamp"), arrived),
        code=code_of(trouble) if state is Delivery.FAILED else "",
        text=_said_of(trouble),
        reference=id_at(status, "biz_opaque_callback_data"),
    )


def _said_of(trouble: Mapping[str, Any]) -> str:
    return (
        word_at(trouble, "error_data", "details")
        or word_at(trouble, "message")
        or word_at(trouble, "title")
    )


def _body(message: Mapping[str, Any], kind: str) -> _Body:
    """Return what a message holds; of a type that is not known, the word for that."""
    known = _KINDS.get(kind)
    found = known(message, kind) if known is not None else None
    if found is None or not any(found):
        found = ("", (), (_unsupported(message, kind),))
    text, media, notices = found
    return text, media, (*notices, *_beside(message))


def _unsupported(message: Mapping[str, Any], kind: str) -> Notice:
    inner = word_at(message, "unsupported", "type") or word_at(message, "unsupported", "raw_type")
    said = _said_of(next(objects_at(message, "errors"), {}))
    values = (("type", inner or kind or "?"), ("said", said))
    return _notice(NoticeKind.UNSUPPORTED, *values)


def _beside(message: Mapping[str, Any]) -> Iterator[Notice]:
    """Give what a message came from: an advertisement, or a product that is asked about."""
    referral = object_at(message, "referral")
    if referral:
        title = word_at(referral, "headline") or word_at(referral, "body")
        link = url_at(referral, "source_url")
        yield _notice(NoticeKind.SHARED, ("link", link), ("title", title))
    product = word_at(message, "context", "referred_product", "product_retailer_id")
    if product:
        yield _notice(NoticeKind.SHARED, ("link", ""), ("title", product))


def _text(message: Mapping[str, Any], kind: str) -> _Body:
    return text_at(message, "text", "body"), (), ()


def _file(message: Mapping[str, Any], kind: str) -> _Body:
    said = object_at(message, kind)
    media_id = id_at(said, "id")
    medium = Medium(
        {"kind": "whatsapp", "id": media_id},
        content_type=word_at(said, "mime_type").partition(";")[0].strip().lower(),
        name=word_at(said, "filename"),
        sha256=_hex(word_at(said, "sha256")),
    )
    return text_at(said, "caption"), (medium,) if media_id else (), ()


def _hex(digest: str) -> str:
    """Return a SHA-256 in hex, as Meta writes it in base 64."""
    try:
        found = base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return found.hex() if len(found) == 32 else ""


def _location(message: Mapping[str, Any], kind: str) -> _Body:
    said = object_at(message, "location")
    names = ("name", "address", "latitude", "longitude")
    return "", (), (_notice(NoticeKind.LOCATION, *((name, word_at(said, name)) for name in names)),)


def _contacts(message: Mapping[str, Any], kind: str) -> _Body:
    cards = list(objects_at(message, "contacts"))[:_MOST_CARDS]
    return "", (), tuple(_card(each) for each in cards)


def _card(card: Mapping[str, Any]) -> Notice:
    phone: Mapping[str, Any] = next(objects_at(card, "phones"), {})
    email: Mapping[str, Any] = next(objects_at(card, "emails"), {})
    name = word_at(card, "name", "formatted_name") or word_at(card, "name", "first_name")
    return _notice(
        NoticeKind.CONTACT,
        ("name", name or word_at(card, "org", "company")),
        ("phone", word_at(phone, "phone") or number_of(word_at(phone, "wa_id"))),
        ("email", word_at(email, "email")),
    )


def _button(message: Mapping[str, Any], kind: str) -> _Body:
    return text_at(message, "button", "text") or text_at(message, "button", "payload"), (), ()


def _interactive(message: Mapping[str, Any], kind: str) -> _Body:
    said = object_at(message, "interactive")
    chosen = object_at(said, word_at(said, "type"))
    lines = (text_at(chosen, "title") or text_at(chosen, "body"), text_at(chosen, "description"))
    return "\n".join(line for line in lines if line), (), ()


def _order(message: Mapping[str, Any], kind: str) -> _Body:
    said = object_at(message, "order")
    lines = [text_at(said, "text")]
    for item in objects_at(said, "product_items"):
        names = ("quantity", "product_retailer_id", "item_price", "currency")
        count, product, price, currency = (word_at(item, name) for name in names)
        lines.append(f"{count} × {product}, {price} {currency}".strip(" ,"))
    return "\n".join(line for line in lines if line), (), ()


def _system(message: Mapping[str, Any], kind: str) -> _Body:
    return text_at(message, "system", "body"), (), ()


def _edit(message: Mapping[str, Any], kind: str) -> _Body:
    inner = object_at(message, "edit", "message")
    known = _KINDS.get(word_at(inner, "type"))
    if known is None or known is _edit:
        return "", (), ()
    return known(inner, word_at(inner, "type"))


def _notice(kind: NoticeKind, *values: tuple[str, str]) -> Notice:
    return Notice(kind, tuple((name, value) for name, value in values if value))


_KINDS: Mapping[str, Callable[[Mapping[str, Any], str], _Body]] = {
    "text": _text,
    **dict.fromkeys(_FILES, _file),
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
    "system": _system,
    "edit": _edit,
}
