"""What the responder answers from: the published FAQ, a folder of texts, pages of the shop."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG

from helpdesk_tui.db.faq import load_faq
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.answering.index import Passage
from helpdesk_tui.domain.answering.passages import (
    MOST_PASSAGES,
    faq_passages,
    page_passages,
    text_passages,
)
from helpdesk_tui.domain.answering.responder import Responder
from helpdesk_tui.domain.faq import FaqItem
from helpdesk_tui.domain.setting.responder import AI_KNOWLEDGE_FOLDER
from helpdesk_tui.services.chat.pages import KeptPages, wanted_pages

log = logging.getLogger(__name__)

ENDINGS = (".md", ".markdown", ".txt")
MOST_FILES = 500
MOST_BYTES = 1_000_000
"""Of one file; a larger one is left out."""

_Mark = tuple[str, int, int]
"""(path, time of change, size) of a file."""


class Knowledge:
    """Gives a responder over what is published now; safe from any thread; blocks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._items: tuple[FaqItem, ...] = ()
        self._marks: tuple[_Mark, ...] = ()
        self._texts: list[Passage] = []
        self._kept = KeptPages(store)
        self._pages_mark: tuple[object, ...] = ()
        self._pages: list[Passage] = []
        self._responder: Responder | None = None
        self._lock = threading.Lock()

    def responder(self) -> Responder:
        """Return the responder over the FAQ, the folder and the pages as they are now."""
        with self._lock:
            return self._looked_up()

    def _looked_up(self) -> Responder:
        with self._store.read() as connection:
            items = load_faq(connection, published=True)
            settings = load_desk_settings(connection)
        wanted = settings.get(AI_KNOWLEDGE_FOLDER)
        self._look_at_pages(wanted_pages(settings))
        files = list(_files(Path(wanted))) if isinstance(wanted, str) and wanted else []
        marks = tuple(mark for _, mark in files)
        if marks != self._marks:
            self._texts = _passages(files)
            self._marks = marks
            self._responder = None
        if self._responder is None or items != self._items:
            self._items = items
            self._responder = Responder([*faq_passages(items), *self._texts, *self._pages])
        return self._responder

    def _look_at_pages(self, wanted: tuple[str, ...]) -> None:
        """Take up what was fetched since; nothing is ever fetched here."""
        mark = (wanted, *self._kept.mark()) if wanted else ()
        if mark != self._pages_mark:
            self._pages = page_passages(self._kept.load().of(wanted)) if wanted else []
            self._pages_mark = mark
            self._responder = None


def _files(folder: Path) -> Iterator[tuple[Path, _Mark]]:
    """Yield the texts of a folder in their order; links out of it are not followed."""
    count = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if name.startswith(".") or path.suffix.lower() not in ENDINGS:
                continue
            try:
                found = path.lstat()
            except OSError:
                continue
            if not S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
                continue
            count += 1
            if count > MOST_FILES:
                log.warning("the knowledge folder holds more than %s files", MOST_FILES)
                return
            mark = (path.relative_to(folder).as_posix(), found.st_mtime_ns, found.st_size)
            yield path, mark


def _passages(files: list[tuple[Path, _Mark]]) -> list[Passage]:
    found: list[Passage] = []
    for path, mark in files:
        try:
            with path.open("rb") as file:
                text = file.read(MOST_BYTES).decode("utf-8-sig", errors="replace")
        except OSError as error:
            log.warning("a knowledge file cannot be read: %s", error.strerror)
            continue
        found += text_passages(mark[0], text)
        if len(found) >= MOST_PASSAGES:
            return found[:MOST_PASSAGES]
    return found
