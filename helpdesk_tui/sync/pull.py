"""From a mailbox into the store: fetched, parsed in the parser process, stored in batches.

While one batch is parsed by the child, the next one comes over the wire and the one before is
stored; no more than a few batches are ever in memory.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from queue import Empty, Full, Queue
from typing import Protocol

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.received import Received, Source, Summary
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.sync.channels.email.imap import BATCH_MAILS, FetchedMail, FolderState
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.parsed import Parsed
from helpdesk_tui.sync.parser import ParserProcess

log = logging.getLogger(__name__)

_AHEAD = 2
"""Batches that may wait for the parser."""


class Folder(Protocol):
    """What pulling needs of a mailbox connection."""

    def open_folder(self, name: str) -> FolderState:
        """Open a folder and return its state."""

    def uids(self, first: int, next_uid: int) -> Iterator[list[int]]:
        """Give the UIDs from ``first`` on."""

    def fetch(self, uids: list[int]) -> list[FetchedMail]:
        """Return mails."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Mails on their way through the parser."""

    mails: list[FetchedMail]
    last: int
    """Up to this UID all is fetched once the batch is stored."""


class _Supply:
    """A thread that fetches batches while the one before is stored."""

    def __init__(
        self, box: Folder, first: int, next_uid: int, limit: int, stop: threading.Event
    ) -> None:
        self.error: HelpdeskError | None = None
        self._box = box
        self._span = (first, next_uid)
        self._limit = limit
        self._stop = stop
        self._ended = threading.Event()
        self._queue: Queue[_Batch | None] = Queue(_AHEAD)
        self._thread = threading.Thread(target=self._run, name="fetch-ahead", daemon=True)

    def batches(self) -> Iterator[_Batch]:
        """Give the batches in the order of their UIDs; after a failure those before it."""
        self._thread.start()
        while (batch := self._queue.get()) is not None:
            yield batch

    def end(self) -> None:
        """Stop fetching and wait until the connection is free again."""
        self._ended.set()
        while self._thread.is_alive():
            with suppress(Empty):
                self._queue.get_nowait()
            self._thread.join(0.01)

    def _run(self) -> None:
        try:
            self._fetch()
        except HelpdeskError as error:
            self.error = error
        except Exception:
            # an error of ours must end the pull, not leave it waiting for ever
            log.exception("fetching ahead failed")
            self.error = Retry("channel.internal")
        finally:
            self._put(None)

    def _fetch(self) -> None:
        for uids in self._box.uids(*self._span):
            for start in range(0, len(uids), self._limit):
                wanted = uids[start : start + self._limit]
                if not self._put(_Batch(self._box.fetch(wanted), wanted[-1])):
                    return

    def _put(self, batch: _Batch | None) -> bool:
        """Hand over a batch; False once nobody wants any more."""
        while not self._ended.is_set() and not (batch and self._stop.is_set()):
            with suppress(Full):
                self._queue.put(batch, timeout=0.05)
                return True
        return False


class Pull:
    """Brings what is new in one folder of one account into the store."""

    def __init__(
        self,
        account: Account,
        folder: str,
        accounts: Accounts,
        inbound: Inbound,
        parser: ParserProcess,
        stop: threading.Event,
    ) -> None:
        self._account = account
        self._folder = folder
        self._accounts = accounts
        self._inbound = inbound
        self._parser = parser
        self._stop = stop
        self._limit = BATCH_MAILS
        self._validity = 0
        self._waiting: deque[_Batch] = deque()
        self.summary = Summary()
        """What became of the mails pulled since this object was made."""

    def run(self, box: Folder) -> bool:
        """Pull until nothing is new or the worker stops; blocks. Tell whether anything came.

        Raises:
            ChannelError: if the connection failed; what came before it is stored.
            StoreError: if storing failed; the cursor stands behind what is stored.
        """
        state = box.open_folder(self._folder)
        validity, position = self._accounts.position(self._account, self._folder)
        first = position + 1 if validity == state.validity else 1
        if state.next_uid and first >= state.next_uid:
            return False
        # it gets ready while the first mails come over the wire
        self._parser.start()
        self._validity = state.validity
        before = self.summary.seen
        try:
            self._pull(box, first, state.next_uid)
        except HelpdeskError:
            self._limit = max(1, self._limit // 2)
            raise
        finally:
            self._drop_waiting()
        self._limit = BATCH_MAILS
        return self.summary.seen > before

    def _pull(self, box: Folder, first: int, next_uid: int) -> None:
        """Store what a second thread fetches, so that neither waits for the other's waits."""
        supply = _Supply(box, first, next_uid, self._limit, self._stop)
        try:
            for batch in supply.batches():
                self._parser.submit([mail.raw for mail in batch.mails])
                self._waiting.append(batch)
                while len(self._waiting) > _AHEAD:
                    self._store_next()
            while self._waiting:
                self._store_next()
        finally:
            supply.end()
        if supply.error is not None:
            raise supply.error

    def _store_next(self) -> None:
        batch = self._waiting.popleft()
        parsed = self._parser.result()
        received = [_received(*pair) for pair in zip(batch.mails, parsed, strict=True)]
        source = Source(
            account_id=self._account.id,
            address=self._account.address,
            folder=self._folder,
            validity=self._validity,
            position=batch.last,
        )
        self.summary += self._inbound.ingest(received, source=source)

    def _drop_waiting(self) -> None:
        """After a failure: forget what was not stored; it is fetched again."""
        if self._parser.pending:
            self._parser.close()
        self._waiting.clear()


def _received(mail: FetchedMail, parsed: Parsed) -> Received:
    """Join what the server and what the parser say of a mail."""
    message = parsed.mail
    if mail.too_large:
        message = replace(message, defects=(*message.defects, "too-large"))
    return Received(
        parsed=message,
        raw_sha256=parsed.raw_sha256,
        raw_size=mail.too_large or parsed.raw_size,
        blobs=(parsed.raw, *parsed.blobs),
        uid=mail.uid,
        received_at=mail.received_at or utc_now(),
        searched=parsed.searched,
    )
