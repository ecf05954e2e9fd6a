"""Lines of spans that a function makes for a width: as high as they are many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.geometry import Size

from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted
from helpdesk_tui.widgets.wrap import cells, wrap_line

Rows = list[list[Span]]
_BETWEEN_KEYS = "   "


class SpanLines(Painted):
    """Shows rows of spans in a dialog."""

    DEFAULT_CSS = """
    SpanLines { height: auto; width: 100%; background: $raised; }
    """
    TONE: ClassVar[Tone] = Tone.RAISED

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._make: Callable[[int], Rows] = _nothing
        self._width = 0
        self._rows: Rows = []
        self.display = False

    def show(self, make: Callable[[int], Rows] | None) -> None:
        """Show other rows; none takes no room."""
        self._make = make or _nothing
        self._width = 0
        self.display = make is not None
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return one line for each row."""
        return len(self._laid_out(width))

    def _laid_out(self, width: int) -> Rows:
        if width != self._width:
            self._width, self._rows = width, self._make(width)
        return self._rows

    def spans(self, y: int) -> Sequence[Span]:
        """Return one row."""
        rows = self._laid_out(self.size.width)
        return rows[y] if y < len(rows) else []


def _nothing(width: int) -> Rows:
    return []


def text_rows(text: str, width: int, ink: Ink = Ink.TEXT, sign: Span = ("", Ink.DIM)) -> Rows:
    """Return a text wrapped to a width, behind a sign in its first line."""
    indent = cells(sign[0])
    out: Rows = []
    for line in text.split("\n"):
        for part in wrap_line(line, max(8, width - indent)):
            out.append([sign if not out else (" " * indent, Ink.DIM), (part, ink)])
    return out


def key_rows(hints: Sequence[str], width: int) -> Rows:
    """Return keys and what they do on as few lines as they fit, never one torn apart.

    Args:
        hints: Each with the key as its first word.
        width: Of the rows.
    """
    rows: Rows = [[]]
    used = 0
    for hint in hints:
        key, _space, word = hint.partition(" ")
        gap = _BETWEEN_KEYS if rows[-1] else ""
        if gap and used + cells(gap + hint) > width:
            rows.append([])
            used, gap = 0, ""
        rows[-1] += [(gap, Ink.DIM), (key, Ink.KEY), (f" {word}", Ink.SOFT)]
        used += cells(gap + hint)
    return rows


def label_rows(rows: Sequence[tuple[str, Sequence[Span]]], least: int = 0) -> Rows:
    """Return names with what stands for each beside them, all equally far to the right."""
    shown = [(name, spans) for name, spans in rows if spans]
    room = max(widest([name for name, _spans in shown]), least)
    return [[label(name, room), *spans] for name, spans in shown]


def label(name: str, room: int) -> Span:
    """Return a name with the gap to what stands for it."""
    return name + " " * (max(0, room - cells(name)) + 2), Ink.DIM


def widest(names: Iterable[str]) -> int:
    """Return the cells of the longest of some names."""
    return max([cells(name) for name in names], default=0)
