"""Who is there: sessions by the hash of their token, visitors, and identities seen before."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from helpdesk_tui.domain.webchat.reading import moment_of, moment_text
from helpdesk_tui.domain.webchat.wire import Visitor
from helpdesk_tui.relay.store.store import Write
from helpdesk_tui.relay.values import Identified, Session

KEPT = timedelta(days=30)
"""How long an identified browser is known after its last visit."""
KEPT_ANONYMOUS = timedelta(days=2)
"""The same for one that was never identified: it has nothing to lose."""

_Identify = Callable[[Callable[[str, datetime], bool]], Visitor | None]


def hash_of(token: str) -> bytes:
    """Return what is kept of a token: a copy of the store opens no session."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def session_of(connection: sqlite3.Connection, token: str, now: datetime) -> Session | None:
    """Return the session of a token, or None if it is unknown or over."""
    row = connection.execute(
        "SELECT session.hash, session.site, session.visitor, coalesce(visitor.name, ''),"
        " session.expires FROM session LEFT JOIN visitor ON visitor.key = session.visitor"
        " WHERE session.hash = ? AND session.expires > ?",
        (hash_of(token), moment_text(now)),
    ).fetchone()
    if row is None:
        return None
    hashed, site, visitor, name, expires = row
    return Session(hashed, site, visitor, name, moment_of(expires))


def renew(write: Write, session: Session) -> None:
    """Let a session live on from now."""
    kept = KEPT_ANONYMOUS if session.visitor is None else KEPT
    write.connection.execute(
        "UPDATE session SET expires = ? WHERE hash = ?",
        (moment_text(write.now + kept), session.hash),
    )


def open_session(write: Write, site: str, old_token: str, identify: _Identify | None) -> Identified:
    """Open a session, or go on with the one the browser has.

    Whoever is identified gets a new token, unless the old one was already theirs: a token that
    somebody planted beforehand is worth nothing. The old one of another, or of nobody, ends.

    Args:
        write: The transaction.
        site: The site the page belongs to.
        old_token: The token the browser shows, or nothing.
        identify: Finds who the page says it is, given a way to ask whether an identity was used
            before; None: the page says nothing, and the browser stays who it was.
    """
    old = session_of(write.connection, old_token, write.now) if old_token else None
    if old is not None and old.site != site:
        old = None
    if identify is None and old is not None:
        renew(write, old)
        return Identified(old_token, old.visitor, old.name)
    used: list[tuple[str, datetime]] = []
    visitor = identify(lambda *nonce: _is_used(write, site, nonce, old, used)) if identify else None
    key = _visitor(write, site, visitor) if visitor is not None else None
    name = visitor.name if visitor is not None else ""
    if old is not None and old.visitor == key:
        renew(write, old)
        _keep_used(write, site, used, old.hash)
        return Identified(old_token, key, name)
    if old is not None:
        write.connection.execute("DELETE FROM session WHERE hash = ?", (old.hash,))
        write.outcome.sessions.add(old.hash)
    token = secrets.token_urlsafe(32)
    _add(write, site, key, hash_of(token))
    _keep_used(write, site, used, hash_of(token))
    return Identified(token, key, name)


def _add(write: Write, site: str, visitor: int | None, hashed: bytes) -> None:
    kept = KEPT_ANONYMOUS if visitor is None else KEPT
    write.connection.execute(
        "INSERT INTO session (hash, site, visitor, expires) VALUES (?, ?, ?, ?)",
        (hashed, site, visitor, moment_text(write.now + kept)),
    )


def _is_used(
    write: Write,
    site: str,
    nonce: tuple[str, datetime],
    old: Session | None,
    used: list[tuple[str, datetime]],
) -> bool:
    """Tell whether another browser used this identity before; notes that it is used now.

    The browser that used it may show it again: a page loaded from a cache carries the same one.
    """
    row = write.connection.execute(
        "SELECT session FROM nonce WHERE site = ? AND nonce = ?", (site, nonce[0])
    ).fetchone()
    if row is not None:
        return old is None or bytes(row[0]) != old.hash
    used.append(nonce)
    return False


def _keep_used(write: Write, site: str, used: list[tuple[str, datetime]], session: bytes) -> None:
    write.connection.executemany(
        "INSERT OR IGNORE INTO nonce (site, nonce, until, session) VALUES (?, ?, ?, ?)",
        [(site, nonce, moment_text(until), session) for nonce, until in used],
    )


def _visitor(write: Write, site: str, visitor: Visitor) -> int:
    found = write.connection.execute(
        "INSERT INTO visitor (site, id, email, name, seen_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (site, id) DO UPDATE"
        " SET email = excluded.email, name = excluded.name, seen_at = excluded.seen_at"
        " RETURNING key",
        (site, visitor.id, visitor.email, visitor.name, write.at),
    )
    return int(found.fetchone()[0])
