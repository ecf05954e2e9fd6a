"""A picture that is looked at closely: unpacked once, then any part of it in any size."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.domain.media.window import Window
from helpdesk_tui.domain.pictures import Grid, NoPicture, Thumbnail, fitted
from helpdesk_tui.services.media.decoder import on_paper, pillow, upright
from helpdesk_tui.services.media.first_picture import as_cells, formats, small_picture

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

_SIDE = 3000
"""Pixels of the longer side that are kept in memory: more than any terminal shows at once, and
enough to read a label that fills a photograph four times over."""


@dataclass(slots=True)
class Viewing:
    """One unpacked picture; calls block for some milliseconds."""

    _picture: Image
    width: int
    """Of the whole picture as it came, in pixels."""
    height: int

    @classmethod
    def of(cls, data: bytes) -> Viewing | NoPicture:
        """Unpack a picture, or return why that is not done."""
        try:
            asked = small_picture(data, 1, 0)
            if isinstance(asked, NoPicture):
                return asked
            picture = _unpacked(data)
        except Exception as error:  # noqa: BLE001 - the decoders promise nothing about a stranger's file
            log.info("a picture cannot be viewed: %s", type(error).__name__)
            return NoPicture("picture.unreadable")
        return cls(picture, asked.width, asked.height)

    def part(self, window: Window, columns: int, rows: int, grid: Grid | None) -> Thumbnail:
        """Return the part of the picture in a window, in so many cells at most."""
        picture = self._picture
        left, top, right, bottom = window.box(picture.width, picture.height)
        scale = self.width / picture.width
        shown = (max(1, right - left), max(1, bottom - top))
        # a close look may blow pixels up, which a thumbnail never does
        factor = 1000 if window.zoom > 1 else max(1, round(scale))
        across, down = fitted(shown[0] * factor, shown[1] * factor, columns, rows, grid)
        size = (across * grid.width, down * grid.height) if grid else (across, 2 * down)
        cut = picture.resize(size, box=(left, top, right, bottom), reducing_gap=2.0)
        return as_cells(cut, (self.width, self.height), (across, down), grid)


def _unpacked(data: bytes) -> Image:
    module = pillow()
    if "HEIF" in formats():
        with module.open(io.BytesIO(data), formats=formats()) as image:
            if image.format == "HEIF":
                image.load()
                return _small(image.copy())
    return _small(upright(data, side=_SIDE))


def _small(image: Image) -> Image:
    image.thumbnail((_SIDE, _SIDE), reducing_gap=2.0)
    return on_paper(image)
