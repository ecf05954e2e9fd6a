"""What a macro would say and do in a ticket, as lines to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import PageLines, hanging
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.macros import HOLES, step_words, template_words
from helpdesk_tui.widgets.wrap import wrap_line

if TYPE_CHECKING:
    from helpdesk_tui.domain.macros.render import Hole
    from helpdesk_tui.services.macros.macros import MacroPreview
    from helpdesk_tui.services.macros.plan import Plan, Step

_MOST_LINES = 300


def preview_lines(
    preview: MacroPreview, width: int, *, runs: bool = False, switches: bool = False
) -> PageLines:
    """Return a macro filled in: its text with the holes marked, and what it does beside.

    Args:
        preview: The macro in a ticket.
        width: Cells of a line.
        runs: Its text is sent at once.
        switches: A key changes the language.
    """
    plan, macro = preview.plan, preview.row.macro
    lines: PageLines = []
    languages = [bodies.language for bodies in macro.bodies]
    if len(languages) > 1:
        shown = [(f"{clean(each)} ", _language_ink(each, plan.language)) for each in languages]
        hint: list[Span] = [(" ctrl+l", Ink.KEY), (" " + _("other"), Ink.DIM)] if switches else []
        lines.append([(_("language") + " ", Ink.DIM), *shown, *hint])
        lines.append([])
    if plan.text.text:
        lines += text_lines(plan.text.text, plan.text.holes, width)
    else:
        lines.append([(_("no text: it only does what stands below"), Ink.DIM)])
    if plan.segments is not None:
        count = plan.segments.segments
        said = ngettext("{count} text message", "{count} text messages", count).format(count=count)
        ink = Ink.WAITING if count > 1 else Ink.SOFT
        lines += [[], [(f"{said} · {plan.segments.encoding}", ink)]]
    if plan.template is not None:
        said = template_words(plan.template)
        lines += [[], *([(line, Ink.SOFT)] for line in wrap_line(said, max(8, width)))]
    lines += _does(preview.steps, width, sends=runs and bool(plan.text.text))
    lines += _troubles(plan, width)
    return lines


def _language_ink(language: str, used: str) -> Ink:
    return Ink.HEADING if language == used else Ink.DIM


def text_lines(text: str, holes: Sequence[Hole], width: int) -> PageLines:
    """Return a text wrapped to a width, with the holes in it marked."""
    lines: PageLines = []
    names = [text[hole.start : hole.end] for hole in holes]
    for line in text.split("\n"):
        for piece in wrap_line(line, max(8, width)):
            lines.append(_marked(piece, names))
            if len(lines) >= _MOST_LINES:
                return [*lines, [("…", Ink.DIM)]]
    return lines


def _marked(line: str, names: Iterable[str]) -> list[Span]:
    """Return a line as spans, the holes in another ink; one cut by the margin has none."""
    spans: list[Span] = []
    rest = line
    for name in names:
        before, found, after = rest.partition(name)
        if found:
            spans += [(before, Ink.TEXT), (found, Ink.BAD)]
            rest = after
    return [*spans, (rest, Ink.TEXT)]


def _does(steps: Sequence[Step], width: int, *, sends: bool) -> PageLines:
    words = [step_words(step.name, step.values) for step in steps]
    if sends:
        words.insert(0, _("sends the text as it is"))
    if not words:
        return []
    lines: PageLines = [[], [(_("DOES"), Ink.DIM)]]
    for one in words:
        lines += hanging(("· ", Ink.ACCENT), one, width, Ink.TEXT)
    for step in steps:
        if step.name == "note":
            lines += [[], [(_("ITS NOTE"), Ink.NOTE)], *text_lines(clean_lines(step.values["text"]),
                                                                  (), width)]  # fmt: skip
    return lines


def _troubles(plan: Plan, width: int) -> PageLines:
    """Return what is missing, and what cannot be done."""
    lines: PageLines = []
    told: set[str] = set()
    for hole in (*plan.text.holes, *plan.note.holes):
        if hole.name not in told:
            told.add(hole.name)
            why = _(HOLES.get(hole.reason, hole.reason))
            said = f"{clean(hole.name)}: {why}"
            lines += hanging(("▲ ", Ink.WAITING), said, width, Ink.WAITING)
    for problem in plan.problems:
        if problem.code != "macro.hole":
            lines += hanging(("✗ ", Ink.BAD), sentence(problem), width, Ink.BAD)
    return [[], *lines] if lines else []
