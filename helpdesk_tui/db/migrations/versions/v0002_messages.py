"""Messages, drafts and what else belongs to a ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from helpdesk_tui.db.types import Instant, Large

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
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
        sa.Column("id", Large(), nullable=False),
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
        sa.Column("answers_id", Large(), nullable=True),
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
        sa.Column("message_id", Large(), nullable=False),
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
