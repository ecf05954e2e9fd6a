"""Breaking text into screen lines by the cells it takes, not by its characters."""

from __future__ import annotations

import re

from rich.cells import cell_len, split_graphemes

_ONE_CELL = re.compile(
    "[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u203b\u203d-\u2048\u204a-\u205e\u20a0-\u20bf]*"
)
"""Letters and signs that take one cell each: text of these is measured by its length."""


def cells(text: str) -> int:
    """Return how many terminal cells ``text`` takes."""
    return len(text) if text.isascii() else cell_len(text)


def wrap_line(line: str, width: int) -> list[str]:
    """Break one line (no line feed in it) into pieces of at most ``width`` cells.

    Breaks at spaces where there are any, inside words that are longer than a line, and between
    ideographs; never inside an emoji or between a letter and its accents. Linear in the length.
    """
    if width < 1:
        return [""]
    if len(line) <= width and line.isascii():
        return [line]
    if _ONE_CELL.fullmatch(line):
        return _wrap_narrow(line, width)
    if cell_len(line) <= width:
        return [line]
    return _wrap_cells(line, width)


def wrap_text(text: str, width: int, limit: int = 1_000_000) -> tuple[list[str], bool]:
    """Break text with line feeds into screen lines, at most ``limit`` of them.

    Returns:
        The lines, and whether something was left out.
    """
    out: list[str] = []
    for line in text.split("\n"):
        if len(out) >= limit:
            return out, True
        # a line is never wrapped further than it can be shown: the rest costs nothing
        room = (limit - len(out)) * (width + 1) * 4
        out += wrap_line(line.rstrip()[:room], width)
    return out[:limit], len(out) > limit


def shorten_cells(text: str, width: int) -> str:
    """Return ``text`` cut to ``width`` cells, with an ellipsis where something went."""
    if cells(text) <= width:
        return text
    if width < 1:
        return ""
    spans, _ = split_graphemes(text[: width * 8])
    used, end = 0, 0
    for _, stop, size in spans:
        if used + size > width - 1:
            break
        used, end = used + size, stop
    return text[:end].rstrip() + "…"


def _wrap_narrow(line: str, width: int) -> list[str]:
    out: list[str] = []
    start, length = 0, len(line)
    while length - start > width:
        cut = line.rfind(" ", start, start + width + 1)
        if cut <= start or line[start:cut].isspace():
            out.append(line[start : start + width])
            start += width
            continue
        out.append(line[start:cut].rstrip())
        start = cut + 1
        while start < length and line[start] == " ":
            start += 1
    if start < length or not out:
        out.append(line[start:])
    return out


def _wrap_cells(line: str, width: int) -> list[str]:
    """Wrap by grapheme clusters: for text with wide, joined or combining characters."""
    spans, _ = split_graphemes(line)
    out: list[str] = []
    start = used = 0
    break_at = break_next = -1
    used_at_break = 0
    for begin, end, size in spans:
        space = line[begin:end] == " "
        if space or (size == 2 and begin > start):
            break_at, break_next, used_at_break = begin, end if space else begin, used + space
        if used + size > width and begin > start:
            if break_at > start:
                out.append(line[start:break_at].rstrip())
                start, used = break_next, used - used_at_break
            else:
                out.append(line[start:begin])
                start, used = begin, 0
            break_at = -1
        if space and begin == start:
            start = end
            continue
        used += size
    if start < len(line) or not out:
        out.append(line[start:])
    return out
