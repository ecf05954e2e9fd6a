"""The migrations and the models tell the same story."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from helpdesk_tui.db.engine import make_engine
from helpdesk_tui.db.store import Store
from helpdesk_tui.db.tables import metadata
from tests.support.store import make_root


def test_the_migrated_schema_is_the_schema_of_the_models(tmp_path: Path) -> None:
    engine = make_engine(make_root(tmp_path) / "helpdesk.db", writer=False)
    ours = ("message_fts", "sqlite_", "alembic_version")

    def include(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and name is not None and name.startswith(ours))

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": include, "compare_server_default": False}
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_message_ids_start_above_the_range_of_imported_history(tmp_path: Path) -> None:
    store = Store(make_root(tmp_path))
    with store.write() as connection:
        connection.execute("INSERT INTO profile (created_at, updated_at) VALUES (0, 0)")
        connection.execute(
            "INSERT INTO ticket (channel, profile_id, created_at, updated_at, last_message_at) "
            "VALUES ('email', 1, 0, 0, 0)"
        )
        first = connection.execute(
            "INSERT INTO message (ticket_id, original_ticket_id, channel, direction, author_kind,"
            " sent_at, received_at) VALUES (1, 1, 'email', 'inbound', 'customer', 0, 0)"
        ).lastrowid
    assert first == 2**32 + 1
