"""Painting one line of a thread: indent, bar, text on its background."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from textual.strip import Strip

from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.painted import width_of
from helpdesk_tui.widgets.pixels.layer import PixelLayer
from helpdesk_tui.widgets.thread.layout import Line
from helpdesk_tui.widgets.thread.pictures import picture_segments
from helpdesk_tui.widgets.words.language import pgettext

INDENT = 2
_BAR = "█"


@dataclass(frozen=True, slots=True)
class Frame:
    """How wide the pane is, and the text in it."""

    width: int
    measure: int
    layer: PixelLayer | None = None
    """What turns pictures into pixels, if anything does."""


def paint_line(
    line: Line, palette: Palette, frame: Frame, *, picked: bool, chosen: int, entered: bool = False
) -> Strip:
    """Paint a line as a strip of exactly the width of the frame.

    Args:
        line: what to paint.
        palette: the colours.
        frame: the widths.
        picked: the line belongs to the selected message.
        chosen: id of the selected file, if it is of this message.
        entered: the agent reads this thread, so that its files can be opened.
    """
    if line.bar is None:
        return palette.strip(((" " * INDENT, Ink.DIM), *line.spans), frame.width)
    if line.picture is not None:
        return _paint_picture(line, palette, frame, picked=picked)
    tone, spans, bar = line.tone, line.spans, line.bar
    is_file = line.hit is not None and line.hit.kind == "file"
    inner = min(frame.measure + 2, frame.width - INDENT - 2)
    if entered and line.has_keys:
        spans = _with_keys(line.spans, _file_keys(Ink.DIM, Ink.DIM), inner)
    if picked:
        bar = Ink.WAITING if tone is Tone.NOTE else Ink.ACCENT
        if is_file and line.hit == ("file", chosen):
            tone = Tone.PICKED
            if line.has_keys:
                spans = _with_keys(line.spans, _file_keys(Ink.KEY, Ink.SOFT), inner)
    body = Strip(palette.segments(((" ", Ink.TEXT), *spans), tone))
    segments = [
        Segment(" " * INDENT, palette.style(Ink.TEXT)),
        Segment(_BAR, palette.style(bar)),
        *body.adjust_cell_length(inner, palette.style(Ink.TEXT, tone)),
    ]
    return Strip(segments).adjust_cell_length(frame.width, palette.style(Ink.TEXT))


def _paint_picture(line: Line, palette: Palette, frame: Frame, *, picked: bool) -> Strip:
    """Paint a row of a thumbnail behind the bar of its message."""
    bar = line.bar or Ink.DIM
    if picked:
        bar = Ink.WAITING if line.tone is Tone.NOTE else Ink.ACCENT
    segments = [
        Segment(" " * INDENT, palette.style(Ink.TEXT)),
        Segment(_BAR, palette.style(bar)),
        Segment(" ", palette.style(Ink.TEXT, line.tone)),
    ]
    if line.picture is not None:
        segments += picture_segments(*line.picture, frame.layer)
    return Strip(segments).adjust_cell_length(frame.width, palette.style(Ink.TEXT))


def _file_keys(key: Ink, word: Ink) -> tuple[Span, ...]:
    """Return what can be done with a file, and by which keys."""
    return (
        ("   o", key), (f" {pgettext('key', 'open')} · ", word),
        ("S", key), (f" {pgettext('key', 'save')}", word),
    )  # fmt: skip


def _with_keys(spans: tuple[Span, ...], keys: tuple[Span, ...], room: int) -> tuple[Span, ...]:
    """Add keys behind a file where all of them fit: half a word says nothing."""
    used = 1 + width_of([*spans, *keys])
    return (*spans, *keys) if used <= room else spans
