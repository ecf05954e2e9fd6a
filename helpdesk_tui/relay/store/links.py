"""Short links, and who followed them until the box knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import timedelta

from helpdesk_tui.domain.webchat.reading import moment_text
from helpdesk_tui.relay.store.store import Write

_KEPT = timedelta(days=90)
"""So long a click waits to be fetched."""
_MOST = 500
"""Clicks in one answer."""


def put_links(write: Write, links: Mapping[str, str]) -> None:
    """Keep links: code and where it leads."""
    write.connection.executemany(
        "INSERT INTO link (code, url) VALUES (?, ?)"
        " ON CONFLICT (code) DO UPDATE SET url = excluded.url",
        list(links.items()),
    )


def target_of(connection: sqlite3.Connection, code: str) -> str:
    """Return where a link leads; empty for an unknown one."""
    row = connection.execute("SELECT url FROM link WHERE code = ?", (code,)).fetchone()
    return str(row[0]) if row is not None else ""


def add_click(write: Write, code: str) -> None:
    """Note that somebody has followed a link."""
    write.connection.execute(
        "INSERT INTO click (seq, code, at) VALUES (?, ?, ?)", (write.next_seq(), code, write.at)
    )


def clicks_after(
    connection: sqlite3.Connection, after: int
) -> tuple[list[tuple[int, str, str]], int]:
    """Return the next clicks, oldest first, and how many links there are."""
    rows = connection.execute(
        "SELECT seq, code, at FROM click WHERE seq > ? ORDER BY seq LIMIT ?", (after, _MOST)
    ).fetchall()
    return rows, connection.execute("SELECT count(*) FROM link").fetchone()[0]


def acknowledge_clicks(write: Write, through: int) -> None:
    """Forget the clicks that the box has stored."""
    write.connection.execute("DELETE FROM click WHERE seq <= ?", (through,))


def forget_clicks(write: Write) -> None:
    """Forget what nobody has fetched for too long."""
    write.connection.execute("DELETE FROM click WHERE at < ?", (moment_text(write.now - _KEPT),))
