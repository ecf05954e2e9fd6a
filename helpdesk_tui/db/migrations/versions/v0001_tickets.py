"""People, tickets, channels and the log: the tables that others refer to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from helpdesk_tui.db.types import Instant, Large

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("message_id", Large(), nullable=True),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("change_id", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("before", sa.String(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("after", sa.String(), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "activity_change",
        "activity",
        ["change_id"],
        unique=False,
        sqlite_where=sa.text("change_id != ''"),
        postgresql_where=sa.text("change_id != ''"),
    )
    op.create_index("activity_ticket", "activity", ["ticket_id", "id"], unique=False)
    op.create_table(
        "agent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("full_name", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("email", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("role", sa.String(), server_default=sa.text("'support'"), nullable=False),
        sa.Column("signature", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index(op.f("ix_agent_email"), "agent", ["email"], unique=False)
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("codec", sa.String(), server_default=sa.text("'plain'"), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "channel_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("settings", sa.String(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("last_sync_at", Instant(), nullable=True),
        sa.Column("error_code", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("error_text", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("error_at", Instant(), nullable=True),
        sa.Column("state", sa.String(), server_default=sa.text("'new'"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("arguments", sa.String(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default=sa.text("'queued'"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("deadline", Instant(), nullable=False),
        sa.Column("claimed_by", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("result", sa.String(), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(
        "job_open",
        "job",
        ["state", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("pid", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("host", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("acquired_at", Instant(), nullable=False),
        sa.Column("renewed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("email", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("phone", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("location", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("timezone", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "schema_info",
        sa.Column("id", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("min_writer", sa.Integer(), nullable=False),
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), server_default=sa.text("'personal'"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "setting",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("agent_id", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "agent_id", "name"),
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "ticket_tally",
        sa.Column("assignee_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("spam", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("unread", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("assignee_id", "status", "spam"),
    )
    op.create_table(
        "cursor",
        sa.Column("channel_account_id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("validity", Large(), server_default=sa.text("0"), nullable=False),
        sa.Column("position", Large(), server_default=sa.text("0"), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_account_id"],
            ["channel_account.id"],
        ),
        sa.PrimaryKeyConstraint("channel_account_id", "folder"),
    )
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("verified", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["profile.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "value"),
    )
    op.create_index(op.f("ix_identity_profile_id"), "identity", ["profile_id"], unique=False)
    op.create_table(
        "support_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("name", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("channel_account_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), server_default=sa.text("'verified'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_account_id"],
            ["channel_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("address"),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("channel_account_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("status", sa.String(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("spam", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("unread", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("priority", sa.String(), server_default=sa.text("'normal'"), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("customer_name", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("customer_address", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("recipient", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("preview", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("tags", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("flags", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("automatic", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("last_message_at", Instant(), nullable=False),
        sa.Column("waiting_since", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("snoozed_until", Instant(), nullable=True),
        sa.Column("snooze_zone", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("snooze_keep", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("message_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("has_media", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignee_id"],
            ["agent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["channel_account_id"],
            ["channel_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["ticket.id"],
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["profile.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ticket_all",
        "ticket",
        ["last_message_at", "id"],
        unique=False,
        sqlite_where=sa.text("spam = 0 AND merged_into IS NULL"),
        postgresql_where=sa.text("spam = 0 AND merged_into IS NULL"),
    )
    op.create_index(
        "ticket_assignee",
        "ticket",
        ["assignee_id", "status", "last_message_at", "id"],
        unique=False,
        sqlite_where=sa.text("spam = 0 AND merged_into IS NULL"),
        postgresql_where=sa.text("spam = 0 AND merged_into IS NULL"),
    )
    op.create_index(
        "ticket_assignee_any",
        "ticket",
        ["assignee_id", "last_message_at", "id"],
        unique=False,
        sqlite_where=sa.text("spam = 0 AND merged_into IS NULL"),
        postgresql_where=sa.text("spam = 0 AND merged_into IS NULL"),
    )
    op.create_index("ticket_profile", "ticket", ["profile_id", "last_message_at"], unique=False)
    op.create_index(
        "ticket_snoozed",
        "ticket",
        ["snoozed_until"],
        unique=False,
        sqlite_where=sa.text("status = 'snoozed'"),
        postgresql_where=sa.text("status = 'snoozed'"),
    )
    op.create_index(
        "ticket_spam",
        "ticket",
        ["last_message_at", "id"],
        unique=False,
        sqlite_where=sa.text("spam = 1"),
        postgresql_where=sa.text("spam = 1"),
    )
    op.create_index(
        "ticket_spam_status",
        "ticket",
        ["status", "last_message_at", "id"],
        unique=False,
        sqlite_where=sa.text("spam = 1"),
        postgresql_where=sa.text("spam = 1"),
    )
    op.create_index(
        "ticket_status",
        "ticket",
        ["status", "last_message_at", "id"],
        unique=False,
        sqlite_where=sa.text("spam = 0 AND merged_into IS NULL"),
        postgresql_where=sa.text("spam = 0 AND merged_into IS NULL"),
    )
    op.create_index(
        "ticket_unread",
        "ticket",
        ["last_message_at", "id"],
        unique=False,
        sqlite_where=sa.text("unread = 1 AND spam = 0 AND merged_into IS NULL"),
        postgresql_where=sa.text("unread = 1 AND spam = 0 AND merged_into IS NULL"),
    )
