"""The words of chats: whether the visitor is there, what can be done, who ended it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.messages import AuthorKind, Direction, EventRow, MessageRow
from helpdesk_tui.domain.presence import VisitorNow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.ticket_details import TicketDetail
from helpdesk_tui.domain.tickets import TicketRow
from helpdesk_tui.domain.webchat.chats import ChatInfo, EndedBy, Responder
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.keymap import Keymap, shown
from helpdesk_tui.widgets.words.language import Marked, _, pgettext
from helpdesk_tui.widgets.words.people import shown_address

ENDED: Marked[Mapping[EndedBy, str]] = {
    EndedBy.VISITOR: "the visitor ended the chat",
    EndedBy.AGENT: "the chat is closed",
    EndedBy.RESPONDER: "the assistant ended the chat",
    EndedBy.CHANNEL: "the chat ended: its channel was switched off",
    EndedBy.NONE: "the chat has ended",
}
"""Who ended a chat."""

RESPONDER: Marked[Mapping[Responder, str]] = {
    Responder.ANSWERING: "is answering",
    Responder.HANDED_OVER: "handed it over",
    Responder.SOLVED: "solved it",
    Responder.ELSEWHERE: "handed it to another system",
}
"""What the assistant does, or did."""

CHAT_FLAGS = frozenset({"chat-ended", "with-responder", "by-responder"})
"""Flags of tickets that only say how a chat stands: it is told elsewhere."""


def is_chat(channel: str) -> bool:
    """Tell whether both sides of a channel are there at once."""
    spec = CHANNELS.get(channel)
    return spec is not None and spec.is_live


def is_here(chat: ChatInfo, live: VisitorNow | None) -> bool:
    """Tell whether a visitor is there: what the relay says now counts, else what is stored."""
    if not chat.is_running:
        return False
    return live.online if live is not None else chat.is_there


def presence_words(chat: ChatInfo, live: VisitorNow | None, now: datetime) -> str:
    """Return whether the visitor of a running chat is there; empty once it has ended."""
    if not chat.is_running:
        return ""
    if is_here(chat, live):
        return pgettext("visitor", "here")
    if chat.offline_since is None:
        return pgettext("visitor", "away")
    left = age(chat.offline_since, now)
    return pgettext("visitor", "left {age}").format(age=left)


def presence_spans(chat: ChatInfo, live: VisitorNow | None, now: datetime) -> list[Span]:
    """Return sign and words of the visitor's being there."""
    words = presence_words(chat, live, now)
    if not words:
        return []
    if is_here(chat, live):
        return [("● ", Ink.GOOD), (words, Ink.SOFT)]
    return [("○ ", Ink.DIM), (words, Ink.DIM)]


def visitor_name(row: TicketRow) -> str:
    """Return what a visitor is called; one without a name is just a visitor."""
    name = clean(row.customer_name)
    return _("Visitor") if not name or name.startswith("webchat:") else name


def visitor_address(ticket: TicketDetail) -> str:
    """Return where a chat's visitor can be reached besides the chat, or else their name."""
    if ticket.customer_address.startswith("webchat:"):
        return visitor_name(ticket.row)
    return shown_address(ticket.customer_address) or visitor_name(ticket.row)


def seconds_to(moment: datetime | None, now: datetime) -> int:
    """Return the whole seconds until a moment; 0 once it has come, and for none."""
    return 0 if moment is None else max(0, -((now - moment) // timedelta(seconds=1)))


def closing_words(closing_at: datetime | None, now: datetime) -> str:
    """Return that a chat is being closed, and how long that can be taken back."""
    left = seconds_to(closing_at, now)
    return _("closing in {count} s").format(count=left) if left else _("closing …")


def is_answered_by_itself(ticket: TicketDetail) -> bool:
    """Tell whether the assistant talks to the visitor of a running chat."""
    chat = ticket.chat
    return chat is not None and chat.is_running and chat.responder is Responder.ANSWERING


def banner_of(ticket: TicketDetail, now: datetime, keymap: Keymap) -> list[Span]:
    """Return what is to be known of a chat before anything is written in it; often nothing."""
    chat = ticket.chat
    if chat is None:
        return []
    if not chat.is_running:
        who = _(ENDED[chat.ended_by])
        return [("○ ", Ink.DIM), (who, Ink.SOFT), *_key("ticket.note", _("notes only"), keymap)]
    if chat.is_closing:
        is_open = seconds_to(chat.closing_at, now) > 0
        back = _key("app.undo", _("takes it back"), keymap) if is_open else []
        return [("◷ ", Ink.WAITING), (closing_words(chat.closing_at, now), Ink.WAITING), *back]
    if chat.responder is Responder.ANSWERING:
        said = _("the assistant is answering")
        return [("✦ ", Ink.TAG), (said, Ink.TAG), *_key("ticket.reply", _("takes over"), keymap)]
    return []


def _key(action: str, words: str, keymap: Keymap) -> list[Span]:
    keys = keymap.get(action, ())
    if not keys:
        return []
    return [(" · ", Ink.DIM), (shown(keys[0]), Ink.KEY), (f" {words}", Ink.SOFT)]


def lock_of(ticket: TicketDetail, now: datetime) -> str:
    """Return why nothing can be written to a chat's visitor now, and what to do; often nothing."""
    chat = ticket.chat
    if chat is None:
        return ""
    if not chat.is_running:
        who = _(ENDED[chat.ended_by])
        return _("{who} · visitors begin new ones").format(who=who)
    if chat.is_closing:
        back = _("esc, then z takes it back")
        return f"{closing_words(chat.closing_at, now)} · {back}"
    return ""


def began(ticket: TicketDetail) -> EventRow | None:
    """Return the beginning of a chat as an event of its thread; None for what is no chat."""
    chat = ticket.chat
    if chat is None:
        return None
    return EventRow(-1, chat.started_at, "chat.began", "customer", "", {}, {"page": chat.page})


def chat_event(event: EventRow) -> str:
    """Return how a chat began, or who ended it, as one line of its thread."""
    if event.kind == "chat.began":
        page = page_words(str(event.after.get("page") or ""))
        return _("the chat began on {page}").format(page=page) if page else _("the chat began")
    by = str(event.after.get("by") or "")
    said = _(ENDED[EndedBy(by) if by in set(EndedBy) else EndedBy.NONE])
    is_unanswered = event.after.get("unanswered") is True
    return f"{said} · {_('nobody had answered')}" if is_unanswered else said


def author_mark(message: MessageRow) -> Span | None:
    """Return what is said of who wrote a message, where it was no person that moment."""
    if message.author_kind is AuthorKind.AI:
        return f"✦ {_('assistant')}", Ink.TAG
    if Flag.ANSWERED_OUTSIDE in message.flags:
        return "↗ " + _("answered outside"), Ink.TAG
    if message.author_kind is AuthorKind.CAMPAIGN:
        return "◆ " + _("campaign"), Ink.TAG
    if Flag.HOLDING in message.flags:
        return "↻ " + _("asks for patience"), Ink.DIM
    if message.automatic or (
        message.author_kind is AuthorKind.AUTO and message.direction is Direction.OUTBOUND
    ):
        return _("automatic"), Ink.WAITING
    return None


def page_words(page: str) -> str:
    """Return the address of a page as people read it: without scheme, query and fragment."""
    bare = clean(page).partition("://")[2] or clean(page)
    return bare.partition("#")[0].partition("?")[0].rstrip("/")
