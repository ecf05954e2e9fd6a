"""Looks at attachments, made when first asked for: small pictures, and how long one plays."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messages import AttachmentRow, FileState
from helpdesk_tui.domain.pictures import (
    KINDS,
    PAGES,
    Grid,
    Look,
    NoPicture,
    Thumbnail,
    is_looked_at,
)
from helpdesk_tui.services.media.first_picture import small_picture
from helpdesk_tui.services.media.pages import first_page
from helpdesk_tui.services.media.probe import playtime
from helpdesk_tui.services.media.viewing import Viewing

log = logging.getLogger(__name__)

_MOST_BYTES = 30_000_000
_KEPT = 200
_MOST_WEIGHT = 48_000_000
"""Bytes of pixels that are kept."""
_DRAWN_AT_ONCE = Lock()
"""Pages are drawn one after the other: each takes a processor for itself."""


class Thumbnails:
    """Makes and keeps looks at files; calls block and belong in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, int, int, Grid | None], Look] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def of(self, file: AttachmentRow, columns: int, rows: int, grid: Grid | None = None) -> Look:
        """Return what a file shows in so many cells at most; with no rows only words about it.

        Args:
            file: the attachment.
            columns: cells there are.
            rows: the same downwards; 0 where no pictures are wanted.
            grid: how large the cells are, where real pixels are drawn.
        """
        if file.state is not FileState.HERE or not is_looked_at(file.content_type):
            return None
        if file.size <= 0:
            return NoPicture("picture.empty")
        if file.size > _MOST_BYTES:
            return None
        key = (file.sha256, columns, rows, grid)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._make(file, columns, rows, grid)
        with self._lock:
            self._keep(key, made)
        return made

    def viewing(self, file: AttachmentRow) -> Viewing | NoPicture:
        """Return a picture to be looked at closely, or why there is none to be seen.

        Raises:
            HelpdeskError: if its bytes are not here.
        """
        data = self._bytes(file)
        if file.content_type.lower() in PAGES:
            data = _drawn(data)
        if not data:
            return NoPicture("picture.unreadable" if file.size else "picture.empty")
        return Viewing.of(data)

    def _keep(self, key: tuple[str, int, int, Grid | None], made: Look) -> None:
        self._weight += _weight(made) - _weight(self._kept.get(key))
        self._kept[key] = made
        while len(self._kept) > _KEPT or self._weight > _MOST_WEIGHT:
            self._weight -= _weight(self._kept.popitem(last=False)[1])

    def _make(self, file: AttachmentRow, columns: int, rows: int, grid: Grid | None) -> Look:
        try:
            data = self._bytes(file)
        except HelpdeskError as error:
            log.info("no look at file %d: %s", file.id, error.code)
            return None
        kind = file.content_type.lower()
        if kind in PAGES:
            return self._tried(file, lambda: _page(data, columns, rows, grid)) if rows else None
        if kind in KINDS:
            return self._tried(file, lambda: small_picture(data, columns, rows, grid)) or NoPicture(
                "picture.unreadable"
            )
        return playtime(data)

    def _bytes(self, file: AttachmentRow) -> bytes:
        with self._store.read() as connection:
            return get_blob(connection, self._store.paths, file.sha256)

    def _tried(self, file: AttachmentRow, make: Callable[[], Look]) -> Look:
        try:
            return make()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a file, it has a line of words
            log.info("no look at file %d: %s", file.id, type(error).__name__)
            return None


def _weight(look: Look) -> int:
    pixels = look.pixels if isinstance(look, Thumbnail) else None
    return pixels.weight if pixels is not None else 0


def _drawn(data: bytes) -> bytes:
    with _DRAWN_AT_ONCE:
        return first_page(data)


def _page(data: bytes, columns: int, rows: int, grid: Grid | None) -> Look:
    drawn = _drawn(data)
    if not drawn:
        return None
    look = small_picture(drawn, columns, rows, grid)
    if not isinstance(look, Thumbnail):
        return None
    return Thumbnail(
        0, 0, look.columns, look.rows, look.colours, pixels=look.pixels, is_page=True
    )  # fmt: skip
