"""What a terminal is sent for the cells of a picture, in each way that terminals know."""

from __future__ import annotations

from base64 import b64encode

from helpdesk_tui.domain.pictures import Pixels
from helpdesk_tui.widgets.pixels.png import png
from helpdesk_tui.widgets.pixels.protocol import Protocol
from helpdesk_tui.widgets.pixels.sixel import sixels

_CHUNK = 4096
"""Characters of a Kitty command: no more may stand in one."""


def kitty_image(number: int, pixels: Pixels) -> str:
    """Return what hands a picture to the terminal and says that placeholders stand for it."""
    data = b64encode(png(pixels, 0, pixels.height, 0, pixels.width)).decode("ascii")
    chunks = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
    head = f"a=T,U=1,q=2,f=100,i={number},c={pixels.columns},r={pixels.rows},"
    out = []
    for place, chunk in enumerate(chunks):
        more = 0 if place == len(chunks) - 1 else 1
        out.append(f"\x1b_G{head if place == 0 else 'q=2,'}m={more};{chunk}\x1b\\")
    return "".join(out)


def kitty_gone(number: int) -> str:
    """Return what makes the terminal forget a picture, wherever it stands."""
    return f"\x1b_Ga=d,d=I,q=2,i={number}\x1b\\"


def iterm_image(pixels: Pixels, row: int, first: int, last: int) -> str:
    """Return columns ``first`` to ``last`` of a row of cells as an inline image of that size."""
    width, height = pixels.cell
    data = png(pixels, row * height, (row + 1) * height, first * width, (last + 1) * width)
    options = (
        f"inline=1;size={len(data)};width={last + 1 - first};height=1;"
        "preserveAspectRatio=0;doNotMoveCursor=1"
    )
    return f"\x1b]1337;File={options}:{b64encode(data).decode('ascii')}\x07"


def row_image(protocol: Protocol, pixels: Pixels, row: int, first: int, last: int) -> str:
    """Return a part of a row of cells for a terminal that is sent pixels where they belong."""
    if protocol is Protocol.SIXEL:
        return sixels(pixels, row, first, last)
    return iterm_image(pixels, row, first, last)
