"""Files that a provider still holds: fetched later, so that no message waits for its pictures."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from helpdesk_tui.db.blobs import pack, put_blobs, write_ahead
from helpdesk_tui.db.messaging import media as rows
from helpdesk_tui.db.messaging.media import PendingFile
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import NotAllowed, NotFound
from helpdesk_tui.domain.media.names import agrees, is_made_up, named_type
from helpdesk_tui.domain.media.sniffing import UNKNOWN, content_type
from helpdesk_tui.domain.messages import FileState
from helpdesk_tui.domain.setting.media import largest_file
from helpdesk_tui.services.clock import Clock, utc_now

__all__ = ["PendingFile", "PendingMedia"]

OTHER_TYPE = "media.other-type"
"""The bytes are here, and are not what the provider said that they are."""
_HEAD = 4_096
_SOON = tuple(timedelta(seconds=each) for each in (2, 4, 8, 16, 30))
"""A medium may lag behind its message for a minute."""
_LATER = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 360, 720))


class PendingMedia:
    """What an account's loop asks and tells about files; every call blocks."""

    def __init__(self, store: Store, *, now: Clock = utc_now) -> None:
        self._store = store
        self._now = now

    def due(self, account: Account, limit: int = 10) -> list[PendingFile]:
        """Return the files that are to be fetched now."""
        with self._store.read() as connection:
            return rows.load_due(connection, account.id, self._now(), limit)

    def next_due(self, account: Account) -> datetime | None:
        """Return when the next file is to be fetched; None where none is."""
        with self._store.read() as connection:
            return rows.next_due(connection, account.id)

    def most(self) -> int:
        """Return the bytes of the largest file that the desk wants here."""
        with self._store.read() as connection:
            return largest_file(load_desk_settings(connection))

    def stored(self, file: PendingFile, data: bytes) -> FileState:
        """Keep the bytes of a file; return what became of it.

        What is empty is refused. What is not what the provider announced (another checksum) is
        fetched again. What is of another type than it was said to be is kept under its true type.
        """
        if not data:
            return self.refused(file, "media.empty")
        sha256 = hashlib.sha256(data).hexdigest()
        if file.sha256 and file.sha256 != sha256:
            return self.failed(file, "media.damaged")
        packed = pack(sha256, data)
        # a large file is on the disk before the transaction begins
        write_ahead(self._store.paths, packed)
        found = content_type(data[:_HEAD], file.filename)
        is_other = not agrees(file.content_type, found)
        kind = found if found != UNKNOWN or is_other or not file.content_type else ""
        kind = kind or file.content_type
        name = file.filename
        if is_made_up(name):
            name = named_type(kind)
        values = {
            "state": FileState.HERE.value, "sha256": sha256, "size": len(data),
            "content_type": kind, "filename": name, "next_try_at": None,
            "error_code": OTHER_TYPE if is_other else "",
        }  # fmt: skip
        with self._store.write(bulk=True) as connection:
            if rows.load_file(connection, file.id) is None:
                return FileState.EXPIRED
            put_blobs(connection, self._store.paths, [packed])
            rows.save_file(connection, file, values, self._now())
        return FileState.HERE

    def missing(self, file: PendingFile) -> FileState:
        """The provider knows no such file: it may lag for a minute, and is gone after that."""
        if file.tries < len(_SOON):
            return self._again(file, _SOON[file.tries], "media.missing")
        return self._settle(file, FileState.EXPIRED, "media.expired")

    def expired(self, file: PendingFile) -> FileState:
        """The provider no longer holds a file."""
        return self._settle(file, FileState.EXPIRED, "media.expired")

    def refused(self, file: PendingFile, code: str) -> FileState:
        """A file is not wanted here: too large, empty, or from a host that is not the provider's.

        Args:
            file: The file.
            code: Why, such as ``media.too-large``.
        """
        return self._settle(file, FileState.REFUSED, code)

    def failed(self, file: PendingFile, code: str, *, wait: timedelta | None = None) -> FileState:
        """A file could not be fetched: tried again for a day, then by hand.

        Args:
            file: The file.
            code: Why.
            wait: How long the provider wants to be left alone.
        """
        delays = (*_SOON[:2], *_LATER)
        if file.tries >= len(delays):
            return self._settle(file, FileState.FAILED, code)
        return self._again(file, max(wait or timedelta(), delays[file.tries]), code)

    def ask_again(self, attachment_id: int) -> None:
        """Let a file be fetched again that is not here.

        Raises:
            NotFound: ``attachment.missing``.
            NotAllowed: ``media.is-here``, or ``media.not-remote`` where no provider holds it.
        """
        with self._store.write() as connection:
            file = rows.load_file(connection, attachment_id)
            if file is None:
                raise self._unknown(attachment_id)
            if file.state == FileState.HERE:
                raise NotAllowed("media.is-here", id=attachment_id)
            now = self._now()
            values = {"state": FileState.PENDING.value, "tries": 0, "next_try_at": now,
                      "error_code": ""}  # fmt: skip
            rows.save_file(connection, file, values, now)

    def _unknown(self, attachment_id: int) -> NotFound | NotAllowed:
        with self._store.read() as connection:
            is_there = rows.exists(connection, attachment_id)
        if is_there:
            return NotAllowed("media.not-remote", id=attachment_id)
        return NotFound("attachment.missing", id=attachment_id)

    def _again(self, file: PendingFile, wait: timedelta, code: str) -> FileState:
        now = self._now()
        values = {"tries": file.tries + 1, "next_try_at": now + wait, "error_code": code}
        return self._save(file, FileState.PENDING, values)

    def _settle(self, file: PendingFile, state: FileState, code: str) -> FileState:
        values = {"tries": file.tries + 1, "next_try_at": None, "error_code": code}
        return self._save(file, state, values)

    def _save(self, file: PendingFile, state: FileState, values: dict[str, Any]) -> FileState:
        with self._store.write(bulk=True) as connection:
            if rows.load_file(connection, file.id) is None:
                return FileState.EXPIRED
            rows.save_file(connection, file, {"state": state.value, **values}, self._now())
        return state
