"""Small pictures of attachments, made when they are first looked at."""

from __future__ import annotations

import io
import logging
import warnings
from collections import OrderedDict
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messages import AttachmentRow
from helpdesk_tui.domain.pictures import KINDS, Thumbnail, fitted

if TYPE_CHECKING:
    from types import ModuleType

log = logging.getLogger(__name__)

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_MOST_BYTES = 30_000_000
_MOST_PIXELS = 50_000_000
"""More than any camera makes; a picture that claims more is not unpacked (security P9)."""
_MOST_UNPACKED = 12_500_000
"""The same where all pixels have to be in memory at once: only JPEG is made small on the way."""
_SCAN, _MOST_SCANS = b"\xff\xda", 64
"""What begins one more pass over a whole picture; camera and programs need a dozen."""
_KEPT = 200
_ORIENTATION, _LYING = 0x0112, (5, 6, 7, 8)
"""The EXIF tag, and those of its values that turn a picture by a quarter."""
_TURNS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE",
    6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90",
}  # fmt: skip
"""How a picture comes to stand upright, by the value of the tag."""
_SMOOTH = ("L", "RGB", "RGBA")
"""Modes whose pixels can be mixed as they are."""
_PAPER = (255, 255, 255)
"""What shines through where a picture is transparent."""


class Thumbnails:
    """Makes and keeps thumbnails; calls block and belong in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, int, int], Thumbnail | None] = OrderedDict()
        self._lock = Lock()

    def of(self, file: AttachmentRow, columns: int, rows: int) -> Thumbnail | None:
        """Return an attachment in so many cells at most; None for what is no picture."""
        if file.content_type.lower() not in KINDS or not 0 < file.size <= _MOST_BYTES:
            return None
        key = (file.sha256, columns, rows)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._make(file, columns, rows)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def _make(self, file: AttachmentRow, columns: int, rows: int) -> Thumbnail | None:
        try:
            with self._store.read() as connection:
                data = get_blob(connection, self._store.paths, file.sha256)
        except HelpdeskError as error:
            log.info("no thumbnail of file %d: %s", file.id, error.code)
            return None
        try:
            return thumbnail(data, columns, rows)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a file, it has a line of words
            log.info("no thumbnail of file %d: %s", file.id, type(error).__name__)
            return None


def thumbnail(data: bytes, columns: int, rows: int) -> Thumbnail | None:
    """Return the bytes of a picture as cells; None if it is too large to be unpacked.

    Raises:
        Exception: any, if the bytes are no picture: the decoders promise nothing.
    """
    pillow = _pillow()
    with pillow.open(io.BytesIO(data), formats=_FORMATS) as image:
        most = _MOST_PIXELS if image.format == "JPEG" else _MOST_UNPACKED
        if image.width * image.height > most or data.count(_SCAN) > _MOST_SCANS:
            return None
        width, height = image.size
        turn = image.getexif().get(_ORIENTATION, 1)
        if turn in _LYING:
            width, height = height, width
        across, down = fitted(width, height, columns, rows)
        # JPEG is decoded no larger than needed
        least = 4 * max(across, 2 * down)
        image.draft("RGB", (least, least))
        size = (2 * down, across) if turn in _LYING else (across, 2 * down)
        # small first, everything else afterwards: a large picture is copied as seldom as can be
        mixable = image if image.mode in _SMOOTH else image.convert("RGBA")
        small = mixable.resize(size, reducing_gap=2.0).convert("RGBA")
        if turn in _TURNS:
            small = small.transpose(getattr(pillow.Transpose, _TURNS[turn]))
        paper = pillow.new("RGBA", small.size, (*_PAPER, 255))
        colours = pillow.alpha_composite(paper, small).convert("RGB").tobytes()
    return Thumbnail(width, height, across, down, colours)


@cache
def _pillow() -> ModuleType:
    """Load the decoder once, and let it refuse bombs instead of warning of them."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    return Image
