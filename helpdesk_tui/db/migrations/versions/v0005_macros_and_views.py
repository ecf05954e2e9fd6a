"""Macros, views of one's own, teams, and who watches, was mentioned or is blocked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from helpdesk_tui.db.types import Instant, Large

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default=sa.text(f"'{default}'"), nullable=False)


def _needed(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _count(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False)


def _moment(name: str, *, needed: bool = True) -> sa.Column[object]:
    return sa.Column(name, Instant(), nullable=not needed)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _of(name: str, table: str, *, needed: bool = True) -> tuple[sa.Column[int], sa.Constraint]:
    kind = Large() if table == "message" else sa.Integer()
    column = sa.Column(name, kind, nullable=not needed)
    return column, sa.ForeignKeyConstraint([name], [f"{table}.id"])


def upgrade() -> None:
    """Create the tables and the columns."""
    _people()
    _desk()


def _people() -> None:
    op.add_column(
        "agent",
        sa.Column("available", sa.Boolean(), server_default=sa.text("1"), nullable=False),
    )
    op.add_column("profile", sa.Column("merged_into", sa.Integer(), nullable=True))
    op.create_table(
        "team",
        _id(),
        _needed("name"),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "membership",
        *_of("team_id", "team"),
        *_of("agent_id", "agent"),
        sa.PrimaryKeyConstraint("team_id", "agent_id"),
    )
    op.create_index("membership_agent", "membership", ["agent_id"], unique=False)
    op.create_table(
        "block",
        _id(),
        _needed("kind"),
        _needed("value"),
        *_of("agent_id", "agent", needed=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "value"),
    )


def _desk() -> None:
    op.create_table(
        "macro",
        _id(),
        _needed("name"),
        _needed("source"),
        _text("shortcut"),
        _count("uses"),
        _moment("used_at", needed=False),
        _moment("updated_at"),
        _count("version", 1),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "view",
        _id(),
        _count("agent_id"),
        _needed("name"),
        _needed("query"),
        _text("status", "open"),
        _text("sort", "newest"),
        _count("position"),
        _text("pin"),
        _moment("created_at"),
        _moment("updated_at"),
        _count("version", 1),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("agent_id", "name"),
    )
    op.create_table(
        "watch",
        *_of("ticket_id", "ticket"),
        *_of("agent_id", "agent"),
        sa.PrimaryKeyConstraint("ticket_id", "agent_id"),
    )
    op.create_index("watch_agent", "watch", ["agent_id"], unique=False)
    op.create_table(
        "mention",
        *_of("message_id", "message"),
        *_of("agent_id", "agent"),
        *_of("ticket_id", "ticket"),
        _moment("at"),
        _moment("seen_at", needed=False),
        sa.PrimaryKeyConstraint("message_id", "agent_id"),
    )
    op.create_index("ix_mention_ticket_id", "mention", ["ticket_id"], unique=False)
    op.create_index("mention_agent", "mention", ["agent_id", "seen_at"], unique=False)
