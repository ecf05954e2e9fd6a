"""What a message of SMS, WhatsApp or Instagram carries beside text and files, as lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from helpdesk_tui.domain.mail import NoticeKind
from helpdesk_tui.domain.messages import MessageRow, ShortLinkRow
from helpdesk_tui.domain.messaging.state import Attribution
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import Marked, _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number
from helpdesk_tui.widgets.wrap import shorten_cells

MESSAGING_SIGNS: Mapping[NoticeKind, str] = {
    NoticeKind.QUOTED: "▌ ",
    NoticeKind.STORY: "◉ ",
    NoticeKind.SHARED: "▤ ",
    NoticeKind.LOCATION: "◈ ",
    NoticeKind.CONTACT: "◍ ",
    NoticeKind.REACTION: "",
    NoticeKind.UNSENT: "× ",
    NoticeKind.UNSUPPORTED: "▲ ",
}
"""What stands before the first line of a notice."""

_QUOTED = 160
"""Cells of a quoted message that are shown."""
_STORIES: Marked[Mapping[str, str]] = {
    "reply": "answers our story",
    "mention": "mentions us in a story",
}
_ATTRIBUTED: Marked[Mapping[str, str]] = {
    "campaign": "answers the campaign “{name}”",
    "flow": "answers the flow “{name}”",
}


def messaging_lines(kind: NoticeKind, values: Mapping[str, str]) -> list[str]:
    """Return the lines of a notice whose values are clean."""
    if kind is NoticeKind.QUOTED:
        return _quoted(values)
    if kind is NoticeKind.REACTION:
        return [_reaction(values)]
    if kind is NoticeKind.UNSENT:
        return [_("taken back by its writer: what it said is gone")]
    if kind is NoticeKind.UNSUPPORTED:
        return [
            _("something that cannot be shown here ({type}): it stands in the app only").format(
                type=values.get("type") or "?"
            )
        ]
    if kind is NoticeKind.STORY:
        told = _(_STORIES.get(values.get("what", ""), _STORIES["reply"]))
        return [_joined((told, _host(values)))]
    if kind is NoticeKind.SHARED:
        return [_joined((_("shares a post"), values.get("title"), _host(values)))]
    if kind is NoticeKind.LOCATION:
        point = ", ".join(values[name] for name in ("latitude", "longitude") if values.get(name))
        place = (values.get("name"), values.get("address"), point)
        return [_("place: {place}").format(place=_joined(place))]
    card = (values.get("name"), values.get("phone"), values.get("email"))
    return [_("contact: {card}").format(card=_joined(card))]


def _joined(pieces: Iterable[str | None]) -> str:
    return " · ".join([piece for piece in pieces if piece])


def _host(values: Mapping[str, str]) -> str:
    """Return where a link leads, as far as a person should look at it."""
    try:
        return clean(urlsplit(values.get("link", "")).hostname or "")
    except ValueError:
        return ""


def _quoted(values: Mapping[str, str]) -> list[str]:
    text = " ".join(values.get("text", "").split())
    author = values.get("author", "")
    if not text:
        text = _("a message without text") if values.get("id") else _("a message not known here")
    said = shorten_cells(text, _QUOTED)
    return [f"{author}: {said}" if author else said]


def _reaction(values: Mapping[str, str]) -> str:
    by_us = values.get("by") == "us"
    words = _("{emoji} by us") if by_us else _("{emoji} by the customer")
    return words.format(emoji=values.get("emoji") or "?")


def attribution_line(message: MessageRow, attribution: Attribution | None) -> str:
    """Return which marketing message a message answers; empty for none."""
    if not message.attributed_to:
        return ""
    is_known = attribution is not None and attribution.message_id == message.id
    kind = attribution.kind if attribution is not None and is_known else ""
    words = _(_ATTRIBUTED[kind]) if kind in _ATTRIBUTED else _("answers “{name}”")
    return words.format(name=clean(message.attributed_to))


def attribution_kind(kind: str) -> str:
    """Return what kind of marketing message it was."""
    return {"campaign": _("campaign"), "flow": _("flow")}.get(kind, clean(kind))


def followed_words(link: ShortLinkRow) -> str:
    """Return how often a link of ours was followed, and where it leads."""
    words = ngettext("{count} click", "{count} clicks", link.clicks) if link.clicks else ""
    often = words.format(count=number(link.clicks)) if words else _("no clicks yet")
    address = clean(link.url).split("://", 1)[-1].removeprefix("www.")
    return f"{often} · {address}"
