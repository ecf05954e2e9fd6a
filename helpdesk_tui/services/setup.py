"""Prepare a store for use: schema, private modes, files that a crash left behind."""

from __future__ import annotations

import errno
import grp
import os
from pathlib import Path

from helpdesk_tui.db.migrate import ensure_schema
from helpdesk_tui.db.modes import OTHERS, share
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import NotFound, StoreError
from helpdesk_tui.services.disks import require_local


def prepare_store(root: Path) -> bool:
    """Make the store, or bring it up to date; returns whether that changed anything.

    Costs one pragma where there is nothing to do. Blocks.

    Raises:
        StoreError: if it is open to everybody, newer than this program, or cannot be written.
    """
    require_local(root)
    changed = ensure_schema(root)
    if root.stat().st_mode & OTHERS:
        raise StoreError("store.open-to-all", path=str(root))
    if changed:
        sweep_files(root)
    return changed


def share_store(root: Path, group: str) -> None:
    """Make the folder of a store that the members of a Unix group share; it comes before the store.

    Raises:
        NotFound: ``group.unknown`` if the machine has no such group.
        StoreError: ``store.unwritable`` if this user cannot give the folder to it.
    """
    try:
        number = grp.getgrnam(group).gr_gid
    except KeyError:
        raise NotFound("group.unknown", name=group) from None
    try:
        share(root, number)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError("store.unwritable", path=str(root), reason=reason) from error


def require_writable(root: Path) -> None:
    """Refuse a store that can only be read: an agent's words would be lost in it.

    Only asks the system: nothing is opened, and so no lock of this process is disturbed.

    Raises:
        StoreError: ``store.unwritable``.
    """
    paths = StorePaths(root)
    for place in (paths.root, paths.database, paths.blobs):
        if place.exists() and not os.access(place, os.W_OK):
            is_fixed = os.statvfs(place).f_flag & os.ST_RDONLY
            reason = os.strerror(errno.EROFS if is_fixed else errno.EACCES)
            raise StoreError("store.unwritable", path=str(root), reason=reason)


def sweep_files(root: Path) -> int:
    """Remove files of attachments that a crash left without a row; return how many. Blocks.

    For the worker, when it begins: the folder of a large store takes a moment to walk.
    """
    from helpdesk_tui.db.blobs import sweep_orphans

    store = Store(root)
    try:
        with store.write() as connection:
            return sweep_orphans(connection, store.paths)
    finally:
        store.close()
