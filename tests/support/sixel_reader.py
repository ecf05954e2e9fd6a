"""Reads a sixel picture back into its dots, the way a terminal does."""

from __future__ import annotations

import re

Colour = tuple[int, ...]
_PIECE = re.compile(r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)(.)|([$-])|([?-~])")


def read_sixel(data: str) -> tuple[int, int, dict[tuple[int, int], Colour]]:
    """Return width, height and the colour of every dot that is drawn.

    Raises:
        AssertionError: if the data is no sixel picture of this size.
    """
    head = re.match(r'\x1bP0;1q"1;1;(\d+);(\d+)', data)
    assert head is not None
    assert data.endswith("\x1b\\")
    body = data[head.end() : -2]
    palette: dict[int, Colour] = {}
    dots: dict[tuple[int, int], Colour] = {}
    x = y = colour = position = 0
    for piece in _PIECE.finditer(body):
        assert piece.start() == position, body[position:]
        position = piece.end()
        if piece[1]:
            palette[int(piece[1])] = tuple(round(int(piece[one]) * 2.55) for one in (2, 3, 4))
        elif piece[5]:
            colour = int(piece[5])
        elif piece[8]:
            x, y = 0, y + 6 * (piece[8] == "-")
        else:
            bits = ord(piece[7] or piece[9]) - 63
            run = int(piece[6] or 1)
            for across in range(x, x + run):
                for bit in range(6):
                    if bits >> bit & 1:
                        dots[across, y + bit] = palette[colour]
            x += run
    assert position == len(body)
    width, height = int(head[1]), int(head[2])
    assert all(0 <= x < width and 0 <= y < height for x, y in dots)
    return width, height, dots
