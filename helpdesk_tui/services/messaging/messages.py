"""The worker's side of SMS, WhatsApp and Instagram: what providers tell becomes tickets."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.db.accounts import load_position
from helpdesk_tui.db.blobs import pack, put_blobs
from helpdesk_tui.db.ingest import move_cursor
from helpdesk_tui.db.messaging import messages as rows
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.db.unstorable import UnstorableError, savepoint, storable
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM, Actor
from helpdesk_tui.domain.messaging.received import Echo, News, Received
from helpdesk_tui.domain.received import Source, Summary
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.messaging.events import MessageEvents

if TYPE_CHECKING:
    import sqlite3

BATCH = 50
"""News of one transaction: agents' writes get in between two of them."""
log = logging.getLogger(__name__)


class Messaging:
    """Stores what providers tell; every call blocks."""

    def __init__(self, store: Store, actor: Actor = SYSTEM, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def position(self, account: Account, folder: str) -> int:
        """Return where reading goes on; 0 where nothing was read yet."""
        with self._store.read() as connection:
            return load_position(connection, account.id, folder)[1]

    def ingest(
        self,
        account: Account,
        news: Sequence[News],
        *,
        folder: str = "",
        position: int | None = None,
        raw: Mapping[str, bytes] | None = None,
    ) -> Summary:
        """Store news, :data:`BATCH` in a transaction; the cursor moves with the last of them.

        What is stored already changes nothing: news may come any number of times, and in any
        order; those of one call are put into the order of their moments. One that cannot be stored
        goes to the intake list with its reason, and the others are stored all the same.

        Args:
            account: Whose number or account they came to.
            news: What the adapter has understood.
            folder: Name of the cursor that moves; empty for none.
            position: How far has been read once these are stored.
            raw: The provider's own words of each message by its id, kept as they are.

        Raises:
            StoreError: if the store cannot be written; what was not stored is not acknowledged.
        """
        ordered = sorted(news, key=lambda each: each.at)
        total = Summary()
        for start in range(0, max(1, len(ordered)), BATCH):
            chunk = ordered[start : start + BATCH]
            is_last = start + BATCH >= len(ordered)
            moves = bool(folder) and is_last and position is not None
            if not chunk and not moves:
                break
            with self._store.write(bulk=True) as connection:
                total += self._store_chunk(connection, account, chunk, raw or {})
                if moves:
                    source = Source(account.id, account.address, folder)
                    move_cursor(connection, source, position or 0, to_us(self._now()))
        return total

    def _store_chunk(
        self,
        connection: sqlite3.Connection,
        account: Account,
        chunk: Sequence[News],
        raw: Mapping[str, bytes],
    ) -> Summary:
        work = MessageEvents(
            connection, self._store.paths, account, self._now(), load_desk_settings(connection)
        )
        total = Summary()
        for each in chunk:
            own = raw.get(each.external_id) if isinstance(each, Received | Echo) else None
            try:
                with savepoint(connection), storable():
                    total += work.add(each, own)
            except UnstorableError as error:
                # the kind alone: what some of these errors say quotes the message
                kind = type(error.__cause__).__name__
                log.warning("account %s: something cannot be stored: %s", account.name, kind)
                total += self._set_aside(connection, account, each, own)
        work.finish()
        return total

    def _set_aside(
        self, connection: sqlite3.Connection, account: Account, news: News, raw: bytes | None
    ) -> Summary:
        """Put a message that cannot be stored on the intake list, with what can be kept of it."""
        if not isinstance(news, Received | Echo):
            return Summary()
        external_id = _storable(news.external_id)
        if rows.is_stored(connection, account.id, external_id):
            return Summary(seen=1, duplicates=1)
        sha256 = ""
        if raw is not None:
            sha256 = hashlib.sha256(raw).hexdigest()
            put_blobs(connection, self._store.paths, [pack(sha256, raw)])
        rows.insert_intake(
            connection,
            {
                "channel_account_id": account.id,
                "received_at": to_us(self._now()),
                "reason": "unreadable",
                "sender": _storable(news.address),
                "external_id": external_id,
                "raw_sha256": sha256,
                "preview": _storable(news.text)[:200],
                "customer_address": _storable(news.address),
            },
        )
        return Summary(seen=1, failed=1)


def _storable(value: object) -> str:
    """Return a text that any store takes."""
    return str(value).encode("utf-8", "replace").decode("utf-8").replace("\0", "")
