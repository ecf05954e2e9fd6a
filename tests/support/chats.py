"""Chats for tests: a site, and tickets with the conversation of a visitor behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.times import to_us
from tests.support.store import START, add_message, add_ticket

SITE = "shop-site"
VISITOR = "webchat:v-1"


def add_site(store: Store, *, site: str = SITE, name: str = "chat", enabled: bool = True) -> int:
    """Add a webchat account (unless one of this name is there) and return its id."""
    with store.write() as connection:
        found = connection.execute(
            "SELECT id FROM channel_account WHERE name = ?", (name,)
        ).fetchone()
        if found:
            return int(found[0])
        added = connection.execute(
            "INSERT INTO channel_account (name, channel, address, enabled, created_at)"
            " VALUES (?, 'webchat', ?, ?, 1)",
            (name, site, int(enabled)),
        )
        return int(added.lastrowid or 0)


def add_chat(
    store: Store,
    *,
    at: datetime = START,
    conversation: str = "",
    texts: tuple[str, ...] = ("Hello, is anybody there?",),
    chat: dict[str, Any] | None = None,
    **fields: Any,
) -> int:
    """Add a ticket of a running chat with the visitor's messages, and return its id.

    ``chat`` are columns of ``chat``, ``fields`` those of ``ticket``.
    """
    account = add_site(store)
    values = {
        "channel": "webchat", "channel_account_id": account, "subject": "", "recipient": SITE,
        "waiting_since": at if texts else None, "status": "open", **fields,
    }  # fmt: skip
    ticket = add_ticket(store, at=at, **values)
    columns = {
        "ticket_id": ticket, "channel_account_id": account, "started_at": at,
        "conversation": conversation or f"c-{ticket}", "language": "en", **(chat or {}),
    }  # fmt: skip
    plain = {
        name: to_us(value) if isinstance(value, datetime) else value
        for name, value in columns.items()
    }
    with store.write() as connection:
        marks = ", ".join(f":{name}" for name in plain)
        connection.execute(f"INSERT INTO chat ({', '.join(plain)}) VALUES ({marks})", plain)
    for text in texts:
        say(store, ticket, text, at=at)
    return ticket


def say(store: Store, ticket: int, text: str, *, at: datetime = START, **fields: Any) -> int:
    """Add a message of the visitor as it stands in the store; nothing else of the ticket moves."""
    values = {"channel": "webchat", "sender": VISITOR, "subject": "", "text": text, **fields}
    return add_message(store, ticket, at=at, **values)


def end_chat(store: Store, ticket: int, *, at: datetime = START, by: str = "visitor") -> None:
    """Make a chat final, as it stands in the store once the relay has said or been told so."""
    with store.write() as connection:
        connection.execute(
            "UPDATE chat SET ended_at = ?, ended_by = ? WHERE ticket_id = ?",
            (to_us(at), by, ticket),
        )
        connection.execute(
            "UPDATE ticket SET status = 'closed', closed_at = ?, waiting_since = NULL,"
            " snoozed_until = NULL, snooze_zone = '', snooze_keep = 0,"
            " flags = trim(flags || ' chat-ended'), version = version + 1 WHERE id = ?",
            (to_us(at), ticket),
        )


def chat_of(store: Store, ticket: int) -> dict[str, Any]:
    """Return the row of a ticket's chat by column; it has to be there."""
    with store.read() as connection:
        cursor = connection.execute("SELECT * FROM chat WHERE ticket_id = ?", (ticket,))
        names = [part[0] for part in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))
