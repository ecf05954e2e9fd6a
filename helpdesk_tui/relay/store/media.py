"""Files for providers: what is known of them; the bytes lie beside the store, by their token."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from helpdesk_tui.domain.webchat.reading import moment_text
from helpdesk_tui.relay.refusals import Refused
from helpdesk_tui.relay.store.store import Write

_FULL_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that a provider may fetch."""

    token: str
    name: str
    content_type: str
    size: int
    expires: str = ""
    fetched: int = 0


def put_medium(write: Write, medium: Medium, seconds: float) -> None:
    """Keep what is known of a file; its bytes are there already. The same token is put again."""
    write.connection.execute(
        "INSERT INTO media (token, name, content_type, size, expires) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (token) DO UPDATE SET name = excluded.name,"
        " content_type = excluded.content_type, size = excluded.size, expires = excluded.expires",
        (
            medium.token,
            medium.name,
            medium.content_type,
            medium.size,
            moment_text(write.now + timedelta(seconds=seconds)),
        ),
    )


def medium_of(connection: sqlite3.Connection, token: str, at: str) -> Medium | None:
    """Return a file, if its time is not over at a moment."""
    row = connection.execute(
        "SELECT token, name, content_type, size, expires, fetched FROM media"
        " WHERE token = ? AND expires > ?",
        (token, at),
    ).fetchone()
    return Medium(*row) if row is not None else None


def note_fetched(write: Write, token: str, grace: float) -> None:
    """Note that a file was fetched: it stays for a little while only."""
    write.connection.execute(
        "UPDATE media SET fetched = fetched + 1, expires = min(expires, ?) WHERE token = ?",
        (moment_text(write.now + timedelta(seconds=grace)), token),
    )


def check_room(connection: sqlite3.Connection, token: str, size: int, most: int) -> None:
    """Check that there is room for a file beside the others.

    Raises:
        Refused: 503 ``relay.full``.
    """
    held = connection.execute(
        "SELECT coalesce(sum(size), 0) FROM media WHERE token <> ?", (token,)
    ).fetchone()[0]
    if held + size > most:
        raise Refused(503, "relay.full", retry_after=_FULL_SECONDS)


def forget_medium(write: Write, token: str, folder: Path) -> None:
    """Remove a file, whether it is there or not."""
    write.connection.execute("DELETE FROM media WHERE token = ?", (token,))
    (folder / token).unlink(missing_ok=True)


def forget_media(write: Write, folder: Path) -> int:
    """Remove the files whose time is over; returns how many went."""
    rows = write.connection.execute(
        "DELETE FROM media WHERE expires <= ? RETURNING token", (write.at,)
    ).fetchall()
    for (token,) in rows:
        (folder / token).unlink(missing_ok=True)
    return len(rows)


def known_media(connection: sqlite3.Connection) -> set[str]:
    """Return the names of all such files there should be."""
    return {token for (token,) in connection.execute("SELECT token FROM media")}
