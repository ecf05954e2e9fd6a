"""Received mails as harmless pages for a browser, made outside of the interface's process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import helpdesk_tui
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.services.private_files import PrivateFolder, keep_file
from helpdesk_tui.services.secrets import without_secrets

LIMIT = 20.0
"""Seconds that making a page may take, the start of the interpreter included."""
_START = (
    "import sys; sys.path.append(sys.argv.pop(1)); "
    "from helpdesk_tui.cli.main import run; sys.exit(run(sys.argv[1:]))"
)


class Originals:
    """Makes pages of mails; every call blocks.

    A mail is somebody else's data: a process of its own reads it, so that one which takes long or
    breaks the reader costs nothing but the picture of itself.
    """

    def __init__(self, *, limit: float = LIMIT) -> None:
        self._copies = PrivateFolder()
        self._limit = limit

    def open_copy(self, name: str, raw: bytes) -> Path:
        """Write the page of a mail for this user's browser and return its absolute path.

        The pages lie in a folder that only this user can enter; :meth:`close` removes it.

        Raises:
            HelpdeskError: ``original.failed``.
            StoreError: if the page cannot be written.
        """
        return self._copies.write("originals", f"{name}.html", self.page(raw))

    def save(self, name: str, raw: bytes, folder: Path) -> Path:
        """Write the page of a mail into a folder, never over anything; return where it went.

        Raises:
            HelpdeskError: ``original.failed``.
            UsageError: if there is no such folder.
            StoreError: if the page cannot be written.
        """
        return keep_file(folder, f"{name}.html", self.page(raw))

    def page(self, raw: bytes) -> bytes:
        """Return the page of a mail.

        Raises:
            HelpdeskError: ``original.failed``.
        """
        root = Path(helpdesk_tui.__file__).resolve().parent.parent
        command = [sys.executable, "-P", "-c", _START, str(root), "mail", "original", "-"]
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and program
                command,
                input=raw,
                capture_output=True,
                timeout=self._limit,
                check=True,
                start_new_session=True,
                env=without_secrets(os.environ),
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise HelpdeskError("original.failed") from error
        return done.stdout

    def close(self) -> None:
        """Remove the pages."""
        self._copies.close()
