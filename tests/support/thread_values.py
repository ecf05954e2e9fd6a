"""Threads as values, for what draws them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk_tui.domain.customers import Profile
from helpdesk_tui.domain.messages import (
    AttachmentRow,
    AuthorKind,
    Delivery,
    Direction,
    EventRow,
    MessageRow,
    Thread,
)
from helpdesk_tui.domain.ticket_details import TicketDetail
from helpdesk_tui.domain.tickets import Priority, Status, TicketRow

NOW = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)

HOSTILE = (
    "\x1b]52;c;TEVBS01BUks=\x07\x9b31mred\x1b[6n \u202egnp.exe\u2066 a\u200bb\U000e0041"
    " [@click=app.quit]x[/] [/x] e" + "\u0301" * 40 + "\r\x08\x0c\x00\x7f end"
)
"""Everything that must not reach a terminal, in one string, with a readable end."""


def row(**changes: Any) -> TicketRow:
    """Make the row of a ticket."""
    values: dict[str, Any] = {
        "id": 42, "subject": "Return label", "channel": "email", "status": Status.OPEN,
        "spam": False, "unread": False, "customer_name": "Anna Kowalska", "preview": "Hej",
        "tags": ("returns",), "priority": Priority.NORMAL, "assignee_id": None, "assignee": None,
        "last_message_at": NOW, "waiting_since": None, "snoozed_until": None, "has_media": False,
        "has_draft": False, "message_count": 1, "version": 1,
    }  # fmt: skip
    return TicketRow(**{**values, **changes})


def detail(**changes: Any) -> TicketDetail:
    """Make the header of a ticket; ``row`` may be given."""
    values: dict[str, Any] = {
        "row": row(), "created_at": NOW - timedelta(days=1), "customer_id": 7,
        "customer_address": "anna@example.pl", "recipient": "support@acme.example",
        "snooze_keep": False, "closed_at": None, "merged_into": None, "flags": (),
        "automatic": False, "reply_to": "",
    }  # fmt: skip
    return TicketDetail(**{**values, **changes})


def message(id: int = 1, **changes: Any) -> MessageRow:
    """Make a message, inbound if nothing else is said, one minute after the one before."""
    at = NOW - timedelta(hours=2) + timedelta(minutes=id)
    values: dict[str, Any] = {
        "id": id, "ticket_id": 42, "direction": Direction.INBOUND, "channel": "email",
        "author_kind": AuthorKind.CUSTOMER, "author_name": "Anna Kowalska",
        "sender": "anna@example.pl", "text": f"message {id}", "folds": (), "has_html": False,
        "sent_at": at, "received_at": at, "delivery": Delivery.RECEIVED, "error_code": "",
        "error_text": "", "due_at": None, "automatic": False, "external_id": f"m{id}",
        "to": ("support@acme.example",), "cc": (), "flags": (), "links": (), "attachments": (),
    }  # fmt: skip
    return MessageRow(**{**values, **changes})


def file(id: int = 9, **changes: Any) -> AttachmentRow:
    """Make an attachment."""
    values: dict[str, Any] = {
        "filename": "box.jpg", "content_type": "image/jpeg", "size": 1_200_000, "sha256": "0" * 64,
        "inline": False,
    }  # fmt: skip
    return AttachmentRow(id=id, **{**values, **changes})


def event(id: int = 1, kind: str = "ticket.closed", **changes: Any) -> EventRow:
    """Make an event of anna."""
    values: dict[str, Any] = {
        "at": NOW - timedelta(hours=1), "actor_kind": "agent", "actor_name": "anna", "before": {},
        "after": {},
    }  # fmt: skip
    return EventRow(id=id, kind=kind, **{**values, **changes})


def thread(*messages: MessageRow, **changes: Any) -> Thread:
    """Make a thread of messages."""
    values: dict[str, Any] = {"ticket": detail(), "events": (), "older": None}
    return Thread(messages=messages, **{**values, **changes})


def profile(**changes: Any) -> Profile:
    """Make a customer."""
    values: dict[str, Any] = {
        "id": 7, "name": "Anna Kowalska", "email": "anna@example.pl", "phone": "+48 601 222 333",
        "handles": (), "location": "Kraków", "timezone": "Europe/Warsaw",
        "created_at": NOW - timedelta(days=90), "ticket_count": 3, "tickets": (),
    }  # fmt: skip
    return Profile(**{**values, **changes})


def is_harmless(text: str) -> bool:
    """Return whether no character of a drawn text is a control, format or separator one."""
    import unicodedata

    return all(
        unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp", "Co")
        and (unicodedata.category(char) != "Cf" or char == "\u200d")
        for char in text
    )
