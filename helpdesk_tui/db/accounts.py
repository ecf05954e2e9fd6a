"""What the worker reads and reports of channel accounts: settings, cursors, state, lease."""

from __future__ import annotations

import sqlite3

from helpdesk_tui.db.settings import DESK, load_setting
from helpdesk_tui.domain.accounts import Account, AccountState

_COLUMNS = "id, name, channel, address, enabled, settings, state, error_code"


def load_accounts(connection: sqlite3.Connection, channel: str) -> list[Account]:
    """Return the accounts of a channel in the order in which they were added."""
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM channel_account WHERE channel = :channel ORDER BY id",
        {"channel": channel},
    )
    return [
        Account(row[0], row[1], row[2], row[3], bool(row[4]), row[5], AccountState(row[6]), row[7])
        for row in found
    ]


def load_account(connection: sqlite3.Connection, account: int) -> Account | None:
    """Return one account; None if there is none of this number."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM channel_account WHERE id = :id", {"id": account}
    ).fetchone()
    if row is None:
        return None
    return Account(
        row[0], row[1], row[2], row[3], bool(row[4]), row[5], AccountState(row[6]), row[7]
    )


def load_provider(connection: sqlite3.Connection, account: int) -> str:
    """Return the provider behind an account: ``twilio``, ``meta`` …; empty where none is."""
    row = connection.execute(
        "SELECT json_extract(settings, '$.provider') FROM channel_account WHERE id = :account",
        {"account": account},
    ).fetchone()
    return str(row[0]) if row is not None and row[0] else ""


def load_position(connection: sqlite3.Connection, account: int, folder: str) -> tuple[int, int]:
    """Return (UIDVALIDITY, highest stored UID) of a folder; zeros where nothing was stored."""
    row = connection.execute(
        "SELECT validity, position FROM cursor"
        " WHERE channel_account_id = :account AND folder = :folder",
        {"account": account, "folder": folder},
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def size_setting(account: int) -> str:
    """Return the name under which stands how large a mail an account's server takes."""
    return f"smtp-size.{account}"


def load_size_limit(connection: sqlite3.Connection, account: int) -> int:
    """Return how large a mail the server of an account takes; 0 where that is not known."""
    found = load_setting(connection, size_setting(account), DESK)
    return int(found) if found else 0


def save_synced(connection: sqlite3.Connection, account: int, now: int) -> None:
    """Note that a poll of an account went through."""
    connection.execute(
        "UPDATE channel_account SET last_sync_at = :now WHERE id = :account",
        {"account": account, "now": now},
    )


def save_state(
    connection: sqlite3.Connection,
    account: int,
    state: AccountState,
    code: str,
    text: str,
    now: int,
) -> AccountState | None:
    """Write how an account fares; return its former state, or None if nothing changed."""
    row = connection.execute(
        "SELECT state, error_code, error_text FROM channel_account WHERE id = :account",
        {"account": account},
    ).fetchone()
    if row is None or (row[0], row[1], row[2]) == (state.value, code, text):
        return None
    connection.execute(
        "UPDATE channel_account SET state = :state, error_code = :code, error_text = :text,"
        " error_at = CASE WHEN :code = '' THEN NULL ELSE :now END WHERE id = :account",
        {"state": state.value, "code": code, "text": text, "now": now, "account": account},
    )
    return AccountState(row[0])


def save_lease(
    connection: sqlite3.Connection, name: str, owner: str, pid: int, host: str, now: int
) -> None:
    """Report who does a job; the lock itself is a file lock."""
    connection.execute(
        "INSERT INTO lease (name, owner, pid, host, acquired_at, renewed_at)"
        " VALUES (:name, :owner, :pid, :host, :now, :now)"
        " ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, pid = excluded.pid,"
        " host = excluded.host, renewed_at = excluded.renewed_at,"
        " acquired_at = CASE WHEN owner = excluded.owner THEN acquired_at"
        " ELSE excluded.acquired_at END",
        {"name": name, "owner": owner, "pid": pid, "host": host, "now": now},
    )
