"""The thread that fetches the files of received messages: they may come after the message."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import HelpdeskError, StoreError
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.messaging.media import PendingFile, PendingMedia
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import Gone, Rejected, Retry
from helpdesk_tui.sync.cutting import Cutter
from helpdesk_tui.sync.downloads import Downloaded
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import ReceiveLoop

log = logging.getLogger(__name__)

Fetch = Callable[[Mapping[str, str], int, Cutter], Downloaded]
"""Fetches a file from where the adapter has noted that it is; raises HelpdeskError."""

TOO_LARGE = "media.larger-than-fetched"
_AT_ONCE = 10
_IDLE = 3_600.0
_STORE_TROUBLE = 30.0


class MediaLoop(Loop):
    """Fetches what one account still has to get; a file that fails keeps no other from coming."""

    def __init__(
        self, receiver: ReceiveLoop, store: Store, fetch: Fetch, *, now: Clock = utc_now
    ) -> None:
        super().__init__(f"files {receiver.account.name}")
        self._account = receiver.account
        self._media = PendingMedia(store, now=now)
        self._fetch = fetch
        self._now = now
        self._cutter = Cutter()
        self._backoff = Backoff(longest=_STORE_TROUBLE)

    def store_changed(self) -> None:
        """A message with files may have come, or somebody wants one fetched again."""
        self.wake()

    def interrupt(self) -> None:
        """Cut what is being fetched; it is fetched anew another time."""
        self._cutter.cut()

    def once(self) -> None:
        """Fetch all that is due; raises HelpdeskError."""
        while self._round() and not self.stopping.is_set():
            pass

    def step(self) -> float:
        """Fetch what is due; return the seconds until the next one is."""
        try:
            if self._round():
                return 0.0
            following = self._media.next_due(self._account)
        except StoreError as error:
            log.error("%s: %s", self.name, error)
            return self._backoff.next()
        self._backoff.clear()
        if following is None:
            return _IDLE
        return min(_IDLE, max(0.2, (following - self._now()).total_seconds()))

    def _round(self) -> bool:
        """Fetch some that are due; tell whether there may be more."""
        due = self._media.due(self._account, _AT_ONCE)
        most = self._media.most() if due else 0
        for file in due:
            if self.stopping.is_set():
                return False
            self._bring(file, most)
        return len(due) == _AT_ONCE

    def _bring(self, file: PendingFile, most: int) -> None:
        """Fetch one file, or note why it is not here."""
        if file.size > most:
            self._media.refused(file, TOO_LARGE)
            return
        try:
            found = self._fetch(file.source, most, self._cutter)
        except StoreError:
            raise
        except HelpdeskError as error:
            if not self.stopping.is_set():
                self._missed(file, error)
            return
        # what the provider says now counts where it said nothing before
        said = file if file.content_type else replace(file, content_type=found.content_type)
        self._media.stored(said, found.data)

    def _missed(self, file: PendingFile, error: HelpdeskError) -> None:
        """Note that a file did not come: its time, its trouble and its end are the store's."""
        log.warning("%s: file %s: %s", self.name, file.id, error.code)
        if isinstance(error, Gone):
            self._media.missing(file)
        elif isinstance(error, Rejected):
            is_size = error.code == "media.too-large"
            self._media.refused(file, TOO_LARGE if is_size else error.code)
        else:
            wait = error.after if isinstance(error, Retry) else 0.0
            self._media.failed(file, error.code, wait=timedelta(seconds=wait))
