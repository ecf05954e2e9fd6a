"""Blacking out parts of a picture for good, before it is sent."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.services.media.decoder import is_animated, on_paper, upright

_BLACK = (0, 0, 0)
_QUALITY = 92


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of a picture as parts of its width and height: 0 is left and top, 1 the rest."""

    left: float
    top: float
    right: float
    bottom: float

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return the pixels that it touches: left, top, and right, bottom behind the last."""
        left, right = sorted((self.left, self.right))
        top, bottom = sorted((self.top, self.bottom))
        return (
            max(0, min(width, int(left * width))),
            max(0, min(height, int(top * height))),
            max(0, min(width, math.ceil(right * width))),
            max(0, min(height, math.ceil(bottom * height))),
        )


@dataclass(frozen=True, slots=True)
class Redacted:
    """A picture with parts of it gone."""

    data: bytes
    content_type: str
    width: int
    height: int


def redact(data: bytes, regions: Sequence[Region]) -> Redacted:
    """Return a picture in full size whose regions are black; nothing of them is left in it.

    It is made anew from its pixels, so that no preview and no metadata tells what was there.

    Raises:
        UsageError: ``media.no-picture``, ``media.too-many-pixels``, ``media.moves``, or
            ``media.nothing-chosen`` where no region covers anything.
    """
    if is_animated(data):
        raise UsageError("media.moves")
    image = on_paper(upright(data))
    boxes = [region.pixels(image.width, image.height) for region in regions]
    boxes = [box for box in boxes if box[0] < box[2] and box[1] < box[3]]
    if not boxes:
        raise UsageError("media.nothing-chosen")
    for box in boxes:
        image.paste(_BLACK, box)
    out = io.BytesIO()
    if data.startswith(b"\x89PNG"):
        image.save(out, "PNG", optimize=True)
        return Redacted(out.getvalue(), "image/png", *image.size)
    image.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return Redacted(out.getvalue(), "image/jpeg", *image.size)
