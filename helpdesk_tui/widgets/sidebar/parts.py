"""What the sections of the sidebar are made of: rows, headings, fields, and the cut to a few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from helpdesk_tui.domain.commerce.context import CustomerContext
from helpdesk_tui.domain.customers import Profile
from helpdesk_tui.domain.ticket_details import TicketDetail
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind, more_target
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import cells, shorten_cells, wrap_line

ROWS = 4
"""Lines of a section before "more"."""
LABEL = 10
"""Cells of the names of fields."""


@dataclass(frozen=True, slots=True)
class SideRow:
    """One line of the sidebar, and what it is about."""

    spans: tuple[Span, ...] = ()
    target: Target | None = None

    @property
    def text(self) -> str:
        """What it says."""
        return "".join([text for text, _ink in self.spans])


Rows = list[SideRow]
BLANK = SideRow()


@dataclass(frozen=True, slots=True)
class SidebarInput:
    """What the sidebar is drawn from."""

    ticket: TicketDetail | None
    """None beside no ticket, as on the screen of a customer."""
    profile: Profile | None
    width: int
    now: datetime
    zone: tzinfo | None = None
    context: CustomerContext | None = None
    """What sources know; None where nobody has looked yet."""
    opened: frozenset[str] = frozenset()
    """Sections that are shown whole."""
    is_whole: bool = False
    """True shows all sections whole."""
    filter_name: str = ""
    """What the events are narrowed to; empty for all."""
    is_plain: bool = False
    """The terminal has letters only."""

    def is_open(self, section: str) -> bool:
        """Return whether a section is shown whole."""
        return self.is_whole or section in self.opened


def row(*spans: Span, target: Target | None = None) -> SideRow:
    """Make a row."""
    return SideRow(spans, target)


def heading(
    title: str, source: str, width: int, ink: Ink = Ink.DIM, target: Target | None = None
) -> SideRow:
    """Return the name of a section with where it comes from, and how old that is, at the right."""
    source = shorten_cells(source, max(0, width - cells(title) - 2))
    gap = max(1, width - cells(title) - cells(source))
    spans: list[Span] = [(title, Ink.DIM)]
    if source:
        spans += [(" " * gap, Ink.DIM), (source, ink)]
    return SideRow(tuple(spans), target)


def field(label: str, value: Sequence[Span], width: int, target: Target | None = None) -> SideRow:
    """Return a name and its value beside it."""
    room = max(4, width - LABEL)
    spans: list[Span] = [(padded(label, LABEL), Ink.DIM)]
    for text, ink in value:
        spans.append((shorten_cells(text, room), ink))
        room = max(0, room - cells(text))
    return SideRow(tuple(spans), target)


def padded(text: str, width: int) -> str:
    """Return a text in a column of a width, with at least one blank behind it."""
    text = shorten_cells(text, max(0, width - 1))
    return text + " " * (width - cells(text))


def both_ends(
    left: Sequence[Span], right: Span, width: int, target: Target | None = None
) -> SideRow:
    """Return a row with something at its right end; that goes where there is no room for both."""
    used = sum([cells(text) for text, _ink in left])
    gap = width - used - cells(right[0])
    if not right[0] or gap < 1:
        return SideRow(tuple(fitted(left, width)), target)
    return SideRow((*left, (" " * gap, Ink.DIM), right), target)


def said_by(left: Sequence[Span], who: str, width: int, target: Target | None = None) -> Rows:
    """Return a row with who says so at its right end; on a line below where there is no room."""
    first = both_ends(left, (who, Ink.DIM), width, target)
    if sum([cells(text) for text, _ink in left]) + cells(who) < width:
        return [first]
    who = shorten_cells(who, width)
    return [first, SideRow(((" " * (width - cells(who)), Ink.DIM), (who, Ink.DIM)), target)]


def fitted(spans: Iterable[Span], room: int) -> Iterator[Span]:
    """Yield spans cut to ``room`` cells together."""
    for text, ink in spans:
        size = cells(text)
        if size > room:
            yield shorten_cells(text, room), ink
            return
        yield text, ink
        room -= size


def wrapped(
    text: str, ink: Ink, width: int, *, sign: str = "", limit: int = 3, target: Target | None = None
) -> Rows:
    """Return a text on a few lines, behind a sign."""
    indent = cells(sign)
    lines = wrap_line(text, max(8, width - indent))
    if len(lines) > limit:
        lines = [*lines[: limit - 1], shorten_cells(" ".join(lines[limit - 1 :]), width - indent)]
    return [
        SideRow(((sign if place == 0 else " " * indent, ink), (line, ink)), target)
        for place, line in enumerate(lines)
    ]


def cut(
    rows: Rows, shown: SidebarInput, section: str, *, beyond: int = 0, limit: int = ROWS
) -> Rows:
    """Return the first lines of a section and how many things it has more.

    Args:
        rows: all lines; lines of the same target are one thing and are never torn apart.
        shown: what the sidebar is drawn from.
        section: its name.
        beyond: things that are known of but not among the rows.
        limit: lines that are shown.
    """
    if shown.is_open(section):
        out = [*rows, *_beyond(section, beyond)]
        return [*out, _less(section)] if len(rows) > limit and not shown.is_whole else out
    things = grouped(rows)
    kept: Rows = []
    left = len(things)
    for thing in things:
        if len(kept) + len(thing) > limit and kept:
            break
        kept += thing
        left -= 1
    if left + beyond < 1:
        return kept
    if left == 1 and not beyond and len(things[-1]) == 1:
        return rows  # the line that would say "1 more" can hold it
    words = _("{more} more").format(more=left + beyond)
    more: tuple[Span, ...] = (("▾ ", Ink.DIM), (words, Ink.LINK))
    return [*kept, SideRow(more, more_target(section))]


def at_most(shown: SidebarInput, section: str) -> int | None:
    """Return how many things of a section have to be laid out; None for all."""
    return None if shown.is_open(section) else ROWS


def _beyond(section: str, count: int) -> Rows:
    """Return the way to what is not read for the sidebar."""
    if count < 1:
        return []
    if section == "history":
        words, target = _("{more} more, all of them"), Target(TargetKind.TICKETS, "rest")
    else:
        words, target = _("{more} more in the profile"), Target(TargetKind.ALL, section)
    return [SideRow((("▸ ", Ink.DIM), (words.format(more=count), Ink.LINK)), target)]


def _less(section: str) -> SideRow:
    return SideRow((("▴ ", Ink.DIM), (_("less"), Ink.LINK)), more_target(section))


def grouped(rows: Rows) -> list[Rows]:
    """Return rows gathered by what they are about."""
    out: list[Rows] = []
    for one in rows:
        before = out[-1][0].target if out else None
        if one.target is not None and one.target.is_same(before):
            out[-1].append(one)
        else:
            out.append([one])
    return out
