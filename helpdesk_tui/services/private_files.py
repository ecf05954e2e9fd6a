"""Files written for one agent: copies to look at in a folder of their own, and copies to keep."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from threading import Lock

from helpdesk_tui.domain.errors import StoreError, UsageError
from helpdesk_tui.domain.filenames import numbered, safe_name

_TRIES = 1000
"""Numbers tried behind a name that is taken."""


class PrivateFolder:
    """A folder that only this user can enter, made when first needed; safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._folder: Path | None = None

    def write(self, group: str, name: str, data: bytes) -> Path:
        """Write a file under a group's own folder and return its absolute path.

        Raises:
            StoreError: ``attachment.unwritable``.
        """
        folder = self._made() / group
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            return _write(folder, safe_name(name), data)
        except OSError as error:
            raise _unwritable(folder, error) from error

    def close(self) -> None:
        """Remove the folder with everything in it."""
        with self._lock:
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def _made(self) -> Path:
        with self._lock:
            if self._folder is None:
                try:
                    self._folder = Path(tempfile.mkdtemp(prefix="helpdesk-")).absolute()
                except OSError as error:
                    raise _unwritable(Path(tempfile.gettempdir()), error) from error
            return self._folder


def keep_file(folder: Path, name: str, data: bytes) -> Path:
    """Write a file into a folder of the agent's, never over anything, and return where it went.

    Raises:
        UsageError: if there is no such folder.
        StoreError: ``attachment.unwritable``.
    """
    target = folder.expanduser().absolute()
    if not target.is_dir():
        raise UsageError("attachment.no-folder", path=str(target))
    try:
        return _write(target, safe_name(name), data)
    except OSError as error:
        raise _unwritable(target, error) from error


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
