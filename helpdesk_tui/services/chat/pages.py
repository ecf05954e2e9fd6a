"""What is known of the pages of the shop that answers come from, kept beside the store."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpdesk_tui.db.modes import open_file
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.answering.pages import Pages, pages_json, read_pages
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.setting.responder import AI_AGENT, AI_PAGES

log = logging.getLogger(__name__)

MOST_BYTES = 20_000_000
"""Of the kept file: what is larger was not written by us."""


def wanted_pages(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the addresses that the setting names."""
    found = settings.get(AI_PAGES)
    return tuple(map(str, found)) if isinstance(found, list) else ()


class KeptPages:
    """Reads and writes what is known of the pages of one store; every call blocks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._file: Path = store.paths.pages

    def wanted(self) -> tuple[str, ...]:
        """Return the addresses that the setting names."""
        with self._store.read() as connection:
            return wanted_pages(load_desk_settings(connection))

    def is_used(self) -> bool:
        """Tell whether anybody answers from them."""
        with self._store.read() as connection:
            return bool(load_desk_settings(connection).get(AI_AGENT, "off") != "off")

    def mark(self) -> tuple[int, int]:
        """Return what changes whenever other pages are kept."""
        try:
            found = self._file.lstat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)

    def load(self) -> Pages:
        """Return what is known; nothing where it cannot be read: it will be fetched anew."""
        try:
            handle = os.open(self._file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as file:
                data = file.read(MOST_BYTES + 1)
            return read_pages(json.loads(data)) if len(data) <= MOST_BYTES else Pages()
        except FileNotFoundError:
            return Pages()
        except (OSError, ValueError, RecursionError) as error:
            log.warning("the kept pages cannot be read: %s", type(error).__name__)
            return Pages()

    def save(self, pages: Pages) -> None:
        """Keep what is known in place of what was.

        Raises:
            StoreError: ``store.unwritable``.
        """
        part = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
        try:
            part.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(open_file(part, self._store.paths.root, flags), "wb") as file:
                file.write(json.dumps(pages_json(pages), ensure_ascii=False).encode())
            part.rename(self._file)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise StoreError(
                "store.unwritable", path=str(part), reason=error.strerror or str(error)
            ) from error

    def forget(self) -> None:
        """Remove what is known."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)
