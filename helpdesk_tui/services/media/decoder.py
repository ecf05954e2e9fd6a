"""Opening pictures of others without being taken apart by them; Pillow is loaded when needed."""

from __future__ import annotations

import io
import warnings
from functools import cache
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import UsageError

if TYPE_CHECKING:
    from types import ModuleType

    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
MOST_PIXELS = 50_000_000
"""More than any camera makes; a picture that claims more is not unpacked."""
_ORIENTATION = 0x0112
_NEEDED = ("transparency", "icc_profile")
"""What a picture needs to look right; whatever else its file says is not a part of it."""
_MOVING = ("GIF", "PNG", "WEBP")
"""Formats that move; a JPEG with several pictures shows one, the others serve the camera."""
_TURNS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE",
    6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90",
}  # fmt: skip
"""How a picture comes to stand upright, by the value of the EXIF tag."""
_LYING = (5, 6, 7, 8)
"""Those of its values that turn a picture by a quarter."""


@cache
def pillow() -> ModuleType:
    """Load the decoder once, and let it refuse bombs instead of warning of them."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    return Image


def turn_of(image: Image) -> int:
    """Return how a picture has to be turned, as its file says; 1: not at all."""
    turn: int = image.getexif().get(_ORIENTATION, 1)
    return turn


def lies(turn: int) -> bool:
    """Tell whether a picture is turned by a quarter: its width is its height."""
    return turn in _LYING


def turned(image: Image, turn: int) -> Image:
    """Return a picture upright."""
    if turn not in _TURNS:
        return image
    return image.transpose(getattr(pillow().Transpose, _TURNS[turn]))


def upright(data: bytes, *, side: int = 0) -> Image:
    """Return the first frame of a picture as it is meant to be seen, unpacked.

    Args:
        data: The bytes of a picture.
        side: Where a JPEG is made small anyway: pixels that its shorter side keeps at least.

    Raises:
        UsageError: ``media.no-picture``, or ``media.too-many-pixels`` with the numbers.
    """
    module = pillow()
    try:
        with module.open(io.BytesIO(data), formats=FORMATS) as image:
            check_pixels(image.width, image.height)
            turn = turn_of(image)
            if side:
                image.draft("RGB", (side, side))
            image.load()
            found: Image = image.copy()
            # comments and the like would be written into whatever is made of it
            found.info = {name: each for name, each in found.info.items() if name in _NEEDED}
    except UsageError:
        raise
    except Exception as error:
        # the decoders promise nothing about what they raise for what is no picture
        raise _refusal(data, error) from error
    return turned(found, turn)


def _refusal(data: bytes, error: Exception) -> UsageError:
    """Return why a picture is not unpacked: a bomb says how large it claims to be."""
    module = pillow()
    if isinstance(error, (module.DecompressionBombError, module.DecompressionBombWarning)):
        for name in FORMATS:
            factory, accepts = module.OPEN[name]
            if accepts(data[:16]):
                with factory(io.BytesIO(data), "") as image:
                    width, height = image.size
                return UsageError("media.too-many-pixels", width=width, height=height)
    return UsageError("media.no-picture")


def check_pixels(width: int, height: int) -> None:
    """Refuse a picture that would fill the memory; raises UsageError ``media.too-many-pixels``."""
    if width * height > MOST_PIXELS:
        raise UsageError("media.too-many-pixels", width=width, height=height)


def is_animated(data: bytes) -> bool:
    """Tell whether a picture moves; False for what is no picture."""
    try:
        with pillow().open(io.BytesIO(data), formats=FORMATS) as image:
            return image.format in _MOVING and bool(getattr(image, "is_animated", False))
    except Exception:  # noqa: BLE001 - the decoders promise nothing about what they raise
        return False


def size_of(data: bytes) -> tuple[int, int]:
    """Return width and height of a picture without unpacking it, as it is meant to be seen.

    Raises:
        UsageError: ``media.no-picture``, or ``media.too-many-pixels`` with the numbers.
    """
    try:
        with pillow().open(io.BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            is_lying = lies(turn_of(image))
    except Exception as error:
        raise _refusal(data, error) from error
    return (height, width) if is_lying else (width, height)


def on_paper(image: Image) -> Image:
    """Return a picture without transparency: white shines through, as on paper."""
    module = pillow()
    if image.mode == "RGB":
        return image
    if image.mode in ("L", "CMYK", "YCbCr", "1", "I", "F", "I;16"):
        return image.convert("RGB")
    full = image.convert("RGBA")
    paper = module.new("RGBA", full.size, (255, 255, 255, 255))
    result: Image = module.alpha_composite(paper, full).convert("RGB")
    return result
