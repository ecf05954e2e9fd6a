"""Pictures small enough to stand in a terminal: two pixels to a cell, one above the other."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""Content types of pictures that are shown where they stand; their bytes have to agree."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture as cells."""

    width: int
    """Of the picture itself, in pixels …"""
    height: int
    columns: int
    rows: int
    colours: bytes
    """Red, green and blue of ``columns`` × 2 ``rows`` pixels, line by line."""

    def cells(self, row: int) -> list[tuple[bytes, bytes]]:
        """Return a row of cells: the colour of the upper and of the lower half of each."""
        step = 3 * self.columns
        upper, lower = 2 * row * step, (2 * row + 1) * step
        return [
            (self.colours[upper + at : upper + at + 3], self.colours[lower + at : lower + at + 3])
            for at in range(0, step, 3)
        ]


def fitted(width: int, height: int, columns: int, rows: int) -> tuple[int, int]:
    """Return how many cells a picture takes in so many at most: its shape stays, it never grows.

    A cell is about twice as high as it is wide.
    """
    scale = min(1.0, columns / width, 2 * rows / height)
    return max(1, round(width * scale)), max(1, round(height * scale / 2))
