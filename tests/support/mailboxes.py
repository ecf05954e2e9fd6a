"""A store with an e-mail account for the tests of the worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.replies import Replies
from tests.support.dovecot import PASSWORD, USER
from tests.support.store import add_agent, make_store

NAME = "support"


def mail(number: int, text: str = "hello", references: str = "", sender: str = "") -> bytes:
    """Return a customer's mail."""
    sender = sender or f"ana{number}@x.example"
    thread = f"In-Reply-To: <{references}>\r\nReferences: <{references}>\r\n" if references else ""
    return (
        f"From: Ana <{sender}>\r\nTo: {USER}\r\nSubject: Order {number}\r\n"
        f"Message-ID: <m{number}@x.example>\r\n{thread}"
        f"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\n{text}\r\n"
    ).encode()


def desk_store(tmp_path: Path, settings: Mapping[str, Any], name: str = NAME) -> Store:
    """Make a store with one e-mail account and one agent."""
    store = make_store(tmp_path)
    with store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (name, channel, address, enabled, settings, created_at,"
            " error_code, error_text, state)"
            " VALUES (?, 'email', ?, 1, ?, 0, '', '', 'new')",
            (name, USER, json.dumps(dict(settings))),
        )
        connection.execute(
            "INSERT INTO support_address (address, name, channel_account_id, state)"
            " VALUES (?, 'Shop Support', 1, 'verified')",
            (USER,),
        )
    add_agent(store)
    return store


def secret(account: Account, purpose: str) -> str:
    """Stand for the keeper of secrets."""
    return PASSWORD


def rows(store: Store, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query, values)]


def one(store: Store, query: str, *values: Any) -> Any:
    """Return the only value that a query finds."""
    return rows(store, query, *values)[0][0]


def queue_reply(store: Store, ticket_id: int, text: str = "We are on it.") -> int:
    """Queue a reply that is due at once and return its message id."""
    agent = one(store, "SELECT id FROM agent LIMIT 1")
    replies = Replies(store, Actor(ActorKind.AGENT, agent, "anna"))
    return replies.reply(ticket_id, text, seen=None, undo=False).message_id


def snooze_until_past(store: Store, ticket_id: int) -> None:
    """Let a ticket's snooze be over by now."""
    with store.write() as connection:
        connection.execute(
            "UPDATE ticket SET status = 'snoozed', snoozed_until = ? WHERE id = ?",
            (to_us(datetime(2026, 1, 1, tzinfo=UTC)), ticket_id),
        )
