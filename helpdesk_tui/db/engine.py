"""SQLAlchemy engines over the store: for migrations and administrative sessions.

Two of them, as SQLite needs it: the reader begins deferred, the writer takes the write lock at
once, since a deferred transaction that reads and then writes loses updates or fails with
SQLITE_BUSY_SNAPSHOT, which no timeout helps against.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from helpdesk_tui.db.store import prepare


def make_engine(database: Path, *, writer: bool) -> Engine:
    """Return an engine over the database file; every connection is set up as the store needs."""
    engine = create_engine(
        f"sqlite:///{database}", connect_args={"timeout": 10.0}, poolclass=NullPool
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        prepare(connection)

    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @event.listens_for(engine, "begin")
    def take(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
