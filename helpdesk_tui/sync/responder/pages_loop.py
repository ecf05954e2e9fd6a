"""The thread that visits the pages of the shop: daily, and when the setting names others."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.answering.pages import SOONER, Pages
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.services.chat.pages import KeptPages
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.responder.pages import fetch_pages
from helpdesk_tui.sync.responder.stoppable import Stopped

log = logging.getLogger(__name__)

_LONGEST_SLEEP = 600.0


class PagesLoop(Loop):
    """Sleeps until a visit is due; a person who looks at something never causes one."""

    def __init__(
        self, store: Store, *, now: Clock = utc_now, fetch: Callable[..., Pages] = fetch_pages
    ) -> None:
        super().__init__("pages")
        self._kept = KeptPages(store)
        self._now = now
        self._fetch = fetch
        self._key: tuple[object, ...] = ()
        self._due_at = now()

    def store_changed(self) -> None:
        """The setting may have changed."""
        self.wake()

    def step(self) -> float:
        """Visit the pages if that is due; return the seconds until it may be."""
        try:
            return self._visit()
        except StoreError as error:
            log.error("%s: %s", self.name, error)
        except (Stopped, TimeoutError) as error:
            log.info("the visit of the pages was left: %s", type(error).__name__)
        return _LONGEST_SLEEP

    def _visit(self) -> float:
        wanted = self._kept.wanted()
        if not wanted:
            self._kept.forget()
            return _LONGEST_SLEEP
        if not self._kept.is_used():
            return _LONGEST_SLEEP
        due = (self._due(wanted) - self._now()).total_seconds()
        if due > 0:
            return min(due, _LONGEST_SLEEP)
        # whatever happens to this visit, the next one is not before the time for it has come
        self._due_at = self._now() + SOONER
        known = self._kept.load()
        self._kept.save(self._fetch(wanted, known, now=self._now, stopping=self.stopping))
        return _LONGEST_SLEEP

    def _due(self, wanted: tuple[str, ...]) -> datetime:
        """Return when a visit is due; the file is looked into only after it has changed."""
        key = (wanted, self._kept.mark())
        if key != self._key:
            self._key = key
            self._due_at = self._kept.load().due_at(wanted, self._now())
        return self._due_at
