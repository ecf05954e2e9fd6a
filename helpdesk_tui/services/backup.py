"""A whole store in one file, made while it is in use, and a store made of such a file."""

from __future__ import annotations

import io
import os
import re
import secrets
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from helpdesk_tui.db.blobs import blob_file
from helpdesk_tui.db.copies import (
    LostFile,
    blob_names,
    check_copy,
    copy_database,
    hold_outbox,
    lost_of_copy,
    open_for_copy,
)
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.errors import NotFound, StoreError, UsageError

_DATABASE = "helpdesk.db"
_MISSING = "missing.txt"
"""Only in a backup of a store that had lost files: their SHA-256, one a line."""
_BLOB = re.compile(r"blobs/([0-9a-f]{2})/(\1[0-9a-f]{62})")


def backup(root: Path, file: Path) -> tuple[LostFile, ...]:
    """Write a store into one new file, readable by us alone; blocks, writers go on.

    Returns:
        The files that the store has lost; all else is in the backup, which names them as well, so
        that it can be restored.

    Raises:
        NotFound: ``store.missing``.
        UsageError: ``file.exists``.
        StoreError: ``store.unwritable`` or ``store.full``, with no half file left behind.
    """
    paths = StorePaths(root)
    if not paths.database.exists():
        raise NotFound("store.missing", path=str(root))
    if file.exists():
        raise UsageError("file.exists", path=str(file))
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    copy = file.with_name(f".{file.name}.{secrets.token_hex(4)}.db")
    with _said_plainly(file), _removed(part, copy):
        with closing(open_for_copy(paths.database)) as connection:
            copy_database(connection, copy)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with os.fdopen(os.open(part, flags, 0o600), "wb") as target:
            with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
                archive.add(copy, _DATABASE, filter=_anonymous)
                lost = lost_of_copy(copy, paths.blobs)
                _add_blobs(archive, copy, paths.blobs, lost)
            target.flush()
            os.fsync(target.fileno())
        part.rename(file)
    return lost


def _add_blobs(
    archive: tarfile.TarFile, database: Path, blobs: Path, lost: Sequence[LostFile]
) -> None:
    """Add the files of all blobs of a database, and a list of those that are lost."""
    missing = {each.sha256 for each in lost}
    for name in blob_names(database):
        if name not in missing:
            archive.add(blob_file(blobs, name), f"blobs/{name[:2]}/{name}", filter=_anonymous)
    if missing:
        data = "".join(f"{name}\n" for name in sorted(missing)).encode()
        member = tarfile.TarInfo(_MISSING)
        member.size, member.mode = len(data), 0o600
        archive.addfile(member, io.BytesIO(data))


def restore(file: Path, root: Path) -> tuple[LostFile, ...]:
    """Make a store of a backup; blocks. Nothing appears before all of it was checked.

    Replies that were on their way become ``unknown``: a person says whether they go out again.

    Returns:
        The files that the store had lost before the backup was made.

    Raises:
        NotFound: ``file.missing``.
        UsageError: ``restore.not-empty`` if there is anything in the folder.
        StoreError: ``backup.broken``, ``store.newer``, ``store.unwritable`` or ``store.full``.
    """
    if not file.is_file():
        raise NotFound("file.missing", path=str(file))
    if root.exists() and any(root.iterdir()):
        raise UsageError("restore.not-empty", path=str(root))
    with _said_plainly(root):
        root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=root.parent))
        try:
            _unpack(file, fresh)
            missing = _take_list(fresh / _MISSING)
            check_copy(fresh / _DATABASE, fresh / "blobs", known_missing=missing)
            lost = lost_of_copy(fresh / _DATABASE, fresh / "blobs") if missing else ()
            hold_outbox(fresh / _DATABASE)
            if root.exists():
                root.rmdir()
            fresh.rename(root)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return lost


def _take_list(file: Path) -> frozenset[str]:
    """Return what a backup says that its store had lost; the file is not part of a store."""
    if not file.exists():
        return frozenset()
    names = frozenset(file.read_text("ascii", "replace").split())
    file.unlink()
    return names


def _unpack(file: Path, folder: Path) -> None:
    """Write the members that a backup has, under names of ours; refuse any other."""
    (folder / "blobs").mkdir(mode=0o700)
    try:
        with tarfile.open(file, mode="r:") as archive:
            for member in archive:
                source = archive.extractfile(member) if member.isreg() else None
                target = _target(member.name, folder)
                if source is None or target is None:
                    raise StoreError("backup.broken", reason="it holds what no backup holds")
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _write(source, target)
    except (tarfile.TarError, EOFError) as error:
        raise StoreError("backup.broken", reason=str(error)) from error
    if not (folder / _DATABASE).exists():
        raise StoreError("backup.broken", reason="it holds no store")


def _target(name: str, folder: Path) -> Path | None:
    if name in (_DATABASE, _MISSING):
        return folder / name
    match = _BLOB.fullmatch(name)
    return blob_file(folder / "blobs", match[2]) if match else None


def _write(source: IO[bytes], target: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(target, flags, 0o600), "wb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


@contextmanager
def _removed(*files: Path) -> Iterator[None]:
    """Remove files at the end, however it comes."""
    try:
        yield
    finally:
        for file in files:
            file.unlink(missing_ok=True)


@contextmanager
def _said_plainly(path: Path) -> Iterator[None]:
    """Turn errors of the disk into errors of ours."""
    try:
        yield
    except FileExistsError as error:
        raise UsageError("file.exists", path=str(path)) from error
    except OSError as error:
        raise StoreError(
            "store.unwritable", path=str(path), reason=error.strerror or str(error)
        ) from error
