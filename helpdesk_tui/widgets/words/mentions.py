"""The words of a mention: who wrote it where, and the note itself."""

from __future__ import annotations

from datetime import datetime, tzinfo

from helpdesk_tui.domain.messages import MentionRow
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import MEASURE, PageLines, paragraph
from helpdesk_tui.widgets.painted import spread
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import short_moment
from helpdesk_tui.widgets.wrap import shorten_cells

MentionLine = list[Span]
_INDENT = 4
_AROUND = 14
"""Cells of a first line that its author cannot have: dot, number and age."""


def mention_lines(
    row: MentionRow, width: int, now: datetime, signs: Signs, *, picked: bool
) -> tuple[MentionLine, MentionLine]:
    """Return the two lines of a mention: its author and ticket, and how the note begins."""
    faint = Ink.SOFT if picked else Ink.DIM
    sign = " " if row.is_seen else signs.unread
    author = shorten_cells(clean(row.author), max(4, width // 3))
    subject = shorten_cells(clean(row.subject), max(4, width - len(author) - _AROUND - 8))
    first = spread(
        [
            (f"  {sign} ", Ink.FRESH),
            (author, Ink.SOFT if row.is_seen else Ink.HEADING),
            (f"  #{row.ticket_id} ", faint),
            (subject, Ink.SOFT),
        ],
        [(f"{age(row.at, now)} ", faint)],
        width,
    )
    text = shorten_cells(clean(row.text), max(4, width - _INDENT - 1))
    return first, [(" " * _INDENT, Ink.DIM), (text, Ink.SOFT if row.is_seen else Ink.TEXT)]


def mention_page(row: MentionRow, width: int, zone: tzinfo | None) -> PageLines:
    """Return the page of a mention: where it stands, and the whole note."""
    local = row.at.astimezone(zone)
    when = short_moment(local)
    head = _("{author} in #{id}").format(author=clean(row.author), id=row.ticket_id)
    lines: PageLines = [
        [(shorten_cells(head, width), Ink.HEADING)],
        [(shorten_cells(clean(row.subject), width), Ink.SOFT)],
        [(when, Ink.DIM)],
        [],
    ]
    return lines + paragraph(clean_lines(row.text), min(width, MEASURE))
