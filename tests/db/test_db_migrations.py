"""The migrations and the models tell the same story."""

from __future__ import annotations

import io
import re
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.dialects import postgresql

from helpdesk_tui.db.engine import make_engine
from helpdesk_tui.db.migrate import ensure_schema, schema_version
from helpdesk_tui.db.store import SCHEMA_VERSION, Store
from helpdesk_tui.db.tables import metadata
from helpdesk_tui.db.types import Instant
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


def test_what_may_exceed_32_bits_has_room_on_every_database() -> None:
    wide = {"activity.message_id", "attachment.message_id", "chat.delivered_to", "chat.last_seq",
            "campaign_send.message_id", "chat.seen_to", "cursor.position",
            "cursor.validity", "mention.message_id",
            "message.answers_id", "message.id", "message_part.message_id",
            "customer_event.id", "customer_value.ltv", "order_snapshot.total",
            "short_link.message_id"}  # fmt: skip
    dialect = postgresql.dialect()
    found = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if not isinstance(column.type, Instant) and column.type.compile(dialect=dialect) == "BIGINT"
    }
    assert found == wide
    for reference in (key for table in metadata.tables.values() for key in table.foreign_keys):
        kinds = {
            each.type.compile(dialect=dialect) for each in (reference.parent, reference.column)
        }
        assert len(kinds) == 1, reference


@pytest.mark.parametrize(
    "name",
    [
        "v0001_tickets",
        "v0002_messages",
        "v0005_macros_and_views",
        "v0007_webchat",
        "v0008_messaging",
        "v0009_commerce",
    ],
)
def test_migrations_make_the_columns_of_the_models_on_postgresql_too(name: str) -> None:
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written}
    )
    migration = import_module(f"helpdesk_tui.db.migrations.versions.{name}")
    with Operations.context(context):
        migration.upgrade()
    made = re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)", written.getvalue(), re.S)
    assert made
    for table, body in made:
        for column in metadata.tables[table].columns:
            kind = column.type.compile(dialect=postgresql.dialect())
            line = re.search(rf"^\s*{column.name} (\w+)", body, re.M)
            if line is not None and "INT" in kind:
                counting = {"SERIAL": "INTEGER", "BIGSERIAL": "BIGINT"}
                assert counting.get(line[1], line[1]) == kind, column


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


def test_a_store_of_the_first_schema_is_brought_up_to_date_with_what_it_holds(
    tmp_path: Path,
) -> None:
    root = _store_of_the_first_schema(tmp_path / "old")

    assert ensure_schema(root)

    assert schema_version(root) == SCHEMA_VERSION
    with closing(Store(root)) as store, store.read() as connection:
        kept = connection.execute("SELECT subject, offer FROM ticket").fetchall()
        state = connection.execute("SELECT address, state, provider FROM support_address")
        assert [tuple(row) for row in kept] == [("kept", "")]
        assert [tuple(row) for row in state] == [("help@shop.example", "verified", "")]
    assert (root / "before-migration-1.db").exists()


def _store_of_the_first_schema(root: Path) -> Path:
    root.mkdir(mode=0o700)
    config = Config()
    config.set_main_option("script_location", "helpdesk_tui:db/migrations")
    config.set_main_option("path_separator", "os")
    engine = make_engine(root / "helpdesk.db", writer=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for statement in (
            "INSERT INTO schema_info (id, min_writer, instance, secret) VALUES (1, 1, 'a', 'b')",
            "INSERT INTO profile (created_at, updated_at) VALUES (0, 0)",
            "INSERT INTO ticket (channel, subject, profile_id, created_at, updated_at,"
            " last_message_at) VALUES ('email', 'kept', 1, 0, 0, 0)",
            "INSERT INTO channel_account (name, channel, address, created_at)"
            " VALUES ('support', 'email', 'help@shop.example', 0)",
            "INSERT INTO support_address (address, channel_account_id)"
            " VALUES ('help@shop.example', 1)",
            "PRAGMA user_version = 1",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    return root
