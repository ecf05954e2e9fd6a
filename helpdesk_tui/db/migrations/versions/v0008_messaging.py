"""Contacts, consent, the send ledger, templates, campaign sends, short links, pending files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from helpdesk_tui.db.types import Instant, Large

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default=sa.text(f"'{default}'"), nullable=False)


def _needed(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def _moment(name: str, *, needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant(), nullable=not needed)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _account() -> sa.Column[int]:
    return sa.Column("channel_account_id", sa.Integer(), nullable=False)


def _of_account() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["channel_account_id"], ["channel_account.id"])


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    """Create the tables and the columns."""
    _columns()
    _people()
    _sending()
    _marketing()


def _columns() -> None:
    op.add_column("message", _text("template"))
    op.add_column("message", sa.Column("campaign_send_id", sa.Integer(), nullable=True))
    op.add_column("ticket", sa.Column("campaign_send_id", sa.Integer(), nullable=True))
    op.add_column("team_mail", _text("messages", "[]"))
    op.add_column("attachment", _text("state"))
    op.add_column("attachment", _text("source"))
    op.add_column("attachment", _count("tries"))
    op.add_column("attachment", _moment("next_try_at"))
    op.add_column("attachment", _text("error_code"))
    _partial("attachment_pending", "attachment", ["next_try_at"], "state = 'pending'")


def _people() -> None:
    op.create_table(
        "contact",
        _account(),
        _needed("address"),
        _text("name"),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        _moment("heard_at"),
        _moment("auto_answered_at"),
        sa.PrimaryKeyConstraint("channel_account_id", "address"),
        _of_account(),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"]),
    )
    op.create_index("ix_contact_profile_id", "contact", ["profile_id"])
    op.create_table(
        "consent",
        _id(),
        _needed("channel"),
        _needed("address"),
        _text("ours"),
        _needed("state"),
        _text("kind", "transactional"),
        _needed("source"),
        _text("detail"),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        _moment("at", needed=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"]),
    )
    op.create_index("consent_address", "consent", ["channel", "address", "id"])


def _sending() -> None:
    op.create_table(
        "message_part",
        sa.Column("message_id", Large(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _account(),
        _needed("kind"),
        _text("text"),
        _text("files", "[]"),
        _text("state", "queued"),
        _text("provider_id"),
        _text("error_code"),
        _text("error_text"),
        _moment("begun_at"),
        _moment("next_check_at"),
        _count("checks"),
        sa.PrimaryKeyConstraint("message_id", "position"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"]),
        _of_account(),
    )
    _partial(
        "message_part_provider",
        "message_part",
        ["channel_account_id", "provider_id"],
        "provider_id != ''",
    )
    _partial(
        "message_part_check",
        "message_part",
        ["channel_account_id", "next_check_at"],
        "next_check_at IS NOT NULL",
    )
    op.create_table(
        "early_status",
        _id(),
        _account(),
        _needed("provider_id"),
        _needed("state"),
        _text("error_code"),
        _text("error_text"),
        _moment("at", needed=True),
        sa.PrimaryKeyConstraint("id"),
        _of_account(),
    )
    op.create_index("early_status_id", "early_status", ["channel_account_id", "provider_id"])
    _keyword_answers()
    op.create_table(
        "template",
        _id(),
        _account(),
        _needed("name"),
        _needed("language"),
        _text("category"),
        _text("status", "approved"),
        _text("body"),
        _text("provider_id"),
        _text("source", "provider"),
        _moment("updated_at", needed=True),
        sa.PrimaryKeyConstraint("id"),
        _of_account(),
        sa.UniqueConstraint("channel_account_id", "name", "language"),
    )


def _keyword_answers() -> None:
    op.create_table(
        "keyword_answer",
        _id(),
        _account(),
        _needed("address"),
        _needed("command"),
        _needed("text"),
        _text("state", "queued"),
        _moment("created_at", needed=True),
        _moment("due_at"),
        _count("attempts"),
        _text("provider_id"),
        _text("error_code"),
        sa.PrimaryKeyConstraint("id"),
        _of_account(),
    )
    op.create_index(
        "keyword_answer_address", "keyword_answer", ["channel_account_id", "address", "created_at"]
    )
    _partial(
        "keyword_answer_due",
        "keyword_answer",
        ["channel_account_id", "due_at"],
        "state IN ('queued', 'sending')",
    )


def _marketing() -> None:
    op.create_table(
        "campaign_send",
        _id(),
        _needed("channel"),
        _needed("address"),
        _needed("source"),
        _needed("external_id"),
        _needed("kind"),
        _needed("name"),
        _text("text"),
        _moment("sent_at", needed=True),
        _moment("delivered_at"),
        sa.Column("message_id", Large(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "external_id"),
    )
    op.create_index(
        "campaign_send_address", "campaign_send", ["channel", "address", "delivered_at"]
    )
    op.create_table(
        "short_link",
        _needed("code"),
        sa.Column("message_id", Large(), nullable=False),
        _needed("url"),
        _count("clicks"),
        _moment("first_click_at"),
        _moment("last_click_at"),
        sa.Column("published", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("code"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"]),
    )
    op.create_index("short_link_message", "short_link", ["message_id"])
    unpublished = sa.text("published = 0")
    op.create_index(
        "short_link_unpublished", "short_link", ["code"],
        sqlite_where=unpublished, postgresql_where=unpublished,
    )  # fmt: skip
