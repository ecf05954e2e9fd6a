"""Chats, the FAQ, mail to the team, and what a ticket says of both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from helpdesk_tui.db.types import Instant, Large

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_RUNNING = "ended_at IS NULL"
_UNFOLLOWED = "followed_up_at IS NULL AND ended_at IS NOT NULL"
_WAITING = "state != 'sent'"


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default=sa.text(f"'{default}'"), nullable=False)


def _needed(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _count(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False)


def _large(name: str) -> sa.Column[int]:
    return sa.Column(name, Large(), server_default=sa.text("0"), nullable=False)


def _moment(name: str, *, needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant(), nullable=not needed)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def upgrade() -> None:
    """Create the tables and the columns."""
    op.add_column("ticket", _moment("held_at"))
    op.add_column("ticket", sa.Column("follows_id", sa.Integer(), nullable=True))
    follows = sa.text("follows_id IS NOT NULL")
    op.create_index(
        "ticket_follows", "ticket", ["follows_id"], sqlite_where=follows, postgresql_where=follows
    )
    _chat()
    _faq()
    _team_mail()


def _chat() -> None:
    op.create_table(
        "chat",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("channel_account_id", sa.Integer(), nullable=False),
        _needed("conversation"),
        _text("visitor"),
        _text("language"),
        _text("timezone"),
        _text("page"),
        _moment("started_at", needed=True),
        _moment("offline_since"),
        _moment("ended_at"),
        _text("ended_by"),
        _moment("closing_at"),
        _large("last_seq"),
        _large("delivered_to"),
        _large("seen_to"),
        _moment("followed_up_at"),
        _moment("away_told_at"),
        _moment("open_told_at"),
        _text("responder"),
        _count("misses"),
        sa.PrimaryKeyConstraint("ticket_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.ForeignKeyConstraint(["channel_account_id"], ["channel_account.id"]),
        sa.UniqueConstraint("channel_account_id", "conversation"),
    )
    running = sa.text(_RUNNING)
    op.create_index(
        "chat_running", "chat", ["ticket_id"], sqlite_where=running, postgresql_where=running
    )
    left = sa.text(_UNFOLLOWED)
    op.create_index(
        "chat_unfollowed", "chat", ["ended_at"], sqlite_where=left, postgresql_where=left
    )


def _faq() -> None:
    op.create_table(
        "faq",
        _id(),
        _needed("key"),
        _needed("language"),
        _needed("question"),
        _needed("answer"),
        _text("category"),
        _text("words"),
        _count("position"),
        sa.Column("published", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        _count("helped"),
        _count("failed"),
        _moment("created_at", needed=True),
        _moment("updated_at", needed=True),
        _count("version", 1),
        _moment("removed_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", "language"),
    )


def _team_mail() -> None:
    op.create_table(
        "team_mail",
        _id(),
        _needed("channel"),
        _text("tickets", "[]"),
        _text("recipients", "[]"),
        _text("message_id"),
        _text("state", "waiting"),
        _moment("created_at", needed=True),
        _moment("due_at", needed=True),
        _moment("sent_at"),
        _count("attempts"),
        _text("error_code"),
        sa.PrimaryKeyConstraint("id"),
    )
    waiting = sa.text(_WAITING)
    op.create_index(
        "team_mail_waiting", "team_mail", ["due_at"], sqlite_where=waiting, postgresql_where=waiting
    )
