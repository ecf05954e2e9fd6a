"""The lines over a thread that say what merging or splitting could mend, and with which keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.ticket_details import TicketDetail
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.keymap import Keymap, shown
from helpdesk_tui.widgets.painted import width_of
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import quoted
from helpdesk_tui.widgets.words.thread import ago
from helpdesk_tui.widgets.wrap import cells, shorten_cells

_LEAST = 12
"""Cells of a subject below which the keys go to a line of their own."""
_SIGN: Span = ("⇄ ", Ink.ACCENT)


def offer_lines(
    ticket: TicketDetail, now: datetime, keymap: Keymap, width: int
) -> list[list[Span]]:
    """Return what to say of a ticket that was merged, or that could be merged or split."""
    if ticket.merged_into is not None:
        text = _("merged into #{merged_into}: its messages stand there").format(
            merged_into=ticket.merged_into
        )
        return _laid([_SIGN, (text, Ink.TEXT)], _ways(keymap, ("go.named", _("opens it"))), width)
    offered = ticket.offered
    if offered is None:
        return []
    afters: tuple[str, ...] = ("",)
    if offered.kind == "merge":
        ways = _ways(keymap, ("ticket.merge", _("merges")), ("ticket.keep-apart", _("keeps apart")))
        when = f", {ago(offered.at, now)}"
        before, afters = (
            _("alike: #{id}").format(id=offered.id) + " ",
            (" " + _("of the same customer") + when, when),
        )
    else:
        ways = _ways(
            keymap, ("ticket.split", _("splits it off")), ("ticket.keep-apart", _("keeps it"))
        )
        days = max(1, offered.age // timedelta(days=1))
        before = (
            ngettext(
                "subject changed after {count} day:", "subject changed after {count} days:", days
            ).format(count=days)
            + " "
        )
    return _with_subject(before, afters, clean(offered.subject) or _("no subject"), ways, width)


def _with_subject(
    before: str, afters: Sequence[str], subject: str, ways: list[Span], width: int
) -> list[list[Span]]:
    """Put a subject into a sentence; where all of it is too long for a line, words give way."""
    least = min(_LEAST, cells(subject))
    for after in afters:
        room = width - _fixed(before, after) - width_of(ways)
        if room >= least:
            return [[*_sentence(before, subject, room, after), *ways]]
    room = width - _fixed(before, afters[0])
    return _laid(_sentence(before, subject, max(1, room), afters[0]), ways, width)


def _fixed(before: str, after: str) -> int:
    return cells(_SIGN[0]) + cells(before) + cells(after) + 2


def _sentence(before: str, subject: str, room: int, after: str) -> list[Span]:
    named = quoted(shorten_cells(subject, room))
    return [_SIGN, (before, Ink.SOFT), (named, Ink.TEXT), (after, Ink.SOFT)]


def _ways(keymap: Keymap, *actions: tuple[str, str]) -> list[Span]:
    spans: list[Span] = []
    for action, words in actions:
        keys = keymap.get(action, ())
        if keys:
            spans += [(" · ", Ink.DIM), (shown(keys[0]), Ink.KEY), (f" {words}", Ink.SOFT)]
    return spans


def _laid(sentence: list[Span], ways: list[Span], width: int) -> list[list[Span]]:
    """Return one line, or two where the keys do not fit behind the sentence."""
    if not ways or width_of(sentence) + width_of(ways) <= width:
        return [[*sentence, *ways]]
    return [sentence, [("  ", Ink.DIM), *ways[1:]]]
