"""Files of messages: their bytes, private copies to open, and copies to keep."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from threading import Lock

from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.reads.thread import load_attachment
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import NotFound, StoreError, UsageError
from helpdesk_tui.domain.filenames import numbered, risk_of, safe_name
from helpdesk_tui.domain.messages import AttachmentRow

_TRIES = 1000
"""Numbers tried behind a name that is taken."""
_HEAD = 65536
"""Bytes at the beginning of a file that are looked at for its true kind."""


class Attachments:
    """Reads attachments and writes copies of them; every call blocks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._folder: Path | None = None

    def read(self, attachment_id: int) -> tuple[AttachmentRow, bytes]:
        """Return an attachment with its bytes.

        Raises:
            NotFound: if there is no such attachment, or its bytes are gone.
        """
        with self._store.read() as connection:
            row = load_attachment(connection, attachment_id)
            if row is None:
                raise NotFound("attachment.missing", id=attachment_id)
            return row, get_blob(connection, self._store.paths, row.sha256)

    def is_risky(self, row: AttachmentRow, head: bytes) -> str:
        """Return the code of why a file needs a question before it is opened, or nothing.

        Judges by name, declared type and first bytes.
        """
        return risk_of(row.filename, row.content_type, head[:_HEAD])

    def open_copy(self, attachment_id: int) -> Path:
        """Write a private copy for a viewer and return its absolute path.

        The copies lie in a folder that only this user can enter; :meth:`close` removes it.

        Raises:
            NotFound: if there is no such attachment.
            StoreError: if the copy cannot be written.
        """
        row, data = self.read(attachment_id)
        folder = self._private_folder() / f"{row.id}"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            return _write(folder, safe_name(row.filename), data)
        except OSError as error:
            raise _unwritable(folder, error) from error

    def save(self, attachment_id: int, folder: Path) -> Path:
        """Write a copy into a folder, never over anything, and return where it went.

        Raises:
            NotFound: if there is no such attachment.
            UsageError: if there is no such folder.
            StoreError: if the copy cannot be written.
        """
        row, data = self.read(attachment_id)
        target = folder.expanduser().absolute()
        if not target.is_dir():
            raise UsageError("attachment.no-folder", path=str(target))
        try:
            return _write(target, safe_name(row.filename), data)
        except OSError as error:
            raise _unwritable(target, error) from error

    def close(self) -> None:
        """Remove the private copies."""
        with self._lock:
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def _private_folder(self) -> Path:
        with self._lock:
            if self._folder is None:
                try:
                    self._folder = Path(tempfile.mkdtemp(prefix="helpdesk-")).absolute()
                except OSError as error:
                    raise _unwritable(Path(tempfile.gettempdir()), error) from error
            return self._folder


def _write(folder: Path, name: str, data: bytes) -> Path:
    """Write a new file under a name that is free; what cannot be written whole is removed."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    for number in range(1, _TRIES):
        target = folder / (name if number == 1 else numbered(name, number))
        try:
            handle = os.open(target, flags, 0o600)
        except FileExistsError:
            continue
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
        except OSError:
            target.unlink(missing_ok=True)
            raise
        return target
    raise FileExistsError(f"{name}: every number up to {_TRIES} is taken")


def _unwritable(path: Path, error: OSError) -> StoreError:
    reason = error.strerror or str(error)
    return StoreError("attachment.unwritable", path=str(path), reason=reason)
