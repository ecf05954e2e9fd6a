"""The statements of ingest, in the order in which rows may refer to each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from helpdesk_tui.domain.mail import Evidence
from helpdesk_tui.domain.reopening import ReceivingTicket

_TICKET_COLUMNS = (
    "id", "channel", "channel_account_id", "subject", "recipient", "profile_id", "customer_name",
    "customer_address", "status", "spam", "unread", "automatic", "preview", "flags", "created_at",
    "updated_at", "last_message_at", "waiting_since", "message_count", "has_media",
    "offer", "follows_id",
)  # fmt: skip
_MESSAGE_COLUMNS = (
    "id", "ticket_id", "original_ticket_id", "channel", "channel_account_id", "direction",
    "author_kind", "author_name", "sender", "recipients", "copies", "reply_to", "subject", "text",
    "folds", "links", "has_html", "automatic", "flags", "external_id", "thread_ids",
    "content_hash", "raw_sha256", "sent_at", "received_at", "delivery",
    "notices",
)  # fmt: skip
_ANSWER_COLUMNS = (
    "id", "ticket_id", "original_ticket_id", "channel", "channel_account_id", "direction",
    "author_kind", "author_name", "sender", "recipients", "subject", "text", "automatic",
    "external_id", "thread_ids", "sent_at", "received_at", "delivery", "due_at",
)  # fmt: skip
_ATTACHMENT_COLUMNS = (
    "message_id", "filename", "content_type", "size", "sha256", "inline", "content_id",
)  # fmt: skip
_INTAKE_COLUMNS = (
    "channel_account_id", "received_at", "reason", "detail", "sender", "subject", "external_id",
    "content_hash", "raw_sha256", "done_at", "preview", "customer_name", "customer_address",
)  # fmt: skip


def insert(table: str, *columns: str, tail: str = "") -> str:
    """Return an INSERT of some columns by position."""
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}){tail}"


_FAIL = """
    UPDATE message SET delivery = 'failed', error_code = ?, error_text = ?, due_at = NULL
    WHERE id = ? AND direction = 'outbound' AND delivery NOT IN ('queued', 'scheduled', 'draft')
"""
_DELAY = "UPDATE message SET error_code = ?, error_text = ? WHERE id = ? AND delivery != 'failed'"
_COMPLAIN = """
    UPDATE message SET flags = trim(flags || ' reported-as-spam')
    WHERE id = ? AND instr(' ' || flags || ' ', ' reported-as-spam ') = 0
"""
_CHANGE = """
    UPDATE ticket SET profile_id = ?, customer_name = ?, customer_address = ?, status = ?,
        unread = ?, automatic = ?, snooze_keep = ?, snoozed_until = ?, closed_at = ?,
        created_at = ?, last_message_at = ?, waiting_since = ?, message_count = ?, has_media = ?,
        preview = ?, flags = ?, offer = ?, updated_at = ?, version = version + 1
    WHERE id = ?
"""

INSERTS: dict[str, str] = {
    "profile": insert("profile", "id", "name", "email", "created_at", "updated_at"),
    "profile_name": "UPDATE profile SET name = ?, updated_at = ? WHERE id = ? AND name = ''",
    "identity": "INSERT INTO identity (profile_id, kind, value) VALUES (?, 'email', ?)",
    "ticket": insert("ticket", *_TICKET_COLUMNS),
    "participant": insert(
        "participant", "ticket_id", "address", "name", "role", tail=" ON CONFLICT DO NOTHING"
    ),
    "message": insert("message", *_MESSAGE_COLUMNS),
    "answer": insert("message", *_ANSWER_COLUMNS),
    "auto_answer": insert("auto_answer", "ticket_id", "address", "channel_account_id", "at"),
    "attachment": insert("attachment", *_ATTACHMENT_COLUMNS),
    "thread_ref": insert("thread_ref", "external_id", "ticket_id", tail=" ON CONFLICT DO NOTHING"),
    "intake": insert("intake", *_INTAKE_COLUMNS),
    "failed": _FAIL,
    "delayed": _DELAY,
    "complained": _COMPLAIN,
    "ticket_change": _CHANGE,
    "activity": insert(
        "activity", "at", "ticket_id", "message_id", "actor_kind", "kind", "before", "after"
    ),
    "search": insert("message_fts", "rowid", "subject", "body", "people", "files"),
}
"""Statement by kind of row, in the order of writing."""

CURSOR = """
    INSERT INTO cursor (channel_account_id, folder, validity, position, updated_at)
    VALUES (:account, :folder, :validity, :position, :now)
    ON CONFLICT (channel_account_id, folder) DO UPDATE SET
        position = CASE WHEN validity = excluded.validity AND position > excluded.position
                        THEN position ELSE excluded.position END,
        validity = excluded.validity, updated_at = excluded.updated_at
"""


def new_ticket(
    state: ReceivingTicket,
    channel: str,
    account: int | None,
    subject: str,
    recipient: str,
    *,
    now: int,
) -> tuple[Any, ...]:
    """Return the row of a ticket that a batch made, as it stands at the end of the batch."""
    return (
        state.id, channel, account, subject, recipient, state.profile_id, state.customer_name,
        state.customer_address, state.status, state.spam, state.unread, state.automatic,
        state.preview, " ".join(state.flags), state.created_at, now, state.last_message_at,
        state.waiting_since, state.message_count, state.has_media, state.offer, state.follows_id,
    )  # fmt: skip


def changed_ticket(state: ReceivingTicket, *, now: int) -> tuple[Any, ...]:
    """Return the values of a ticket that was there before."""
    return (
        state.profile_id, state.customer_name, state.customer_address, state.status, state.unread,
        state.automatic, state.snooze_keep, state.snoozed_until, state.closed_at,
        state.created_at, state.last_message_at, state.waiting_since, state.message_count,
        state.has_media, state.preview, " ".join(state.flags), state.offer, now, state.id,
    )  # fmt: skip


def by_code(evidence: tuple[Evidence, ...]) -> dict[str, str]:
    """Return what was found under each code; several findings of one code stand together."""
    found: dict[str, str] = {}
    for item in evidence:
        found[item.code] = (
            f"{found[item.code]}; {item.detail}" if item.code in found else item.detail
        )
    return found


def json_list(values: Iterator[str] | tuple[str, ...]) -> str:
    """Return a column that holds a list."""
    found = list(values)
    return json.dumps(found) if found else "[]"
