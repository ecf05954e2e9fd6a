"""Webhooks: who may write there, what came, and how far each account of the box has fetched."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from helpdesk_tui.domain.webchat.reading import moment_text
from helpdesk_tui.relay.refusals import Refused
from helpdesk_tui.relay.store.store import Write

KEPT = timedelta(days=30)
"""So long a delivery waits to be fetched."""
_MOST = 200
"""Deliveries in one answer."""
_MOST_BYTES = 2_000_000
"""Of their bodies, unless one alone is larger."""
_SOME = 500


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook as the box has published it."""

    id: str
    provider: str
    secrets: tuple[str, ...] = field(repr=False)
    verify_tokens: tuple[str, ...] = field(repr=False)
    consumers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HookState:
    """How one webhook fares; moments as texts, empty for never."""

    waiting: Mapping[str, int]
    oldest: str
    last_at: str
    verified_at: str
    refused: int
    refused_at: str


type_of_delivery = tuple[int, str, str, bytes]
"""Number, moment, type, body."""


def waiters(hook: str) -> str:
    """Return the name under which polls of a webhook wait; no site has such a one."""
    return f"hook {hook}"


def put_hook(write: Write, hook: Hook) -> None:
    """Publish a webhook as it is now; consumers that are not named any more are forgotten."""
    execute = write.connection.execute
    execute(
        "INSERT INTO hook (id, provider, secrets, verify_tokens, put_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET provider = excluded.provider, secrets = excluded.secrets,"
        " verify_tokens = excluded.verify_tokens, put_at = excluded.put_at",
        (hook.id, hook.provider, json.dumps(hook.secrets), json.dumps(hook.verify_tokens),
         write.at),
    )  # fmt: skip
    known = [name for (name,) in execute("SELECT name FROM consumer WHERE hook = ?", (hook.id,))]
    for name in known:
        if name not in hook.consumers:
            execute("DELETE FROM consumer WHERE hook = ? AND name = ?", (hook.id, name))
    for name in hook.consumers:
        execute("INSERT OR IGNORE INTO consumer (hook, name) VALUES (?, ?)", (hook.id, name))
    _forget_fetched(write, hook.id)


def hook_of(connection: sqlite3.Connection, id: str) -> Hook | None:
    """Return a webhook, without its consumers, which no request from outside needs."""
    row = connection.execute(
        "SELECT id, provider, secrets, verify_tokens FROM hook WHERE id = ?", (id,)
    ).fetchone()
    if row is None:
        return None
    key, provider, secrets, tokens = row
    return Hook(key, provider, tuple(json.loads(secrets)), tuple(json.loads(tokens)), ())


def add_delivery(write: Write, hook: str, content_type: str, body: bytes) -> bool:
    """Keep what came; tells whether it is new: the same bytes wait only once."""
    write.connection.execute("UPDATE hook SET last_at = ? WHERE id = ?", (write.at, hook))
    digest = hashlib.sha256(body).digest()
    known = write.connection.execute(
        "SELECT 1 FROM delivery WHERE hook = ? AND sha256 = ?", (hook, digest)
    ).fetchone()
    if known is not None:
        return False
    write.connection.execute(
        "INSERT INTO delivery (seq, hook, sha256, at, content_type, body)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (write.next_seq(), hook, digest, write.at, content_type, body),
    )
    write.outcome.boxes.add(waiters(hook))
    return True


def note_verified(write: Write, hook: str) -> None:
    """Note that a provider was told that the address is ours."""
    write.connection.execute("UPDATE hook SET verified_at = ? WHERE id = ?", (write.at, hook))


def note_refused(write: Write, hook: str) -> None:
    """Note that somebody signed wrongly."""
    write.connection.execute(
        "UPDATE hook SET refused = refused + 1, refused_at = ? WHERE id = ?", (write.at, hook)
    )


def deliveries_after(
    connection: sqlite3.Connection, hook: str, consumer: str, after: int
) -> list[type_of_delivery]:
    """Return the next deliveries that a consumer has not acknowledged, oldest first.

    Raises:
        Refused: 404 ``hook.unknown`` or ``consumer.unknown``.
    """
    begin = max(after, _through(connection, hook, consumer))
    found: list[type_of_delivery] = []
    size = 0
    rows = connection.execute(
        "SELECT seq, at, content_type, body FROM delivery WHERE hook = ? AND seq > ?"
        " ORDER BY seq LIMIT ?",
        (hook, begin, _MOST),
    )
    for row in rows:
        size += len(row[3])
        if found and size > _MOST_BYTES:
            break
        found.append(row)
    return found


def acknowledge(write: Write, hook: str, consumer: str, through: int) -> None:
    """Note how far a consumer has stored, and forget what all have.

    Raises:
        Refused: as :func:`deliveries_after`.
    """
    _through(write.connection, hook, consumer)
    write.connection.execute(
        "UPDATE consumer SET through = max(through, ?) WHERE hook = ? AND name = ?",
        (through, hook, consumer),
    )
    _forget_fetched(write, hook)


def state_of(connection: sqlite3.Connection, hook: str) -> HookState | None:
    """Return how a webhook fares; None for an unknown one."""
    row = connection.execute(
        "SELECT last_at, verified_at, refused, refused_at FROM hook WHERE id = ?", (hook,)
    ).fetchone()
    if row is None:
        return None
    waiting = connection.execute(
        "SELECT name, (SELECT count(*) FROM delivery WHERE delivery.hook = consumer.hook"
        " AND seq > through) FROM consumer WHERE hook = ? ORDER BY name",
        (hook,),
    ).fetchall()
    oldest = connection.execute(
        "SELECT coalesce(min(at), '') FROM delivery WHERE hook = ?", (hook,)
    ).fetchone()[0]
    last_at, verified_at, refused, refused_at = row
    return HookState(dict(waiting), oldest, last_at, verified_at, refused, refused_at)


def forget_old(write: Write) -> int:
    """Forget some of what nobody has fetched for too long; returns how many went."""
    return write.connection.execute(
        "DELETE FROM delivery WHERE seq IN (SELECT seq FROM delivery WHERE at < ? LIMIT ?)",
        (moment_text(write.now - KEPT), _SOME),
    ).rowcount


def _through(connection: sqlite3.Connection, hook: str, consumer: str) -> int:
    row: Sequence[int] | None = connection.execute(
        "SELECT through FROM consumer WHERE hook = ? AND name = ?", (hook, consumer)
    ).fetchone()
    if row is not None:
        return row[0]
    known = connection.execute("SELECT 1 FROM hook WHERE id = ?", (hook,)).fetchone()
    raise Refused(404, "consumer.unknown" if known else "hook.unknown")


def _forget_fetched(write: Write, hook: str) -> None:
    """Forget what every consumer has; while there is none, all waits for the first one."""
    least = write.connection.execute(
        "SELECT min(through) FROM consumer WHERE hook = ?", (hook,)
    ).fetchone()[0]
    if least is not None:
        write.connection.execute("DELETE FROM delivery WHERE hook = ? AND seq <= ?", (hook, least))
