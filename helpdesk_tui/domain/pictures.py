"""What a look at a file shows in a terminal: a small picture, how long it plays, or why nothing."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from types import MappingProxyType

KINDS = (
    "image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif", "image/jpg",
    "image/pjpeg",
)  # fmt: skip
"""Content types of pictures that are shown where they stand; their bytes have to agree."""
PAGES = ("application/pdf",)
"""Content types whose first page is shown, where a program that draws it is installed."""
PLAYED = MappingProxyType({"audio": True, "video": True})
"""First halves of content types that play for a while."""


def is_looked_at(content_type: str) -> bool:
    """Return whether a look at a file of this type tells more than its line of words."""
    kind = content_type.lower()
    return kind in KINDS or kind in PAGES or kind.partition("/")[0] in PLAYED


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a terminal that draws real pixels."""

    width: int
    """Of one cell, in pixels."""
    height: int
    shades: int = 0
    """Colours that a picture may have; 0 for any number."""


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """A picture as a terminal draws it that can more than letters; one is never equal to another.

    Its cells are all of one size: ``width`` and ``height`` divide evenly.
    """

    width: int
    height: int
    columns: int
    rows: int
    colours: bytes
    """Red, green and blue of each pixel, line by line."""
    palette: bytes = b""
    """Red, green and blue of the few colours, for terminals that number them …"""
    shades: bytes = b""
    """… and the number of each pixel."""

    @property
    def cell(self) -> tuple[int, int]:
        """Width and height of a cell."""
        return self.width // self.columns, self.height // self.rows

    @property
    def weight(self) -> int:
        """Bytes it takes in memory."""
        return len(self.colours) + len(self.shades)


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture as cells: two pixels to a cell, one above the other.

    With no rows it is only known how large the picture is: none are to be shown here.
    """

    width: int
    """Of the picture itself, in pixels; 0 where it has none, such as a page …"""
    height: int
    columns: int
    rows: int
    colours: bytes
    """Red, green and blue of ``columns`` × 2 ``rows`` pixels, line by line."""
    pixels: Pixels | None = None
    """The same for a terminal that draws pixels."""
    moves: bool = False
    """It is the first picture of several that play."""
    is_page: bool = False
    """It is the first page of a document."""

    def cells(self, row: int) -> list[tuple[bytes, bytes]]:
        """Return a row of cells: the colour of the upper and of the lower half of each."""
        step = 3 * self.columns
        upper, lower = 2 * row * step, (2 * row + 1) * step
        return [
            (self.colours[upper + at : upper + at + 3], self.colours[lower + at : lower + at + 3])
            for at in range(0, step, 3)
        ]


@dataclass(frozen=True, slots=True)
class NoPicture:
    """Why a file that calls itself a picture is not shown as one."""

    code: str
    """``picture.empty``, ``picture.unreadable``, ``picture.too-large`` or ``picture.too-heavy``."""
    width: int = 0
    """As far as it is known …"""
    height: int = 0


@dataclass(frozen=True, slots=True)
class Playtime:
    """How long a sound or a film plays."""

    seconds: float
    width: int = 0
    """Of the film, in pixels; 0 if it is not known, or a sound."""
    height: int = 0


Look = Thumbnail | NoPicture | Playtime | None
"""What a look at a file has shown; None for nothing more than its line of words."""


def fitted(
    width: int, height: int, columns: int, rows: int, grid: Grid | None = None
) -> tuple[int, int]:
    """Return how many cells a picture takes in so many at most: its shape stays, it never grows.

    Args:
        width: of the picture, in pixels.
        height: of the picture.
        columns: cells there are at most.
        rows: the same downwards.
        grid: how large the cells are, where real pixels are drawn; without, a cell has two pixels
            and is about twice as high as it is wide.
    """
    if grid is not None:
        scale = min(1.0, columns * grid.width / width, rows * grid.height / height)
        across, down = ceil(width * scale / grid.width), ceil(height * scale / grid.height)
        return max(1, min(across, columns)), max(1, min(down, rows))
    scale = min(1.0, columns / width, 2 * rows / height)
    return max(1, round(width * scale)), max(1, round(height * scale / 2))
