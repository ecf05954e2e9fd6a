"""Sources of facts about customers, what they said, and changes of orders and subscriptions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from helpdesk_tui.db.types import Instant, Large

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default=sa.text(f"'{default}'"), nullable=False)


def _needed(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _moment(name: str, *, needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant(), nullable=not needed)


def _flag(name: str, default: int = 0) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text(str(default)), nullable=False)


def _number(name: str, *, needed: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=not needed)


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def upgrade() -> None:
    """Create the tables."""
    _sources()
    _snapshots()
    _events()
    _searched()
    _actions()


def _sources() -> None:
    op.create_table(
        "source",
        _number("id"),
        _needed("name"),
        _needed("kind"),
        _text("settings", "{}"),
        _flag("enabled", 1),
        _moment("created_at", needed=True),
        _text("told", "{}"),
        _text("error_code"),
        _text("error_values", "{}"),
        _moment("error_at"),
        _moment("ok_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "source_match",
        _number("source_id"),
        _needed("external_id"),
        _number("profile_id"),
        _needed("matched_by"),
        _text("value"),
        _moment("at", needed=True),
        sa.PrimaryKeyConstraint("source_id", "external_id", "profile_id"),
        _of("source_id", "source"),
        _of("profile_id", "profile"),
    )
    op.create_index("source_match_profile", "source_match", ["profile_id"])
    op.add_column("identity", _number("vouched_by", needed=False))
    linked = sa.text("merged_into IS NOT NULL")
    op.create_index(
        "profile_linked", "profile", ["merged_into"], sqlite_where=linked, postgresql_where=linked
    )
    op.create_table(
        "imported_customer",
        _number("source_id"),
        _needed("external_id"),
        _needed("body"),
        _moment("at", needed=True),
        sa.PrimaryKeyConstraint("source_id", "external_id"),
        _of("source_id", "source"),
    )
    op.create_table(
        "imported_address",
        _number("source_id"),
        _needed("kind"),
        _needed("value"),
        _needed("external_id"),
        sa.PrimaryKeyConstraint("source_id", "kind", "value"),
        _of("source_id", "source"),
    )
    op.create_index("imported_address_customer", "imported_address", ["source_id", "external_id"])
    op.create_table(
        "customer_section",
        _number("profile_id"),
        _number("source_id"),
        _needed("section"),
        _needed("state"),
        _text("body", "{}"),
        _moment("fetched_at"),
        _moment("asked_at", needed=True),
        _text("error_code"),
        _text("error_values", "{}"),
        _moment("retry_at"),
        sa.PrimaryKeyConstraint("profile_id", "source_id", "section"),
        _of("source_id", "source"),
        _of("profile_id", "profile"),
    )


def _snapshots() -> None:
    op.create_table(
        "order_snapshot",
        _number("id"),
        _number("source_id"),
        _needed("external_id"),
        _number("profile_id", needed=False),
        _needed("name"),
        sa.Column("total", Large(), nullable=True),
        _text("currency"),
        _moment("placed_at", needed=True),
        _moment("changed_at"),
        _flag("cancelled"),
        _needed("body"),
        _moment("seen_at", needed=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "external_id", "profile_id"),
        _of("source_id", "source"),
        _of("profile_id", "profile"),
    )
    op.create_index("order_profile", "order_snapshot", ["profile_id", "placed_at"])
    op.create_index("order_name", "order_snapshot", ["name"])
    op.create_index("order_total", "order_snapshot", ["total"])
    op.create_table(
        "subscription_snapshot",
        _number("id"),
        _number("source_id"),
        _needed("external_id"),
        _number("profile_id", needed=False),
        _needed("status"),
        sa.Column("next_date", sa.Date(), nullable=True),
        _needed("body"),
        _moment("seen_at", needed=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "external_id", "profile_id"),
        _of("source_id", "source"),
        _of("profile_id", "profile"),
    )
    op.create_index("subscription_profile", "subscription_snapshot", ["profile_id"])


def _events() -> None:
    op.create_table(
        "customer_event",
        sa.Column("id", Large(), nullable=False),
        _number("source_id"),
        _needed("external_id"),
        _number("profile_id"),
        _needed("metric"),
        _moment("at", needed=True),
        _text("title"),
        _text("body", "{}"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "external_id", "profile_id"),
        _of("source_id", "source"),
        _of("profile_id", "profile"),
    )
    op.create_index("customer_event_profile", "customer_event", ["profile_id", "at"])
    op.create_index("customer_event_metric", "customer_event", ["profile_id", "metric", "at"])
    op.create_table(
        "event_filter",
        _number("id"),
        _number("agent_id", needed=False),
        _needed("name"),
        _text("metrics", "[]"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("agent_id", "name"),
        _of("agent_id", "agent"),
    )


def _searched() -> None:
    op.create_table(
        "customer_value",
        _number("profile_id"),
        sa.Column("ltv", Large(), nullable=True),
        _number("churn", needed=False),
        _number("orders", needed=False),
        _number("subscriptions", needed=False),
        sa.PrimaryKeyConstraint("profile_id"),
        _of("profile_id", "profile"),
    )
    for column in ("ltv", "churn", "orders"):
        op.create_index(f"customer_value_{column}", "customer_value", [column])
    op.create_table(
        "customer_segment",
        _number("profile_id"),
        _number("source_id"),
        _needed("external_id"),
        _text("kind", "segment"),
        _needed("name"),
        _needed("folded"),
        sa.PrimaryKeyConstraint("profile_id", "source_id", "external_id"),
        _of("source_id", "source"),
        _of("profile_id", "profile"),
    )
    op.create_index("customer_segment_name", "customer_segment", ["folded", "profile_id"])


def _actions() -> None:
    op.create_table(
        "shop_action",
        _number("id"),
        _needed("key"),
        _needed("kind"),
        _number("source_id"),
        _needed("target"),
        _needed("name"),
        _number("profile_id", needed=False),
        _number("ticket_id", needed=False),
        _number("agent_id"),
        _text("arguments", "{}"),
        _text("expected", "{}"),
        _flag("dry_run"),
        _text("state", "queued"),
        _text("phase"),
        _text("progress", "{}"),
        _text("result", "{}"),
        _text("error_code"),
        _text("error_values", "{}"),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment("next_try_at"),
        _text("claimed_by"),
        _moment("created_at", needed=True),
        _moment("deadline", needed=True),
        _moment("asked_at"),
        _moment("changed_at", needed=True),
        _moment("finished_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        _of("source_id", "source"),
        _of("profile_id", "profile"),
        _of("ticket_id", "ticket"),
        _of("agent_id", "agent"),
    )
    op.create_index("shop_action_profile", "shop_action", ["profile_id", "id"])
    op.create_index("shop_action_target", "shop_action", ["source_id", "target", "id"])
    under_way = sa.text("state IN ('queued', 'running', 'unknown')")
    op.create_index(
        "shop_action_open",
        "shop_action",
        ["id"],
        sqlite_where=under_way,
        postgresql_where=under_way,
    )
    op.create_index(
        "shop_action_one",
        "shop_action",
        ["source_id", "target"],
        unique=True,
        sqlite_where=under_way,
        postgresql_where=under_way,
    )
