"""Files of messages: their bytes, private copies to open, and copies to keep."""

from __future__ import annotations

from pathlib import Path

from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.reads.files import load_files
from helpdesk_tui.db.reads.thread import load_attachment
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.filenames import risk_of
from helpdesk_tui.domain.media.shelf import ShelvedFile
from helpdesk_tui.domain.messages import AttachmentRow, FileState
from helpdesk_tui.services.private_files import PrivateFolder, keep_file

_HEAD = 65536
"""Bytes at the beginning of a file that are looked at for its true kind."""
_MOST_FILES = 500


class Attachments:
    """Reads attachments and writes copies of them; every call blocks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._copies = PrivateFolder()

    def read(self, attachment_id: int) -> tuple[AttachmentRow, bytes]:
        """Return an attachment with its bytes.

        Raises:
            NotFound: if there is no such attachment, or its bytes are gone or not here yet.
        """
        with self._store.read() as connection:
            row = load_attachment(connection, attachment_id)
            if row is None:
                raise NotFound("attachment.missing", id=attachment_id)
            if row.state is not FileState.HERE:
                raise NotFound(f"attachment.{row.state}", id=attachment_id)
            return row, get_blob(connection, self._store.paths, row.sha256)

    def of_ticket(self, ticket_id: int) -> list[ShelvedFile]:
        """Return the files that were sent in a ticket, the newest first; at most some hundreds."""
        with self._store.read() as connection:
            return load_files(connection, ticket_id, _MOST_FILES)

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
        return self._copies.write(str(row.id), row.filename, data)

    def save(self, attachment_id: int, folder: Path) -> Path:
        """Write a copy into a folder, never over anything, and return where it went.

        Raises:
            NotFound: if there is no such attachment.
            UsageError: if there is no such folder.
            StoreError: if the copy cannot be written.
        """
        row, data = self.read(attachment_id)
        return keep_file(folder, row.filename, data)

    def close(self) -> None:
        """Remove the private copies."""
        self._copies.close()
