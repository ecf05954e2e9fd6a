"""Sixel: six lines of pixels at a time, one colour after the other."""

from __future__ import annotations

import re

from helpdesk_tui.domain.pictures import Pixels

SHADES = 96
"""Colours that a picture is given: few enough to be quick, and that every terminal has."""
_BAND = 6
_RUN = re.compile(rb"(.)\1{3,}", re.DOTALL)
_PRINTED = bytes((value + 63) & 255 for value in range(256))


def sixels(pixels: Pixels, row: int, first: int, last: int) -> str:
    """Return columns ``first`` to ``last`` of a row of cells as a sixel picture of that size."""
    width, height = pixels.cell
    left, across = first * width, (last + 1 - first) * width
    lines = [
        pixels.shades[start + left : start + left + across]
        for start in range(
            row * height * pixels.width, (row + 1) * height * pixels.width, pixels.width
        )
    ]
    used = sorted(set(b"".join(lines)))
    out = [f'\x1bP0;1q"1;1;{across};{height}', *(_colour(pixels.palette, one) for one in used)]
    bands = [lines[start : start + _BAND] for start in range(0, height, _BAND)]
    out.append("-".join(_band(band) for band in bands))
    return "".join([*out, "\x1b\\"])


def _colour(palette: bytes, number: int) -> str:
    red, green, blue = (round(part * 100 / 255) for part in palette[3 * number : 3 * number + 3])
    return f"#{number};2;{red};{green};{blue}"


def _band(lines: list[bytes]) -> str:
    return "$".join(
        f"#{shade}{_packed(lines, shade)}" for shade in sorted(set(b"".join(lines)))
    )  # fmt: skip


def _packed(lines: list[bytes], shade: int) -> str:
    """Return where a band has one colour: one character for each column of six pixels."""
    columns = 0
    for place, line in enumerate(lines):
        table = bytearray(256)
        table[shade] = 1 << place
        columns |= int.from_bytes(line.translate(table))
    text = columns.to_bytes(len(lines[0])).translate(_PRINTED).rstrip(b"?")
    return _RUN.sub(lambda run: b"!%d%c" % (len(run[0]), run[1]), text).decode("ascii")
