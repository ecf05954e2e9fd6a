"""The words of a list of drafts: for which ticket, how they begin, how old they are."""

from __future__ import annotations

from datetime import datetime, tzinfo

from helpdesk_tui.domain.messages import Draft, DraftKind
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.domain.tickets import TicketRow
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import MEASURE, PageLines, hanging, paragraph
from helpdesk_tui.widgets.painted import spread
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.language import N_, _, ngettext
from helpdesk_tui.widgets.words.locale_forms import short_moment, size_label
from helpdesk_tui.widgets.wrap import cells, shorten_cells, wrap_line

_KINDS: dict[DraftKind, tuple[str, Ink]] = {
    DraftKind.REPLY: (N_("reply"), Ink.ACCENT),
    DraftKind.NOTE: (N_("note"), Ink.WAITING),
    DraftKind.FORWARD: (N_("forward"), Ink.TAG),
}


def draft_lines(
    draft: Draft, ticket: TicketRow, width: int, now: datetime, signs: Signs, *, picked: bool
) -> tuple[list[Span], list[Span]]:
    """Return the two lines of a draft: what it is and for which ticket, then its first words."""
    faint = Ink.SOFT if picked else Ink.DIM
    word, ink = _KINDS[draft.kind]
    kind, when = _(word), f"{age(draft.updated_at, now)} "
    room = max(6, width - cells(kind) - cells(when) - 6)
    name = shorten_cells(clean(ticket.customer_name) or clean(ticket.subject), room)
    number = f"  #{ticket.id}"
    first: list[Span] = [("  ", Ink.DIM), (kind, ink), ("  ", Ink.DIM), (name, Ink.HEADING)]
    if cells(name) + cells(number) < room:
        first.append((number, faint))
    count = len(draft.files)
    files = ngettext("{count} file", "{count} files", count).format(count=count)
    more = f"{files} " if count else ""
    words = " ".join(clean(draft.text).split()) or _("no text yet")
    text = shorten_cells(words, max(4, width - cells(more) - 4))
    return (
        spread(first, [(when, faint)], width),
        spread([("  ", Ink.DIM), (text, Ink.SOFT)], [(more, faint)], width),
    )


def draft_page(draft: Draft, ticket: TicketRow, width: int, zone: tzinfo | None) -> PageLines:
    """Return the page of a draft: its ticket, its files, and all of its text."""
    width = min(width, MEASURE)
    head = clean(ticket.subject) or _("no subject")
    word, ink = _KINDS[draft.kind]
    about = f" · #{ticket.id} · {clean(ticket.customer_name)}"
    moment = short_moment(draft.updated_at.astimezone(zone))
    lines: PageLines = [[(line, Ink.HEADING)] for line in wrap_line(head, width)]
    lines.append([(_(word), ink), (shorten_cells(about, max(8, width - cells(word))), Ink.SOFT)])
    lines += [[(_("last changed {moment}").format(moment=moment), Ink.DIM)], []]
    for file in draft.files:
        name = f"{clean(file.filename)}  {size_label(file.size)}"
        lines += hanging(("▣ ", Ink.DIM), name, width)
    if draft.files:
        lines.append([])
    return lines + paragraph(clean_lines(draft.text), width)
