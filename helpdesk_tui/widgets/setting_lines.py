"""Settings as the screen shows them: a row of the list, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpdesk_tui.domain.setting.values import Kind, Setting, Value
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import PageLines, hanging, pairs, paragraph
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.errors import sentence_of
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.wrap import cells, shorten_cells

_HOW = {
    Kind.TEXT: N_("a line of text"),
    Kind.LINES: N_("a few lines of text"),
    Kind.SWITCH: N_("on or off"),
    Kind.NUMBER: N_("a number"),
    Kind.TIME: N_("a length of time: 90s, 10m or 1h"),
    Kind.HOURS: N_("a part of the day: 22:00-07:00"),
    Kind.CHOICE: N_("one of these"),
    Kind.CHOICES: N_("any of these"),
    Kind.LIST: N_("words with commas between"),
}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting and what holds for this agent."""

    setting: Setting
    value: Value
    is_own: bool
    is_default: bool
    may_change: bool


def value_text(setting: Setting, value: Value) -> str:
    """Return a value in one line, as people read it."""
    text = ", ".join(value) if isinstance(value, list) else value.replace("\n", " ⏎ ")
    text = clean(text)
    if not text:
        return _("none") if setting.choices is None else _("as usual")
    return f"{text} {_(setting.unit)}" if setting.unit else text


def setting_lines(
    row: SettingRow, width: int, signs: Signs, *, picked: bool
) -> tuple[list[Span], list[Span]]:
    """Return a row of the list: the name and its value, then what it means."""
    faint = Ink.SOFT if picked else Ink.DIM
    room = max(4, width - 4)
    name = shorten_cells(row.setting.name, room)
    left = max(4, room - cells(name) - 2)
    value = shorten_cells(signs.plain(value_text(row.setting, row.value)), left)
    gap = " " * max(1, width - 3 - cells(name) - cells(value))
    ink = faint if row.is_default else Ink.GOOD
    first: list[Span] = [("  ", faint), (name, Ink.HEADING), (gap, faint), (f"{value} ", ink)]
    meaning = shorten_cells(signs.plain(_(row.setting.meaning)), room)
    return first, [("  ", faint), (meaning, Ink.SOFT)]


def setting_page(row: SettingRow, width: int, keys: Mapping[str, str]) -> PageLines:
    """Return the page of a setting: its meaning, values and who may change it."""
    known = row.setting
    lines: PageLines = [[(known.name, Ink.HEADING)], []]
    lines += paragraph(_sentence(_(known.meaning)), width)
    lines += [[], *pairs(_facts(row), width), []]
    warning = known.warn(row.value) if known.warn else None
    if warning is not None:
        said = sentence_of(warning[0], **warning[1])
        lines += [*paragraph(_sentence(said), width, Ink.WAITING), []]
    if known.presets:
        lines += [[(_("WHILE IT IS EMPTY"), Ink.DIM)], *_presets(known.presets, width), []]
    if known.choices is not None:
        lines += [[(_("VALUES"), Ink.DIM)], *_choices(row, width), []]
    if row.may_change:
        hint = _("{change} changes it · {reset} puts it back to its default").format_map(keys)
        lines += paragraph(hint, width, Ink.SOFT)
    else:
        lines += paragraph(_("Only an administrator changes it."), width, Ink.WAITING)
    return lines


def _facts(row: SettingRow) -> Sequence[tuple[str, str]]:
    known = row.setting
    if row.is_default:
        source = _("the default")
    else:
        source = _("your own") if row.is_own else _("the desk's")
    whose = (
        _("each agent for themselves") if known.is_personal else _("administrators, for everybody")
    )
    return (
        (_("value"), f"{value_text(known, row.value)}  ({source})"),
        (_("default"), value_text(known, known.default)),
        (_("recommended"), _(known.recommended) if known.recommended else ""),
        (_("written as"), _(_HOW[known.kind])),
        (_("changed by"), whose),
    )


def _choices(row: SettingRow, width: int) -> PageLines:
    choices = row.setting.choices or {}
    lines: PageLines = []
    for value, meaning in choices.items():
        holds = value in row.value if isinstance(row.value, list) else value == row.value
        sign: Span = ("● ", Ink.GOOD) if holds else ("  ", Ink.DIM)
        text = f"{value}: {_(meaning)}" if value else _(meaning)
        lines += hanging(sign, text, width, Ink.TEXT if holds else Ink.SOFT)
    return lines


def _presets(presets: Mapping[str, str], width: int) -> PageLines:
    lines: PageLines = []
    for language, text in presets.items():
        lines += hanging((f"{language} ", Ink.DIM), clean(text), width, Ink.SOFT)
    return lines


def _sentence(text: str) -> str:
    """Return a meaning as a sentence of its own."""
    return f"{text[:1].upper()}{text[1:]}."
