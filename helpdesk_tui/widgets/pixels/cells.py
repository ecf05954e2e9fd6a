"""Placeholders: one character for each cell of a picture, which says what belongs there.

Widgets draw them like any other text, so that scrolling, dialogs and resizing need no care of
their own: whatever cells of a picture are written, and only those, become pixels. The form is that
of the Kitty graphics protocol (Unicode placeholders): one character of private use with combining
marks that count row and column; a third mark counts the picture.
"""

from __future__ import annotations

import re
from functools import cache

from rich.segment import Segment
from rich.style import Style

PLACEHOLDER = "\U0010eeee"
_RANGES = (
    "0305 030D-030E 0310 0312 033D-033F 0346 034A-034C 0350-0352 0357 035B 0363-036F 0483-0487"
    " 0592-0595 0597-0599 059C-05A1 05A8-05A9 05AB-05AC 05AF 05C4 0610-0617 0657-065B 065D-065E"
    " 06D6-06DC 06DF-06E2 06E4 06E7-06E8 06EB-06EC 0730 0732-0733 0735-0736 073A 073D 073F-0741"
    " 0743 0745 0747 0749-074A 07EB-07F1 07F3 0816-0819 081B-0823 0825-0827 0829-082D 0951"
    " 0953-0954 0F82-0F83 0F86-0F87 135D-135F 17DD 193A 1A17 1A75-1A7C 1B6B 1B6D-1B73 1CD0-1CD2"
    " 1CDA-1CDB 1CE0 1DC0-1DC1 1DC3-1DC9 1DCB-1DCC 1DD1-1DE6 1DFE 20D0-20D1 20D4-20D7 20DB-20DC"
    " 20E1 20E7 20E9 20F0 2CEF-2CF1 2DE0-2DFF A66F A67C-A67D A6F0-A6F1 A8E0-A8F1 AAB0 AAB2-AAB3"
    " AAB7-AAB8 AABE-AABF AAC1 FE20-FE26 10A0F 10A38 1D185-1D189 1D1AA-1D1AD 1D242-1D244"
)
"""The marks of the protocol in their order: the n-th of them means n."""


def _marks() -> tuple[str, ...]:
    marks: list[str] = []
    for piece in _RANGES.split():
        first, _, last = piece.partition("-")
        marks += map(chr, range(int(first, 16), int(last or first, 16) + 1))
    return tuple(marks)


MARKS = _marks()
MOST = len(MARKS)
"""Rows, columns and pictures that can be told apart."""
_NUMBERS = {mark: number for number, mark in enumerate(MARKS)}
_META = "picture-cell"
CELL = re.compile(f"{PLACEHOLDER}(.)(.)(.)", re.DOTALL)


def cell_segments(slot: int, row: int, columns: int) -> list[Segment]:
    """Return a row of a picture as segments, one for each cell: so none is ever cut in two."""
    style = _style()
    return [Segment(cell_text(slot, row, column), style) for column in range(columns)]


def cell_text(slot: int, row: int, column: int) -> str:
    """Return the placeholder of one cell."""
    return PLACEHOLDER + MARKS[row] + MARKS[column] + MARKS[slot]


def numbers(marks: tuple[str, str, str]) -> tuple[int, int, int] | None:
    """Return row, column and picture that marks mean; None if they are none of ours."""
    found = [_NUMBERS.get(mark, -1) for mark in marks]
    return None if min(found) < 0 else (found[0], found[1], found[2])


def is_cell(segment: Segment) -> bool:
    """Return whether a segment is a placeholder that a widget of ours drew.

    The same characters in somebody's text are text: they carry no style of ours.
    """
    text, style, _control = segment
    return (
        text.startswith(PLACEHOLDER)
        and style is not None
        and len(text) == 4
        and style.meta.get(_META) is True
    )


@cache
def _style() -> Style:
    return Style(meta={_META: True})
