"""The first picture of a file, made no larger than it is shown, by decoders that may be lied to."""

from __future__ import annotations

import io
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from helpdesk_tui.domain.pictures import Grid, NoPicture, Pixels, Thumbnail, fitted
from helpdesk_tui.services.media.decoder import FORMATS, MOST_PIXELS, lies, pillow, turn_of, turned

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_UNPACKED = 12_500_000
"""Pixels of a picture that have to be in memory at once: only JPEG is made small on the way."""
_SCAN, _MOST_SCANS = b"\xff\xda", 64
"""What begins one more pass over a whole picture; camera and programs need a dozen."""
_SMOOTH = ("L", "RGB", "RGBA")
"""Modes whose pixels can be mixed as they are."""
_PAPER = (255, 255, 255)
"""What shines through where a picture is transparent."""


@cache
def formats() -> tuple[str, ...]:
    """Return the formats that are read: HEIC only where its decoder is installed. Loads it once."""
    pillow()
    with suppress(ImportError):
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
        return (*FORMATS, "HEIF")
    return FORMATS


def small_picture(
    data: bytes, columns: int, rows: int, grid: Grid | None = None
) -> Thumbnail | NoPicture:
    """Return a picture in so many cells at most; with no rows only how large it is.

    Raises:
        Exception: any, if the bytes are no picture: the decoders promise nothing.
    """
    module = pillow()
    try:
        opened = module.open(io.BytesIO(data), formats=formats())
    except (module.DecompressionBombError, module.DecompressionBombWarning):
        return NoPicture("picture.too-large")
    with opened as image:
        refused = _refused(image, data)
        if refused is not None:
            return refused
        width, height = image.size
        turn = turn_of(image)
        if lies(turn):
            width, height = height, width
        moves = bool(getattr(image, "is_animated", False))
        if rows <= 0:
            return Thumbnail(width, height, 0, 0, b"", moves=moves)
        across, down = fitted(width, height, columns, rows, grid)
        size = (across * grid.width, down * grid.height) if grid else (across, 2 * down)
        small = _scaled(image, size, turn)
    return as_cells(small, (width, height), (across, down), grid, moves=moves)


def _refused(image: Image, data: bytes) -> NoPicture | None:
    most = MOST_PIXELS if image.format == "JPEG" else MOST_UNPACKED
    if image.width * image.height > most:
        return NoPicture("picture.too-large", image.width, image.height)
    if data.count(_SCAN) > _MOST_SCANS:
        return NoPicture("picture.too-heavy", image.width, image.height)
    return None


def _scaled(image: Image, size: tuple[int, int], turn: int) -> Image:
    """Return a picture upright in a size, on paper: small first, the rest afterwards."""
    module = pillow()
    # JPEG is decoded no larger than needed
    least = 2 * max(size)
    image.draft("RGB", (least, least))
    mixable = image if image.mode in _SMOOTH else image.convert("RGBA")
    lying = (size[1], size[0]) if lies(turn) else size
    small = mixable.resize(lying, reducing_gap=2.0).convert("RGBA")
    small = turned(small, turn)
    paper = module.new("RGBA", small.size, (*_PAPER, 255))
    flat: Image = module.alpha_composite(paper, small).convert("RGB")
    return flat


def as_cells(
    picture: Image,
    size: tuple[int, int],
    cells: tuple[int, int],
    grid: Grid | None,
    *,
    moves: bool = False,
    is_page: bool = False,
) -> Thumbnail:
    """Return a picture that has its final size as cells, and as pixels where a grid is given.

    Args:
        picture: in the size of the cells, or of their pixels.
        size: of the whole picture, for the words beside it.
        cells: columns and rows.
        grid: how large the cells are, where pixels are drawn.
        moves: the file goes on with further pictures.
        is_page: the picture is a page of a document.
    """
    pixels = _pixels(picture, cells, grid) if grid is not None else None
    coarse = picture if pixels is None else picture.resize((cells[0], 2 * cells[1]))
    return Thumbnail(
        *size, *cells, coarse.tobytes(), pixels=pixels, moves=moves, is_page=is_page
    )  # fmt: skip


def _pixels(picture: Image, cells: tuple[int, int], grid: Grid) -> Pixels:
    palette = shades = b""
    if grid.shades:
        few = picture.quantize(grid.shades)
        palette = bytes(few.getpalette("RGB") or ())
        shades = few.tobytes()
    return Pixels(picture.width, picture.height, *cells, picture.tobytes(), palette, shades)
