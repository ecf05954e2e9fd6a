"""The tables of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from helpdesk_tui.db.types import Instant

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
        sa.Column("message_id", sa.Integer(), nullable=True),
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
        sa.Column("validity", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
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
    op.create_table(
        "draft",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("ticket_id", "agent_id", "kind"),
    )
    op.create_table(
        "draft_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "draft_file_draft", "draft_file", ["ticket_id", "agent_id", "kind"], unique=False
    )
    op.create_table(
        "intake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_account_id", sa.Integer(), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("sender", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("subject", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("external_id", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("content_hash", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("raw_sha256", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_account_id"],
            ["channel_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("intake_external", "intake", ["external_id"], unique=False)
    op.create_index("intake_hash", "intake", ["content_hash"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("original_ticket_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("channel_account_id", sa.Integer(), nullable=True),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("author_kind", sa.String(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("sender", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("recipients", sa.String(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("copies", sa.String(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("reply_to", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("subject", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("text", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("html", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("folds", sa.String(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("links", sa.String(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("has_html", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("automatic", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("flags", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("external_id", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("thread_ids", sa.String(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("raw_sha256", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("delivery", sa.String(), server_default=sa.text("'received'"), nullable=False),
        sa.Column("error_code", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("error_text", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_by", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("claim_until", Instant(), nullable=True),
        sa.Column("phase", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("filed", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["channel_account_id"],
            ["channel_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["original_ticket_id"],
            ["ticket.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("message_external", "message", ["external_id"], unique=False)
    op.create_index("message_hash", "message", ["content_hash"], unique=False)
    op.create_index(
        "message_outbox",
        "message",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("delivery IN ('queued', 'sending', 'scheduled')"),
        postgresql_where=sa.text("delivery IN ('queued', 'sending', 'scheduled')"),
    )
    op.create_index("message_ticket", "message", ["ticket_id", "id"], unique=False)
    op.create_index(
        "message_unfiled",
        "message",
        ["id"],
        unique=False,
        sqlite_where=sa.text("filed = 0"),
        postgresql_where=sa.text("filed = 0"),
    )
    op.create_table(
        "participant",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("name", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("role", sa.String(), server_default=sa.text("'customer'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("ticket_id", "address"),
    )
    op.create_table(
        "thread_ref",
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("external_id", "ticket_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ticket_tag",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tag_id"],
            ["tag.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("ticket_id", "tag_id"),
    )
    op.create_index("ticket_tag_tag", "ticket_tag", ["tag_id", "ticket_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("content_type", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("size", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sha256", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("inline", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("content_id", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_attachment_message_id"), "attachment", ["message_id"], unique=False)
