"""The log as it is drawn: rows of a list, and the page of one entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from helpdesk_tui.domain.activity import ActivityRow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import PageLines, hanging, pairs
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.activity import moved, moved_words, what, who
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import cells, shorten_cells


def activity_lines(
    row: ActivityRow, width: int, age: str, signs: Signs, zone: tzinfo | None, *, picked: bool
) -> tuple[list[Span], list[Span]]:
    """Return a row of the list: who did what when, then where and from what to what."""
    faint = Ink.SOFT if picked else Ink.DIM
    sign, ink = (signs.closed, faint) if row.is_undone else (signs.unread, Ink.ACCENT)
    if not row.can_undo:
        sign, ink = " ", faint
    name = shorten_cells(who(row), 14)
    room = max(4, width - cells(name) - cells(age) - 9)
    done = what(row)
    if row.is_undone:
        done = _("{what} (undone)").format(what=done)
    done = shorten_cells(done, room)
    gap = " " * max(1, width - 6 - cells(name) - cells(done) - cells(age))
    first: list[Span] = [
        (f"  {sign} ", ink), (name, Ink.SOFT), (" ", faint),
        (done, faint if row.is_undone else Ink.HEADING), (gap, faint), (f"{age} ", faint),
    ]  # fmt: skip
    where = "" if row.ticket_id is None else f"#{row.ticket_id} "
    about = moved_words(row, zone) or clean(row.subject)
    second: list[Span] = [
        ("    ", faint), (where, faint),
        (shorten_cells(about, max(4, width - 6 - cells(where))), Ink.SOFT),
    ]  # fmt: skip
    return first, second


def activity_page(
    row: ActivityRow, width: int, when: str, zone: tzinfo | None, keys: Mapping[str, str]
) -> PageLines:
    """Return the page of one entry: who, when, where, and each value before and after."""
    lines: PageLines = [[(f"{who(row)} ", Ink.SOFT), (what(row), Ink.HEADING)], []]
    where = "" if row.ticket_id is None else f"#{row.ticket_id} {clean(row.subject)}".rstrip()
    lines += pairs(
        (
            (_("when"), when),
            (_("ticket"), where),
            (_("message"), "" if row.message_id is None else str(row.message_id)),
            (_("change"), clean(row.change_id)),
        ),
        width,
    )
    changed = moved(row, zone)
    if changed:
        lines.append([])
    indent = max((cells(word) for word, _was, _now in changed), default=0) + 2
    for word, was, now in changed:
        start: Span = (f"{word}{' ' * (indent - cells(word))}", Ink.DIM)
        lines += hanging(start, f"{was or '–'} → {now or '–'}", width)
    lines.append([])
    lines += _way_back(row, width, keys)
    return lines


def _way_back(row: ActivityRow, width: int, keys: Mapping[str, str]) -> PageLines:
    if not row.can_undo:
        return hanging(("  ", Ink.DIM), _("This cannot be taken back."), width, Ink.DIM)
    key = keys.get("undo", "z")
    if row.is_away:
        said = _("It was undone. {key} does it again, and asks first.")
        return hanging(("▲ ", Ink.WAITING), said.format(key=key), width, Ink.WAITING)
    said = _("{key} takes it back, and asks first.")
    return hanging(("  → ", Ink.ACCENT), said.format(key=key), width, Ink.SOFT)
