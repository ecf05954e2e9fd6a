"""``?``: every key, in the words of the key table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip

from helpdesk_tui.screens.dialogs.base import opening_keys
from helpdesk_tui.widgets.chords import key_name
from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.keymap import Keymap, shown
from helpdesk_tui.widgets.keys import DESK_GROUPS, KEYS, Group
from helpdesk_tui.widgets.painted import width_of
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.language import _

_KEY_CELLS = 15
_GAP = 2
_MOST_COLUMNS = 3


def help_lines(
    keymap: Keymap, signs: Signs, groups: Sequence[Group] = DESK_GROUPS
) -> list[list[Span]]:
    """Return the help as lines: a heading per group, a line per action."""
    lines: list[list[Span]] = []
    for group in groups:
        lines.append([(f" {_(group.value).upper()}", Ink.DIM)])
        lines += _group_lines(group, keymap, signs)
        lines.append([])
    return lines[:-1]


def _group_lines(group: Group, keymap: Keymap, signs: Signs) -> Iterator[list[Span]]:
    told = set()
    for entry in KEYS:
        keys = keymap.get(entry.id, ())
        words = entry.series or entry.description
        if entry.group is not group or not keys or words in told:
            continue
        if entry.series:
            told.add(words)
            keys = _ends_of(entry.series, keymap)
        names = signs.plain("  ".join(shown(key) for key in keys))
        yield [(f" {names:<{_KEY_CELLS}}", Ink.KEY), (signs.plain(_(words)), Ink.TEXT)]


def _ends_of(series: str, keymap: Keymap) -> tuple[str, ...]:
    """Return the first and the last key of a series, with dots between."""
    keys = [key for entry in KEYS if entry.series == series for key in keymap.get(entry.id, ())]
    return (keys[0], "…", keys[-1]) if len(keys) > 2 else tuple(keys)


def in_columns(lines: list[list[Span]], width: int) -> list[list[Span]]:
    """Return the lines side by side, in as many columns as fit whole, split at headings."""
    for count in range(_MOST_COLUMNS, 1, -1):
        columns = _split(lines, count)
        widths = [_widest(column) + _GAP for column in columns]
        if len(columns) == count and sum(widths) - _GAP <= width:
            spare = (width - sum(widths) + _GAP) // count
            return _beside(columns, [each + spare for each in widths])
    return lines


def _split(lines: list[list[Span]], count: int) -> list[list[list[Span]]]:
    """Return the lines as columns of about one length; fewer where headings are few."""
    breaks = [place for place, line in enumerate(lines) if not line]
    wanted = [len(lines) * part / count for part in range(1, count)]
    cuts = sorted({min(breaks, key=lambda at: abs(at - want)) for want in wanted if breaks})
    starts = [0, *(cut + 1 for cut in cuts)]
    return [lines[start:end] for start, end in zip(starts, [*cuts, len(lines)], strict=True)]


def _beside(columns: list[list[list[Span]]], widths: Sequence[int]) -> list[list[Span]]:
    rows: list[list[Span]] = []
    for place in range(max(len(column) for column in columns)):
        row: list[Span] = []
        for column, width in zip(columns, widths, strict=True):
            line = column[place] if place < len(column) else []
            row += [*line, (" " * (width - width_of(line)), Ink.DIM)]
        rows.append(row[:-1])
    return rows


def _widest(lines: list[list[Span]]) -> int:
    return max(width_of(line) for line in lines)


class HelpLines(ScrollView, can_focus=True):
    """Draws the help, scrolling where it is longer than the terminal."""

    DEFAULT_CSS = """
    HelpLines {
        background: $raised; border: round $accent; border-title-color: $accent;
        border-subtitle-color: $dim; padding: 1 1; width: 172; max-width: 96%; height: auto;
        max-height: 94%; scrollbar-size-vertical: 1; scrollbar-color: $rules;
        scrollbar-background: $raised; overflow-x: hidden;
    }
    """

    def __init__(self, keymap: Keymap, signs: Signs, groups: Sequence[Group]) -> None:
        super().__init__()
        self._lines = help_lines(keymap, signs, groups)
        self._rows = self._lines
        self._ink: Palette | None = None
        self.border_title = Content(_("keys"))
        closes = next(iter(keymap.get("app.help", ())), "escape")
        words = _("j k scroll · {key} closes").format(key=shown(closes))
        self.border_subtitle = Content(signs.plain(words))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines it takes at a width."""
        return len(in_columns(self._lines, width))

    def on_resize(self) -> None:
        """Lay the columns out anew."""
        self._rows = in_columns(self._lines, self.size.width)
        self.virtual_size = Size(self.size.width, len(self._rows))

    def render_line(self, y: int) -> Strip:
        """Return one line."""
        if self._ink is None:
            self._ink = Palette.of(self.app.theme_variables)
        place = y + self.scroll_offset.y
        spans = self._rows[place] if place < len(self._rows) else []
        segments: list[Segment] = self._ink.segments(spans, Tone.RAISED)
        return Strip(segments).adjust_cell_length(
            self.size.width, self._ink.style(Ink.TEXT, Tone.RAISED)
        )


class HelpScreen(ModalScreen[None]):
    """Shows the keys until any closing key."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    """

    _STEPS: ClassVar[dict[str, float]] = {
        "down move.down": 1, "up move.up": -1, "move.page-down": 10, "move.page-up": -10,
        "move.half-down": 8, "move.half-up": -8, "move.last": 10_000, "move.first": -10_000,
    }  # fmt: skip
    """How far the keys of movement scroll."""

    def __init__(self, keymap: Keymap, signs: Signs, groups: Sequence[Group] = DESK_GROUPS) -> None:
        super().__init__()
        self._body = HelpLines(keymap, signs, groups)

    def compose(self) -> ComposeResult:
        """Show the lines."""
        yield self._body

    def on_key(self, event: events.Key) -> None:
        """Scroll, or close."""
        event.stop()
        event.prevent_default()
        key = key_name(event.key, event.character)
        steps = [by for moves, by in self._STEPS.items() if key in opening_keys(self, moves)]
        if steps:
            self._body.scroll_relative(y=steps[0], animate=False)
        elif key in (
            "escape",
            "enter",
            *opening_keys(self, "app.help app.help-anywhere app.back app.quit"),
        ):
            self.dismiss(None)
