"""A whole store in one file, made while it is in use, and a store made of such a file."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from helpdesk_tui.db.blobs import blob_file
from helpdesk_tui.db.copies import (
    blob_names,
    check_copy,
    copy_database,
    hold_outbox,
    open_for_copy,
)
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.errors import NotFound, StoreError, UsageError

_DATABASE = "helpdesk.db"
_BLOB = re.compile(r"blobs/([0-9a-f]{2})/(\1[0-9a-f]{62})")


def backup(root: Path, file: Path) -> None:
    """Write a store into one new file, readable by us alone; blocks, writers go on.

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
                for name in blob_names(copy):
                    blob = blob_file(paths.blobs, name)
                    archive.add(blob, f"blobs/{name[:2]}/{name}", filter=_anonymous)
            target.flush()
            os.fsync(target.fileno())
        part.rename(file)


def restore(file: Path, root: Path) -> None:
    """Make a store of a backup; blocks. Nothing appears before all of it was checked.

    Replies that were on their way become ``unknown``: a person says whether they go out again.

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
            check_copy(fresh / _DATABASE, fresh / "blobs")
            hold_outbox(fresh / _DATABASE)
            if root.exists():
                root.rmdir()
            fresh.rename(root)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


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
    if name == _DATABASE:
        return folder / _DATABASE
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
