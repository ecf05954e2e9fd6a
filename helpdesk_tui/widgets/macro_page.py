"""The words of the list of macros, and of the page of one."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.macros.macro import Macro, Mode, Then
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import PageLines, pairs, paragraph
from helpdesk_tui.widgets.macro_preview import preview_lines
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import short_moment
from helpdesk_tui.widgets.wrap import cells, shorten_cells

if TYPE_CHECKING:
    from helpdesk_tui.services.macros.macros import MacroPreview, MacroRow


def macro_lines(
    row: MacroRow, key: str, width: int, now: datetime, signs: Signs, *, picked: bool
) -> tuple[list[Span], list[Span]]:
    """Return a row of the list: its key and name, then where it is offered and how much used."""
    faint = Ink.SOFT if picked else Ink.DIM
    used = signs.plain(f"{row.uses}× ") if row.uses else ""
    name = shorten_cells(clean(row.name), max(4, width - cells(used) - 6))
    gap = " " * max(1, width - 4 - cells(name) - cells(used))
    first: list[Span] = [(f"{key or ' ':>2}  ", Ink.KEY), (name, Ink.HEADING), (gap, faint),
                         (used, faint)]  # fmt: skip
    words = [scope_words(row.macro), " ".join(each.language for each in row.macro.bodies)]
    if row.macro.mode is Mode.RUN:
        words.append(_("runs"))
    if row.used_at is not None:
        words.append(_("used {age}").format(age=age(row.used_at, now)))
    second = shorten_cells(signs.plain(" · ".join(filter(None, words))), max(4, width - 5))
    return first, [("    ", faint), (second, faint)]


def scope_words(macro: Macro) -> str:
    """Return where a macro is offered."""
    scope = macro.scope
    parts = (*scope.teams, *scope.channels, *(f"#{tag}" for tag in scope.tags))
    return clean(", ".join(parts)) if parts else _("everywhere")


def macro_page(
    row: MacroRow,
    preview: MacroPreview | HelpdeskError | None,
    width: int,
    key: str,
    signs: Signs,
    zone: tzinfo | None,
    ticket_id: int,
) -> PageLines:
    """Return the page of a macro: what it is, and how it would be in a ticket."""
    macro = row.macro
    uses = ngettext("{count} time", "{count} times", row.uses).format(count=row.uses)
    uses = uses if row.uses else _("never")
    modes = {Mode.INSERT: _("goes into the draft"), Mode.RUN: _("is sent at once")}
    thens = {Then.USUAL: "", Then.NEXT: _("next ticket"), Then.STAY: _("stay"),
             Then.LIST: _("the list")}  # fmt: skip
    lines: PageLines = [[(clean(row.name), Ink.HEADING)], []]
    lines += pairs(
        (
            (_("key"), key),
            (_("its text"), modes[macro.mode] if macro.bodies else ""),
            (_("offered"), scope_words(macro)),
            (_("of"), _("the whole desk")),
            (_("used"), _moment(uses, row.used_at, zone)),
            (_("changed"), _moment("", row.updated_at, zone)),
            (_("then"), thens[macro.then]),
        ),
        width,
    )
    lines.append([])
    if isinstance(preview, HelpdeskError):
        lines += paragraph(sentence(preview), width, Ink.WAITING)
    elif preview is not None:
        title = _("IN TICKET #{id}").format(id=ticket_id)
        lines += [[(title, Ink.DIM)], [], *preview_lines(preview, width,
                                                        runs=macro.mode is Mode.RUN)]  # fmt: skip
    lines += [[], [(_("ITS FILE"), Ink.DIM)], []]
    lines += paragraph(row.source.rstrip("\n"), width, Ink.SOFT)
    return [[(signs.plain(text), ink) for text, ink in line] for line in lines]


def _moment(words: str, moment: datetime | None, zone: tzinfo | None) -> str:
    if moment is None:
        return words
    shown = short_moment(moment.astimezone(zone))
    return f"{words} · {shown}" if words else shown
