"""The thread that lets customers see that what they wrote has been read, once an agent has."""

from __future__ import annotations

import logging
import threading
from functools import partial

from helpdesk_tui.db.messaging.read_marks import ReadMark
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.services.messaging.meta import MetaAccount
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import Gone, Rejected
from helpdesk_tui.sync.channels.messaging.provider_loop import ProviderLoop
from helpdesk_tui.sync.channels.messaging.sender import MakeProvider
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

log = logging.getLogger(__name__)

_BREATH = 1.0
"""Seconds between two looks, however often the store changes."""
_IDLE = 3_600.0
_LONGEST = 300.0


class ReadLoop(ProviderLoop):
    """Tells of one account's tickets that agents have opened; a courtesy, never repeated for long.

    What was read before this worker began is taken as told.
    """

    def __init__(
        self, receiver: ReceiveLoop, store: Store, password: Password, make: MakeProvider
    ) -> None:
        account = receiver.account
        super().__init__(f"read marks {account.name}", partial(make, account, password))
        self._reads = MetaAccount(store, account)
        self._told: dict[int, str] | None = None
        self._changed = threading.Event()
        self._backoff = Backoff(longest=_LONGEST)

    def store_changed(self) -> None:
        """Somebody may have opened a ticket."""
        self._changed.set()
        self.wake()

    def step(self) -> float:
        """Tell what is new; return the seconds until the next look."""
        if self._told is not None and not self._changed.is_set():
            return _IDLE
        self._changed.clear()
        try:
            self.tell()
        except HelpdeskError as error:
            if not self.stopping.is_set():
                log.info("%s: %s", self.name, error.code)
            self.drop()
            self._changed.set()
            return self._backoff.next(at_least=_BREATH)
        self._backoff.clear()
        # changes come in heaps: one look a second sees them all
        self.stopping.wait(_BREATH)
        return 0.0 if self._changed.is_set() else _IDLE

    def tell(self) -> None:
        """Tell what agents have read since the last time; raises HelpdeskError."""
        found = {each.ticket_id: each for each in self._reads.read_by_agents()}
        if self._told is None:
            self._told = {key: each.external_id for key, each in found.items()}
            return
        told = self._told
        for key in told.keys() - found.keys():
            del told[key]
        for key, each in found.items():
            if told.get(key) != each.external_id and not self.stopping.is_set():
                self._tell(each)
                told[key] = each.external_id

    def _tell(self, mark: ReadMark) -> None:
        try:
            self.provider().read(mark.address, mark.external_id)
        except (Rejected, Gone) as error:
            log.info("%s: %s", self.name, error.code)
