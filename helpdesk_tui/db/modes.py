"""Who may open the files of a store: its owner alone, or the members of one Unix group.

The folder says which: one that the group may write, and whose files belong to the group (mode
2770), is shared. SQLite makes the files beside the database with the database's own mode, so it
is enough that we make the database and our own files ourselves, whatever the umask is.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpdesk_tui.db.paths import StorePaths

_SHARED = stat.S_ISGID | stat.S_IRWXG
OTHERS = stat.S_IRWXO
SHARED_FOLDER = 0o2770
_PRIVATE_FOLDER = 0o700


def is_shared(root: Path) -> bool:
    """Tell whether a store belongs to a group."""
    try:
        return root.stat().st_mode & _SHARED == _SHARED
    except OSError:
        return False


def file_mode(root: Path) -> int:
    """Return the mode of a store's files."""
    return 0o660 if is_shared(root) else 0o600


def folder_mode(root: Path) -> int:
    """Return the mode of a store's folders."""
    return SHARED_FOLDER if is_shared(root) else _PRIVATE_FOLDER


def open_file(path: Path, root: Path, flags: int = os.O_RDWR) -> int:
    """Open a file of a store, making it with the right mode if it is not there."""
    mode = file_mode(root)
    handle = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, mode)
    found = os.fstat(handle)
    if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != mode:
        # the umask took the group's part away
        os.fchmod(handle, mode)
    return handle


def make_file(path: Path, root: Path) -> None:
    """Make an empty file of a store with the right mode, if it is not there.

    For databases: one that is there is never opened here. Closing any handle of a file gives up
    all locks that SQLite holds on it in this process, and another process then takes its
    write-ahead log away.
    """
    if path.exists():
        found = path.stat()
        if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != file_mode(root):
            path.chmod(file_mode(root))
        return
    # a store is made once, and opened at each start: the library is only for making one
    from secrets import token_hex

    part = path.with_name(f".{path.name}-{token_hex(8)}")
    os.close(open_file(part, root, os.O_RDWR | os.O_EXCL))
    try:
        # under its name it is never open, however many make it at once
        os.link(part, path)
    except FileExistsError:
        return
    finally:
        part.unlink()


def make_folder(path: Path, root: Path) -> None:
    """Make a folder inside of a store, if it is not there."""
    if path.is_dir():
        return
    mode = folder_mode(root)
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    if path.stat().st_uid == os.geteuid():
        path.chmod(mode)


@dataclass(frozen=True, slots=True)
class WrongMode:
    """A file or folder that too many, or too few, may open."""

    path: Path
    found: int
    wanted: int


def wrong_modes(root: Path) -> Iterator[WrongMode]:
    """Yield what has another mode than it should; the folder itself says what it should be."""
    for path in _parts(StorePaths(root)):
        wanted = folder_mode(root) if path.is_dir() else file_mode(root)
        found = stat.S_IMODE(path.stat().st_mode)
        # a folder of its owner alone hides what is in it: only what the group lacks matters then
        if found != wanted and (is_shared(root) or found & OTHERS):
            yield WrongMode(path, found, wanted)


def _parts(paths: StorePaths) -> Iterator[Path]:
    root = paths.root
    for path in sorted(root.iterdir()):
        if not path.is_symlink() and (path.is_file() or path == paths.blobs):
            yield path
    yield from (path for path in sorted(paths.blobs.rglob("*")) if not path.is_symlink())


def mend_modes(root: Path) -> int:
    """Give files and folders their right modes, as far as they are ours; return how many."""
    mended = 0
    for wrong in tuple(wrong_modes(root)):
        if os.geteuid() in (0, wrong.path.stat().st_uid):
            wrong.path.chmod(wrong.wanted)
            mended += 1
    return mended


def share(root: Path, group: int) -> None:
    """Make a folder that the members of a group share; files made in it will be the group's."""
    root.mkdir(mode=0o770, parents=True, exist_ok=True)
    os.chown(root, -1, group)
    root.chmod(SHARED_FOLDER)
