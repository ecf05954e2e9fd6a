"""The section of a chat in the sidebar: since when, from which page, where the visitor is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.webchat.chats import ChatInfo
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.sidebar.parts import LABEL, SidebarInput, SideRow, field, heading, row
from helpdesk_tui.widgets.sidebar.targets import text_target
from helpdesk_tui.widgets.words.chats import ENDED, RESPONDER, page_words
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import clock
from helpdesk_tui.widgets.wrap import wrap_line

_PAGE_LINES = 3


def chat_rows(shown: SidebarInput) -> Iterator[SideRow]:
    """Yield the section of a chat; of a ticket without one it has nothing to say."""
    chat = shown.ticket.chat if shown.ticket is not None else None
    if chat is None:
        return
    width, now, zone = shown.width, shown.now, shown.zone
    began = clock(chat.started_at.astimezone(zone))
    source = _("since {time}").format(time=began)
    yield heading(_("CHAT"), source, width)
    yield from _standing(chat, width, zone)
    page = page_words(chat.page)
    for place, line in enumerate(wrap_line(page, width - LABEL)[:_PAGE_LINES] if page else ()):
        name = _("page") if place == 0 else ""
        yield field(name, [(line, Ink.TEXT)], width, text_target("page", page))
    if chat.language:
        yield field(_("language"), [(clean(chat.language), Ink.TEXT)], width)
    there = _time_there(chat.timezone, now)
    if there:
        yield field(_("there"), [(there, Ink.TEXT)], width)
    if chat.visitor:
        yield field(_("customer"), [(clean(chat.visitor), Ink.TEXT)], width)


def _standing(chat: ChatInfo, width: int, zone: tzinfo | None) -> Iterator[SideRow]:
    """Yield who ended it and what the assistant did, where that happened."""
    if chat.responder:
        did = _(RESPONDER[chat.responder])
        yield field(_("assistant"), [(did, Ink.TAG)], width)
    if chat.ended_at is None:
        return
    when = clock(chat.ended_at.astimezone(zone))
    for line in wrap_line(f"{_(ENDED[chat.ended_by])} · {when}", width):
        yield row((line, Ink.SOFT))


def _time_there(zone: str, now: datetime) -> str:
    """Return the time where the visitor is; empty for a zone that nobody knows."""
    try:
        there = clock(now.astimezone(ZoneInfo(zone))) if zone else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    return f"{there} · {clean(zone)}" if there else ""
