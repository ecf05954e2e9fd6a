"""Thumbnails in a thread: real pixels where the terminal draws them, else cells of two colours."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from helpdesk_tui.domain.messages import AttachmentRow, FileState, MessageRow
from helpdesk_tui.domain.pictures import Look, Thumbnail, is_looked_at
from helpdesk_tui.widgets.pixels.layer import PixelLayer

ROWS = 12
"""Lines that a thumbnail takes at most …"""
COLUMNS = 44
"""… and cells in each."""
_HALF = "▀"
_STEP = 8
"""Colours are told apart in such steps: fewer changes of colour are fewer bytes on the line."""


def wanted_pictures(
    messages: tuple[MessageRow, ...], known: Mapping[int, Look]
) -> list[AttachmentRow]:
    """Return the files of messages that were not looked at yet, the newest first."""
    return [
        file
        for message in reversed(messages)
        for file in message.attachments
        if not file.inline
        and file.id not in known
        and file.state is FileState.HERE
        and is_looked_at(file.content_type)
    ]


def picture_segments(picture: Thumbnail, row: int, layer: PixelLayer | None) -> list[Segment]:
    """Return one line of a thumbnail."""
    if layer is not None and picture.pixels is not None:
        cells = layer.segments(picture.pixels, row)
        if cells is not None:
            return cells
    segments: list[Segment] = []
    run, before = 0, None
    for cell in picture.cells(row):
        style = _style(*cell)
        if style is not before and before is not None:
            segments.append(Segment(_HALF * run, before))
            run = 0
        before, run = style, run + 1
    if before is not None:
        segments.append(Segment(_HALF * run, before))
    return segments


def _style(upper: bytes, lower: bytes) -> Style:
    return _style_of(tuple(part // _STEP for part in upper), tuple(part // _STEP for part in lower))


@lru_cache(4096)
def _style_of(upper: tuple[int, ...], lower: tuple[int, ...]) -> Style:
    return Style(color=_colour(upper), bgcolor=_colour(lower))


def _colour(parts: tuple[int, ...]) -> Color:
    red, green, blue = (min(255, part * _STEP + _STEP // 2) for part in parts)
    return Color.from_rgb(red, green, blue)
