"""Making pictures smaller until they fit, for networks that carry little."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.services.media.decoder import is_animated, on_paper, size_of, upright

if TYPE_CHECKING:
    from PIL.Image import Image

JPEG = "image/jpeg"
_QUALITIES = (85, 75, 65)
"""Of the JPEG; below that letters on labels get hard to read, and smaller is better."""
_STEP = 0.8
_LEAST_SIDE = 160
"""Pixels of the longer side; a smaller picture shows nothing."""
_LARGEST_SIDE = 2_560
"""Pixels of the longer side to begin with: more is seen on no phone."""


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A picture that was made smaller, and what it was before."""

    data: bytes
    content_type: str
    width: int
    height: int
    before_size: int
    before_width: int
    before_height: int

    @property
    def size(self) -> int:
        """Its bytes now."""
        return len(self.data)


def shrink(data: bytes, most: int) -> Shrunk:
    """Return a picture in so many bytes at most: its shape stays, its metadata goes.

    Blocks for up to some seconds.

    Args:
        data: The bytes of a picture.
        most: Bytes that it may have.

    Raises:
        UsageError: ``media.no-picture``, ``media.too-many-pixels``, ``media.moves`` for one that
            would stand still afterwards, ``media.cannot-shrink`` where nothing readable would be
            left.
    """
    if is_animated(data):
        raise UsageError("media.moves")
    width, height = size_of(data)
    image = on_paper(upright(data, side=_LARGEST_SIDE))
    longest = min(max(image.size), _LARGEST_SIDE)
    while longest >= min(_LEAST_SIDE, max(width, height)):
        smaller = _fitted(image, longest)
        for quality in _QUALITIES:
            made = _jpeg(smaller, quality)
            if len(made) <= most:
                return Shrunk(made, JPEG, *smaller.size, len(data), width, height)
        longest = int(longest * _STEP)
    raise UsageError("media.cannot-shrink", limit=most)


def shares(sizes: Sequence[int], rest: int, most: int) -> list[int]:
    """Return how many bytes each of several pictures may have, so that all fit beside the rest.

    Small ones stay as they are; the others share what is left by their sizes.

    Args:
        sizes: Bytes of the pictures.
        rest: Bytes of the other files.
        most: Bytes of everything together.

    Raises:
        UsageError: ``media.cannot-shrink`` where the other files alone are too large.
    """
    room = most - rest
    if room <= 0:
        raise UsageError("media.cannot-shrink", limit=most)
    if sum(sizes) <= room:
        return list(sizes)
    # whoever has less than an even share keeps it, which leaves more for the others
    found, left, open_ones = (
        [0] * len(sizes),
        room,
        sorted(range(len(sizes)), key=sizes.__getitem__),
    )
    while open_ones and sizes[open_ones[0]] <= left // len(open_ones):
        smallest = open_ones.pop(0)
        found[smallest] = sizes[smallest]
        left -= sizes[smallest]
    total = sum(sizes[each] for each in open_ones)
    for each in open_ones:
        found[each] = left * sizes[each] // total
    return found


def _fitted(image: Image, longest: int) -> Image:
    if max(image.size) <= longest:
        return image
    scale = longest / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, reducing_gap=3.0)


def _jpeg(image: Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
