"""What a message carries beside text and files, as lines of a thread."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.messages import MessageRow, Thread
from helpdesk_tui.domain.messaging.state import Attribution
from helpdesk_tui.widgets.clusters import steady
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.words.messaging_notices import followed_words
from helpdesk_tui.widgets.words.notices import SIGNS, notice_lines
from helpdesk_tui.widgets.wrap import cells, shorten_cells, wrap_line

_BEHIND = (NoticeKind.REACTION,)
"""What was put to a message later stands below it."""
_QUOTES = (NoticeKind.QUOTED,)
_MISSING = (NoticeKind.ENCRYPTED, NoticeKind.UNSUPPORTED)
"""What says that something cannot be read here."""


def attribution_of(thread: Thread) -> Attribution | None:
    """Return which marketing message a ticket answers, if one is known."""
    info = thread.ticket.messaging
    return info.attribution if info is not None else None


def notices_before(
    message: MessageRow, width: int, zone: tzinfo | None
) -> Iterator[tuple[Span, ...]]:
    """Yield what stands above the text of a message, and a line that keeps it apart."""
    notices = [one for one in message.notices if one.kind not in _BEHIND]
    for notice in notices:
        yield from _lines(notice, message, width, zone)
    if notices and message.text:
        yield ()


def notices_behind(
    message: MessageRow, width: int, zone: tzinfo | None
) -> Iterator[tuple[Span, ...]]:
    """Yield what stands below a message and its files."""
    notices = [one for one in message.notices if one.kind in _BEHIND]
    if notices and (message.text or message.attachments):
        yield ()
    for notice in notices:
        yield from _lines(notice, message, width, zone)


def links_followed(message: MessageRow, width: int) -> Iterator[tuple[Span, ...]]:
    """Yield how often each link was followed that a message left with in short."""
    for link in message.short_links:
        ink = Ink.GOOD if link.clicks else Ink.DIM
        yield ("↗ ", ink), (shorten_cells(followed_words(link), width - 2), ink)


def _lines(
    notice: Notice, message: MessageRow, width: int, zone: tzinfo | None
) -> Iterator[tuple[Span, ...]]:
    year = message.received_at.astimezone(zone).year
    is_missing, is_quote = notice.kind in _MISSING, notice.kind in _QUOTES
    first = sign = SIGNS[notice.kind]
    for line in notice_lines(notice, zone, year):
        for piece in wrap_line(steady(line), width - cells(first)):
            yield (
                (sign, Ink.WAITING if is_missing else Ink.DIM),
                (
                    piece,
                    Ink.WAITING if is_missing else Ink.SOFT,
                ),
            )
            # a quotation has its bar on every line
            sign = first if is_quote else " " * cells(first)
