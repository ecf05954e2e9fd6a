"""Tickets of SMS, WhatsApp and Instagram for tests of the screens: rows as the worker leaves them.

How they come about is tested elsewhere; here only what stands in the store matters.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.times import to_us
from tests.support.store import START, add_message, add_profile, add_ticket

OURS = {"sms": "+15550001111", "whatsapp": "+15550002222", "instagram": "@shop"}
THEIRS = {"sms": "+48600100200", "whatsapp": "+48600100200", "instagram": "17841400000001"}
PROVIDERS = {"sms": "twilio", "whatsapp": "meta", "instagram": "instagram-login"}


def add_number(store: Store, channel: str, *, enabled: bool = True, **settings: Any) -> int:
    """Add a number or account of ours (unless it is there) and return its id."""
    with store.write() as connection:
        found = connection.execute(
            "SELECT id FROM channel_account WHERE channel = ?", (channel,)
        ).fetchone()
        if found:
            return int(found[0])
        known = {"provider": PROVIDERS[channel], "relay": "https://relay.example", **settings}
        added = connection.execute(
            "INSERT INTO channel_account (name, channel, address, enabled, settings, created_at)"
            " VALUES (?, ?, ?, ?, ?, 1)",
            (f"{channel}-main", channel, OURS[channel], int(enabled), json.dumps(known)),
        )
        return int(added.lastrowid or 0)


def add_talk(
    store: Store,
    channel: str,
    *,
    text: str = "Is it shipped?",
    at: datetime = START,
    heard_at: datetime | None = START,
    name: str = "Maria Silva",
    account: dict[str, Any] | None = None,
    **fields: Any,
) -> int:
    """Add a ticket with one message of the customer, and return its id."""
    account_id = add_number(store, channel, **(account or {}))
    address = fields.pop("address", THEIRS[channel])
    profile = fields.pop("profile_id", 0) or add_profile(store, name, "maria@example.net")
    ticket = add_ticket(
        store, at=at, channel=channel, channel_account_id=account_id, subject=text, name=name,
        profile_id=profile, recipient=OURS[channel], customer_address=address,
        waiting_since=at, **{"status": "open", **fields},
    )  # fmt: skip
    with store.write() as connection:
        connection.execute(
            "INSERT INTO contact (channel_account_id, address, name, profile_id, ticket_id,"
            " heard_at) VALUES (?, ?, ?, ?, ?, ?)",
            (account_id, address, name, profile, ticket, heard_at and to_us(heard_at)),
        )
    add_message(
        store, ticket, channel=channel, sender=address, subject="", text=text, at=at,
        author_name=name, external_id=f"in-{ticket}",
    )  # fmt: skip
    return ticket


def add_word(
    store: Store,
    channel: str = "sms",
    state: str = "given",
    *,
    address: str = "",
    source: str = "keyword",
    at: datetime = START,
) -> None:
    """Add a word of a customer about being written to."""
    with store.write() as connection:
        connection.execute(
            "INSERT INTO consent (channel, address, state, source, detail, at)"
            " VALUES (?, ?, ?, ?, 'JOIN', ?)",
            (channel, address or THEIRS[channel], state, source, to_us(at)),
        )


def add_template(
    store: Store,
    name: str = "order_update",
    body: str = "Hello {{1}}, your order {{2}} is on its way.",
    *,
    language: str = "en",
    status: str = "approved",
) -> int:
    """Add a template of the WhatsApp account and return its id."""
    account = add_number(store, "whatsapp")
    with store.write() as connection:
        added = connection.execute(
            "INSERT INTO template (channel_account_id, name, language, category, status, body,"
            " updated_at) VALUES (?, ?, ?, 'utility', ?, ?, 1)",
            (account, name, language, status, body),
        )
        return int(added.lastrowid or 0)
