"""Indexes for the orders of lists and for the rare things that searches start from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SHOWN = "spam = 0 AND merged_into IS NULL"
_INDEXES = (
    ("ticket_created", "ticket", ("created_at", "id"), _SHOWN),
    ("ticket_priority", "ticket", ("status", "priority", "last_message_at", "id"), _SHOWN),
    ("ticket_channel", "ticket", ("channel", "last_message_at", "id"), _SHOWN),
    (
        "ticket_waiting",
        "ticket",
        ("waiting_since", "id"),
        f"waiting_since IS NOT NULL AND {_SHOWN}",
    ),
    ("ticket_team", "ticket", ("team_id", "last_message_at", "id"), "team_id IS NOT NULL"),
    ("ticket_merged", "ticket", ("last_message_at", "id"), "merged_into IS NOT NULL"),
    ("message_agent", "message", ("agent_id", "id"), "agent_id IS NOT NULL"),
    ("message_failed", "message", ("ticket_id",), "delivery IN ('failed', 'unknown')"),
)


def upgrade() -> None:
    """Create the indexes."""
    for name, table, columns, condition in _INDEXES:
        where = sa.text(condition)
        op.create_index(
            name, table, list(columns), unique=False, sqlite_where=where, postgresql_where=where
        )
