"""What mastering real mail needs to keep: notices, offers, address states, automatic answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from helpdesk_tui.db.types import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default=sa.text(f"'{default}'"), nullable=False)


_COLUMNS: dict[str, tuple[sa.Column[str], ...]] = {
    "message": (_text("notices", "[]"), _text("blind_copies", "[]")),
    "ticket": (_text("offer"),),
    "intake": (_text("preview"), _text("customer_name"), _text("customer_address")),
    "support_address": (
        _text("provider"),
        _text("token"),
        _text("error_code"),
        _text("confirmation", "{}"),
        _text("signature"),
    ),
}
_MOMENTS = {
    "intake": ("done_at",),
    "support_address": ("forwarded_at", "asked_at", "verified_at"),
}


def upgrade() -> None:
    """Add the columns and the table of automatic answers."""
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    for table, names in _MOMENTS.items():
        for name in names:
            op.add_column(table, sa.Column(name, Instant(), nullable=True))
    is_open = sa.text("done_at IS NULL")
    op.create_index(
        "intake_open", "intake", ["id"], unique=False, sqlite_where=is_open,
        postgresql_where=is_open,
    )  # fmt: skip
    op.create_table(
        "auto_answer",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("channel_account_id", sa.Integer(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["channel_account_id"], ["channel_account.id"]),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.create_index("auto_answer_address", "auto_answer", ["address", "at"], unique=False)
    op.create_index(
        "auto_answer_account", "auto_answer", ["channel_account_id", "at"], unique=False
    )
