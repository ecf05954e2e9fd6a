"""One worker on the box: a file lock that the system frees however its owner ends."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

from helpdesk_tui.db.modes import open_file
from helpdesk_tui.domain.errors import StoreError


class WorkerLock:
    """The lock of the one worker of a store; a lease row only reports who holds it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """Try to become the worker; never blocks.

        Raises:
            StoreError: if the lock file cannot be written.
        """
        if self._handle is not None:
            return True
        try:
            handle = open_file(self._path, self._path.parent)
        except OSError as error:
            raise StoreError(
                "store.unwritable",
                path=str(self._path.parent),
                reason=error.strerror or str(error),
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def wait(self, stop: threading.Event, every: float = 2.0) -> bool:
        """Block until this process is the worker, or until ``stop``; tell which."""
        while not self.take():
            if stop.wait(every):
                return False
        return True

    def free(self) -> None:
        """Let another worker take over."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
