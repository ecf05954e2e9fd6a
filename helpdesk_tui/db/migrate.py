"""Bring a store to the schema of this program, or make a new one."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from helpdesk_tui.db.modes import file_mode, is_shared, make_folder, open_file
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.db.store import SCHEMA_VERSION, database_uri, prepare, translated, unwritable
from helpdesk_tui.domain.errors import StoreError


def schema_version(root: Path) -> int | None:
    """Return the schema number of a store, or None where there is none yet. One pragma.

    Raises:
        StoreError: if it is no database, or not for this user.
    """
    database = StorePaths(root).database
    try:
        if not database.exists():
            return None
        with closing(sqlite3.connect(database_uri(database), uri=True)) as link:
            return int(link.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as error:
        raise translated(error, database) from error
    except OSError as error:
        raise unwritable(error, root) from error


def ensure_schema(root: Path) -> bool:
    """Make the store or migrate it, if that is due; return whether anything was done.

    Loads Alembic only when there is something to do. A migration runs in one transaction, by one
    process at a time, after a copy of the database was put beside it.

    Raises:
        StoreError: if the store is newer than this program, or cannot be written.
    """
    found = schema_version(root)
    if found == SCHEMA_VERSION:
        return False
    if found is not None and found > SCHEMA_VERSION:
        raise StoreError("store.newer", known=SCHEMA_VERSION, found=found)
    paths = StorePaths(root)
    try:
        _make_private(paths)
        with _only_one(paths.migration_lock):
            if schema_version(root) == SCHEMA_VERSION:
                return False
            _upgrade(paths)
    except OSError as error:
        raise unwritable(error, root) from error
    except sqlite3.Error as error:
        raise StoreError("store.unwritable", path=str(root), reason=str(error)) from error
    return True


def _make_private(paths: StorePaths) -> None:
    """Make the folder and its files ours (or our group's) alone: SQLite would not."""
    paths.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not paths.database.exists():
        if not is_shared(paths.root):
            paths.root.chmod(0o700)
        os.close(open_file(paths.database, paths.root))
    make_folder(paths.blobs, paths.root)


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    handle = open_file(lock, lock.parent)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _upgrade(paths: StorePaths) -> None:
    from secrets import token_hex

    from alembic import command
    from alembic.config import Config

    from helpdesk_tui.db.engine import make_engine

    with closing(sqlite3.connect(paths.database)) as link:
        prepare(link)
        fresh = link.execute("PRAGMA user_version").fetchone()[0] == 0
        if not fresh:
            _copy_aside(paths, link)
    config = Config()
    config.set_main_option("script_location", "helpdesk_tui:db/migrations")
    config.set_main_option("path_separator", "os")
    engine = make_engine(paths.database, writer=True)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if fresh:
                connection.exec_driver_sql(
                    "INSERT INTO schema_info (id, min_writer, instance, secret, mode)"
                    " VALUES (1,?,?,?,?)",
                    (
                        SCHEMA_VERSION,
                        token_hex(8),
                        token_hex(32),
                        "group" if is_shared(paths.root) else "personal",
                    ),
                )
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    finally:
        engine.dispose()


def _copy_aside(paths: StorePaths, link: sqlite3.Connection) -> None:
    """Keep the database as it was before a migration, beside it."""
    version = link.execute("PRAGMA user_version").fetchone()[0]
    target = paths.root / f"before-migration-{version}.db"
    target.unlink(missing_ok=True)
    link.execute("VACUUM INTO ?", (str(target),))
    target.chmod(file_mode(paths.root))
