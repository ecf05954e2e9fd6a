"""The words of the list of questions and answers, and of the page of one."""

from __future__ import annotations

from datetime import tzinfo

from helpdesk_tui.domain.faq import FaqItem
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import PageLines, pairs, paragraph
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import short_moment
from helpdesk_tui.widgets.wrap import cells, shorten_cells


def faq_lines(
    item: FaqItem, width: int, signs: Signs, *, picked: bool
) -> tuple[list[Span], list[Span]]:
    """Return a row of the list: the question, then where it stands and how it fares."""
    faint = Ink.SOFT if picked else Ink.DIM
    state = signs.plain("● ") if item.published else signs.plain("○ ")
    ink = Ink.GOOD if item.published else Ink.DIM
    votes = _votes(item)
    name = shorten_cells(clean(item.question), max(4, width - cells(votes) - 6))
    gap = " " * max(1, width - 4 - cells(name) - cells(votes))
    first: list[Span] = [(f" {state}", ink), (name, Ink.HEADING if item.published else Ink.SOFT),
                         (gap, faint), (signs.plain(votes), faint)]  # fmt: skip
    words = " · ".join(filter(None, (clean(item.category), _state(item), item.language)))
    return first, [("    ", faint), (shorten_cells(signs.plain(words), max(4, width - 5)), faint)]


def faq_page(
    item: FaqItem, others: tuple[str, ...], width: int, signs: Signs, zone: tzinfo | None
) -> PageLines:
    """Return the page of a question: the answer as visitors read it, then what is known of it."""
    lines: PageLines = [[(clean(item.question), Ink.HEADING)], []]
    lines += paragraph(clean_lines(item.answer), width, Ink.TEXT)
    lines += [[], []]
    lines += pairs(
        (
            (_("state"), _state(item)),
            (_("language"), item.language),
            (_("category"), clean(item.category)),
            (_("also in"), ", ".join(others)),
            (_("helped"), str(item.helped) if item.helped or item.failed else ""),
            (_("did not help"), str(item.failed) if item.helped or item.failed else ""),
            (_("short name"), item.key),
            (_("changed"), short_moment(item.updated_at.astimezone(zone))),
        ),
        width,
    )
    if item.words:
        lines += [[], [(_("ALSO FOUND BY"), Ink.DIM)], []]
        lines += paragraph(clean_lines(item.words), width, Ink.SOFT)
    return [[(signs.plain(text), ink) for text, ink in line] for line in lines]


def _state(item: FaqItem) -> str:
    return _("published") if item.published else _("hidden")


def _votes(item: FaqItem) -> str:
    asked = item.helped + item.failed
    if not asked:
        return ""
    return _("helped {helped} of {asked}").format(helped=item.helped, asked=asked) + " "
