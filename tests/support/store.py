"""Stores for tests: a migrated one is copied, and rows are written as the product writes them."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db.migrate import ensure_schema
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.times import to_us

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
"""The moment a :class:`FakeClock` starts at."""

_PREVIEW = 120


class FakeClock:
    """A clock that moves only when told to."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """Return the moment it shows."""
        return self.now

    def advance(self, **time: float) -> datetime:
        """Move on by ``seconds=``, ``minutes=`` … and return the new moment."""
        self.now += timedelta(**time)
        return self.now


@cache
def _template() -> Path:
    """Migrate one store per process; every test gets a copy of it."""
    root = Path(tempfile.mkdtemp(prefix="helpdesk-template-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    ensure_schema(root / "store")
    return StorePaths(root / "store").database


def make_root(tmp_path: Path) -> Path:
    """Make an empty, migrated store under ``tmp_path`` and return its folder."""
    paths = StorePaths(tmp_path / "store")
    paths.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths.blobs.mkdir(mode=0o700, exist_ok=True)
    if not paths.database.exists():
        shutil.copyfile(_template(), paths.database)
        paths.database.chmod(0o600)
    return paths.root


def make_store(tmp_path: Path) -> Store:
    """Make an empty, migrated store under ``tmp_path`` and open it."""
    return Store(make_root(tmp_path))


def make_desk(tmp_path: Path, agent: str = "anna", clock: FakeClock | None = None) -> Desk:
    """Open a desk as ``agent`` (made if need be) over a store under ``tmp_path``."""
    from helpdesk_tui.services.desk import open_desk

    store = make_store(tmp_path)
    add_agent(store, agent)
    store.close()
    return open_desk(store.paths.root, agent=agent, clock=clock or FakeClock())


def _insert(connection: Any, table: str, values: dict[str, Any]) -> int:
    plain = {
        name: to_us(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    names = ", ".join(plain)
    marks = ", ".join(f":{name}" for name in plain)
    return int(
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", plain).lastrowid
    )


def add_agent(store: Store, name: str = "anna", **fields: Any) -> int:
    """Add an agent (unless one of this name is there) and return its id."""
    with store.write() as connection:
        found = connection.execute("SELECT id FROM agent WHERE name = ?", (name,)).fetchone()
        if found:
            return int(found[0])
        values = {"full_name": name.title(), "email": f"{name}@shop.example", "role": "support"}
        return _insert(connection, "agent", {"name": name, "created_at": START, **values, **fields})


def add_profile(store: Store, name: str = "Lena Doe", email: str = "", **fields: Any) -> int:
    """Add a customer with an e-mail identity (unless known) and return the profile's id."""
    with store.write() as connection:
        known = connection.execute(
            "SELECT profile_id FROM identity WHERE kind = 'email' AND value = ?", (email,)
        ).fetchone()
        if email and known:
            return int(known[0])
        times = {"created_at": START, "updated_at": START}
        profile = _insert(connection, "profile", {"name": name, "email": email, **times, **fields})
        if email:
            _insert(
                connection, "identity", {"profile_id": profile, "kind": "email", "value": email}
            )
        return profile


def add_ticket(
    store: Store,
    *,
    at: datetime = START,
    tags: Sequence[str] = (),
    name: str = "Lena Doe",
    email: str = "lena@example.net",
    **fields: Any,
) -> int:
    """Add a ticket without messages and return its id; ``fields`` are columns of ``ticket``.

    ``assignee`` (an agent's name) stands in for ``assignee_id``.
    """
    assignee = fields.pop("assignee", None)
    if assignee is not None:
        fields["assignee_id"] = add_agent(store, assignee)
    if "profile_id" not in fields:
        fields["profile_id"] = add_profile(store, name, email)
    values = {
        "channel": "email",
        "subject": "Where is my parcel?",
        "customer_name": name,
        "customer_address": email,
        "recipient": "support@shop.example",
        "tags": " ".join(sorted(tags)),
        "created_at": at,
        "updated_at": at,
        "last_message_at": at,
        **fields,
    }
    with store.write() as connection:
        ticket = _insert(connection, "ticket", values)
        for tag in tags:
            connection.execute("INSERT OR IGNORE INTO tag (name) VALUES (?)", (tag,))
            connection.execute(
                "INSERT INTO ticket_tag (ticket_id, tag_id) SELECT ?, id FROM tag WHERE name = ?",
                (ticket, tag),
            )
    return ticket


def add_message(store: Store, ticket_id: int, **fields: Any) -> int:
    """Add a message with its search row, move its ticket, and return the message's id.

    ``fields`` are columns of ``message``; ``at`` sets both times, ``files`` is a sequence of
    (file name, bytes).
    """
    at = fields.pop("at", START)
    files = fields.pop("files", ())
    direction = fields.get("direction", "inbound")
    ours = direction != "inbound"
    values = {
        "ticket_id": ticket_id,
        "original_ticket_id": ticket_id,
        "channel": "email",
        "direction": direction,
        "author_kind": "agent" if ours else "customer",
        "author_name": "Anna" if ours else "Lena Doe",
        "sender": "support@shop.example" if ours else "lena@example.net",
        "subject": "Where is my parcel?",
        "text": "Hello, where is my parcel?",
        "sent_at": at,
        "received_at": at,
        "delivery": "sent" if direction == "outbound" else "received",
        **fields,
    }
    for name in ("recipients", "copies", "folds", "links", "thread_ids"):
        if name in values and not isinstance(values[name], str):
            values[name] = json.dumps(values[name])
    with store.write() as connection:
        message = _insert(connection, "message", values)
        for filename, data in files:
            _add_file(connection, message, filename, data)
        connection.execute(
            "INSERT INTO message_fts (rowid, subject, body, people, files)"
            " SELECT id, subject, body, people, files FROM message_search WHERE id = ?",
            (message,),
        )
        _move_ticket(connection, ticket_id, values, bool(files))
    return message


def _add_file(connection: Any, message: int, filename: str, data: bytes) -> None:
    digest = sha256(data).hexdigest()
    connection.execute(
        "INSERT OR IGNORE INTO blob (sha256, size, codec, data) VALUES (?, ?, 'plain', ?)",
        (digest, len(data), data),
    )
    size = {"size": len(data), "sha256": digest, "content_type": "application/octet-stream"}
    _insert(connection, "attachment", {"message_id": message, "filename": filename, **size})


def _move_ticket(connection: Any, ticket_id: int, values: dict[str, Any], has_media: bool) -> None:
    if values["direction"] == "note":
        return
    connection.execute(
        "UPDATE ticket SET last_message_at = max(last_message_at, :at), updated_at = :at,"
        " message_count = message_count + 1, has_media = max(has_media, :media),"
        " preview = :preview, version = version + 1 WHERE id = :ticket",
        {
            "at": to_us(values["received_at"]),
            "media": int(has_media),
            "preview": shorten(clean(values["text"]), _PREVIEW),
            "ticket": ticket_id,
        },
    )


def add_activity(store: Store, ticket_id: int | None, kind: str, **fields: Any) -> int:
    """Add a row of the activity log and return its id."""
    values = {"ticket_id": ticket_id, "kind": kind, "actor_kind": "system", "at": START, **fields}
    for name in ("before", "after"):
        if isinstance(values.get(name), dict):
            values[name] = json.dumps(values[name])
    with store.write() as connection:
        return _insert(connection, "activity", values)


def add_mailbox(
    store: Store,
    *,
    account: str = "main",
    box: str = "box@shop.example",
    addresses: Sequence[str] = ("support@shop.example",),
    name: str = "Shop Support",
    signature: str = "",
) -> None:
    """Add a mailbox and the verified support addresses that are forwarded into it."""
    with store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (id, name, channel, address, created_at)"
            " VALUES (1, ?, 'email', ?, 1)",
            (account, box),
        )
        connection.executemany(
            "INSERT INTO support_address (address, name, channel_account_id, state, signature)"
            " VALUES (?, ?, 1, 'verified', ?)",
            [(address, name, signature) for address in addresses],
        )


def row_of(store: Store, table: str, id: int) -> dict[str, Any]:
    """Return a row by column; it has to be there."""
    with store.read() as connection:
        cursor = connection.execute(f"SELECT * FROM {table} WHERE id = ?", (id,))
        return dict(zip([part[0] for part in cursor.description], cursor.fetchone(), strict=True))


def has_row(store: Store, table: str, id: int) -> bool:
    """Tell whether a row is there."""
    with store.read() as connection:
        query = f"SELECT 1 FROM {table} WHERE id = ?"
        return connection.execute(query, (id,)).fetchone() is not None


def indexed(store: Store, word: str) -> list[int]:
    """Return the messages that the index finds under a word, once it has proven to be whole."""
    with store.write() as connection:
        connection.execute("INSERT INTO message_fts (message_fts) VALUES ('integrity-check')")
        query = "SELECT rowid FROM message_fts WHERE message_fts MATCH ?"
        return [row[0] for row in connection.execute(query, (word,))]


def activity_kinds(store: Store) -> list[str]:
    """Return what happened, in its order."""
    with store.read() as connection:
        return [row[0] for row in connection.execute("SELECT kind FROM activity ORDER BY id")]
