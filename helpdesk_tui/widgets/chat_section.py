"""The section of a chat in the sidebar: since when, from which page, where the visitor is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import TicketDetail
from helpdesk_tui.domain.webchat.chats import ChatInfo
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.words.chats import ENDED, RESPONDER, page_words
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import clock
from helpdesk_tui.widgets.wrap import shorten_cells, wrap_line

_LABEL = 10
_PAGE_LINES = 3


def chat_rows(
    ticket: TicketDetail, width: int, now: datetime, zone: tzinfo | None
) -> Iterator[list[Span]]:
    """Yield the section of a chat; of a ticket without one it has nothing to say."""
    chat = ticket.chat
    if chat is None:
        return
    began = clock(chat.started_at.astimezone(zone))
    source = _("since {time}").format(time=began)
    title = _("CHAT")
    gap = " " * max(1, width - len(title) - len(source))
    yield [(title, Ink.DIM), (gap, Ink.DIM), (source, Ink.DIM)]
    yield from _standing(chat, width, zone)
    page = page_words(chat.page)
    for place, line in enumerate(wrap_line(page, width - _LABEL)[:_PAGE_LINES] if page else ()):
        yield _field(_("page") if place == 0 else "", (line, Ink.TEXT), width)
    if chat.language:
        yield _field(_("language"), (clean(chat.language), Ink.TEXT), width)
    there = _time_there(chat.timezone, now)
    if there:
        yield _field(_("there"), (there, Ink.TEXT), width)
    if chat.visitor:
        yield _field(_("customer"), (clean(chat.visitor), Ink.TEXT), width)


def _standing(chat: ChatInfo, width: int, zone: tzinfo | None) -> Iterator[list[Span]]:
    """Yield who ended it and what the assistant did, where that happened."""
    if chat.responder:
        did = _(RESPONDER[chat.responder])
        yield _field(_("assistant"), (did, Ink.TAG), width)
    if chat.ended_at is None:
        return
    when = clock(chat.ended_at.astimezone(zone))
    for line in wrap_line(f"{_(ENDED[chat.ended_by])} · {when}", width):
        yield [(line, Ink.SOFT)]


def _time_there(zone: str, now: datetime) -> str:
    """Return the time where the visitor is; empty for a zone that nobody knows."""
    try:
        there = clock(now.astimezone(ZoneInfo(zone))) if zone else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    return f"{there} · {clean(zone)}" if there else ""


def _field(label: str, value: Span, width: int) -> list[Span]:
    text, ink = value
    room = max(4, width - _LABEL)
    return [(f"{shorten_cells(label, _LABEL - 1):<{_LABEL}}", Ink.DIM),
            (shorten_cells(text, room), ink)]  # fmt: skip
