"""Alembic's entry: runs on the connection that ``db/migrate.py`` hands over."""

from __future__ import annotations

from alembic import context

from helpdesk_tui.db.tables import metadata

_OURS = ("message_fts", "sqlite_")


def _include(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the full-text shadow tables alone: they are no tables of the models."""
    return not (kind == "table" and name is not None and name.startswith(_OURS))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    include_name=_include,
    transaction_per_migration=False,
)
context.run_migrations()
