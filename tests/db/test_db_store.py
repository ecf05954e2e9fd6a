"""The open store: transactions, two writers at once, and every way a store can refuse."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from helpdesk_tui.db.migrate import ensure_schema, schema_version
from helpdesk_tui.db.store import SCHEMA_VERSION, Store, translated
from helpdesk_tui.domain.errors import NotFound, StoreError
from tests.support.store import add_agent, add_ticket, make_root, make_store
from tests.support.waiting import PATIENCE, until

_COUNT_UP = """
import sys
from pathlib import Path
from helpdesk_tui.db.store import Store
store = Store(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    with store.write(bulk=sys.argv[3] == "bulk") as connection:
        value = connection.execute("SELECT value FROM setting WHERE name = 'n'").fetchone()[0]
        connection.execute("UPDATE setting SET value = :v", {"v": str(int(value) + 1)})
"""


def _counter(store: Store, value: str | None = None) -> int:
    with store.write() as connection:
        if value is not None:
            connection.execute(
                "INSERT INTO setting (scope, name, value) VALUES ('desk', 'n', :v)", {"v": value}
            )
        row = connection.execute("SELECT value FROM setting WHERE name = 'n'").fetchone()
        return int(row[0])


def test_a_new_store_is_private_and_knows_its_schema(tmp_path: Path) -> None:
    root = tmp_path / "new"
    assert ensure_schema(root)
    assert not ensure_schema(root)
    assert schema_version(root) == SCHEMA_VERSION
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert stat.S_IMODE((root / "helpdesk.db").stat().st_mode) == 0o600


def test_each_store_has_an_instance_and_a_secret_of_its_own(tmp_path: Path) -> None:
    secrets = set()
    for name in ("a", "b"):
        ensure_schema(tmp_path / name)
        store = Store(tmp_path / name)
        with store.read() as connection:
            row = connection.execute("SELECT instance, secret FROM schema_info").fetchone()
        store.close()
        assert len(row[1]) == 64
        secrets.add(row)
    assert len(secrets) == 2


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    _counter(store, "1")

    def broken_write() -> None:
        with store.write() as connection:
            connection.execute("UPDATE setting SET value = '2'")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        broken_write()
    assert _counter(store) == 1


@pytest.mark.slow
def test_processes_that_read_then_write_lose_no_update(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    _counter(store, "0")
    processes = [
        subprocess.Popen([sys.executable, "-c", _COUNT_UP, str(store.paths.root), "60", kind])
        for kind in ("agent", "agent", "bulk")
    ]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert _counter(store) == 180


def test_an_agent_gets_in_between_two_bulk_transactions(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    _counter(store, "0")
    stop, order = threading.Event(), []

    def backfill() -> None:
        for _ in range(2_000):
            if stop.is_set():
                return
            with store.write(bulk=True) as connection:
                connection.execute("UPDATE setting SET value = value + 1")
                stop.wait(0.005)
            order.append("bulk")

    worker = threading.Thread(target=backfill)
    worker.start()
    try:
        for _ in range(5):
            before = len(order)
            with store.write() as connection:
                connection.execute("UPDATE setting SET value = value")
            assert len(order) - before < 10
    finally:
        stop.set()
        worker.join()


@pytest.mark.parametrize("is_failing", [False, True])
def test_what_does_not_last_leaves_the_next_write_waiting_for_the_disk(
    tmp_path: Path, is_failing: bool
) -> None:
    full, normal = 2, 1
    store = make_store(tmp_path)

    def waits() -> int:
        return int(connection.execute("PRAGMA synchronous").fetchone()[0])

    try:
        with store.write(lasting=False) as connection:
            assert waits() == normal
            if is_failing:
                raise KeyError
    except KeyError:
        assert is_failing
    with store.write() as connection:
        assert waits() == full
    store.close()


def test_another_commit_moves_the_data_version(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    before = store.data_version()
    assert store.data_version() == before
    add_agent(store, "marek")
    assert store.data_version() != before


def test_a_missing_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught, Store(tmp_path / "nowhere").read():
        pass
    assert caught.value.code == "store.missing"


def test_a_read_only_store_reads_and_refuses_to_write(tmp_path: Path) -> None:
    make_store(tmp_path).close()
    store = Store(tmp_path / "store", read_only=True)
    with store.read() as connection:
        assert connection.execute("SELECT count(*) FROM ticket").fetchone() == (0,)
    with pytest.raises(StoreError) as caught, store.write():
        pass
    assert caught.value.code == "store.read-only"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything; run as another user")
def test_a_store_without_write_permission_says_so(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "helpdesk.db").chmod(0o400)
    with pytest.raises(StoreError) as caught, Store(root).write():
        pass
    assert caught.value.code == "store.unwritable"


def test_a_newer_store_is_neither_migrated_nor_written(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    with closing(sqlite3.connect(root / "helpdesk.db")) as link:
        link.execute("UPDATE schema_info SET min_writer = 99")
        link.execute("PRAGMA user_version = 99")
        link.commit()
    with pytest.raises(StoreError) as caught:
        ensure_schema(root)
    assert caught.value.code == "store.newer"
    with pytest.raises(StoreError) as caught, Store(root).write():
        pass
    assert caught.value.code == "store.newer"


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    _counter(store, "1")
    with store.write() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]

    def fill() -> None:
        with store.write() as connection:
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")
            connection.executemany(
                "INSERT INTO setting (scope, name, value) VALUES ('desk', :n, :v)",
                [{"n": f"filler{number}", "v": "x" * 4_000} for number in range(1_000)],
            )

    with pytest.raises(StoreError) as caught:
        fill()
    assert caught.value.code == "store.full"
    with store.write() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    assert _counter(store) == 1


@pytest.mark.parametrize(
    ("number", "code", "reason"),
    [
        (errno.ENOSPC, "store.full", None),
        (errno.EDQUOT, "store.full", None),
        (errno.EROFS, "store.unwritable", "Read-only file system"),
        (errno.EIO, "store.unwritable", "Input/output error"),
    ],
)
def test_a_file_beside_the_database_fails_as_the_disk_does(
    tmp_path: Path, number: int, code: str, reason: str | None
) -> None:
    store = make_store(tmp_path)
    with pytest.raises(StoreError) as caught, store.write():
        raise OSError(number, os.strerror(number))
    assert (caught.value.code, caught.value.values.get("reason")) == (code, reason)


def test_an_input_error_of_a_disk_with_room_is_not_called_full(tmp_path: Path) -> None:
    database = make_root(tmp_path) / "helpdesk.db"
    found = translated(sqlite3.OperationalError("disk I/O error"), database)
    assert (found.code, found.values["reason"]) == ("store.broken", "disk I/O error")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything; run as another user")
def test_a_store_of_somebody_else_is_named(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    root.chmod(0o000)
    try:
        with pytest.raises(StoreError) as caught:
            schema_version(root)
    finally:
        root.chmod(0o700)
    assert caught.value.values["reason"] == "Permission denied"


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    root = tmp_path / "store"
    root.mkdir()
    (root / "helpdesk.db").write_bytes(b"not a database at all" * 200)
    with pytest.raises(StoreError) as caught:
        schema_version(root)
    assert caught.value.code == "store.broken"


def test_the_counters_follow_every_way_a_ticket_can_move(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    first = add_ticket(store, assignee="anna", unread=1)
    add_ticket(store, unread=0)
    moves = (
        "UPDATE ticket SET status = 'closed', unread = 0 WHERE id = 1",
        "UPDATE ticket SET assignee_id = NULL",
        "UPDATE ticket SET spam = 1 WHERE id = 2",
        "UPDATE ticket SET merged_into = 1 WHERE id = 2",
        "UPDATE ticket SET status = 'open', unread = 1 WHERE id = 2",
        "UPDATE ticket SET merged_into = NULL WHERE id = 2",
        "UPDATE ticket SET merged_into = 1 WHERE id = 2",
        f"DELETE FROM ticket WHERE id != {first}",
    )
    for move in moves:
        with store.write() as connection:
            connection.execute(move)
            kept = connection.execute(
                "SELECT assignee_id, status, spam, total, unread FROM ticket_tally WHERE total > 0 "
                "ORDER BY 1, 2, 3"
            ).fetchall()
            counted = connection.execute(
                "SELECT coalesce(assignee_id, 0), status, spam, count(*), sum(unread) FROM ticket "
                "WHERE merged_into IS NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
            ).fetchall()
        assert kept == counted, move


def test_the_activity_log_is_append_only(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write() as connection:
        connection.execute(
            "INSERT INTO activity (at, actor_kind, kind) VALUES (1, 'system', 'ticket.created')"
        )
    for statement in ("UPDATE activity SET kind = 'x'", "DELETE FROM activity"):
        with pytest.raises(StoreError, match="append-only"), store.write() as connection:
            connection.execute(statement)


def test_bulk_work_waits_while_an_agent_stands_in_the_queue(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    began, done = threading.Event(), threading.Event()

    def backfill() -> None:
        began.set()
        with store.write(bulk=True):
            done.set()

    with store.turnstile.agent():
        worker = threading.Thread(target=backfill)
        worker.start()
        assert began.wait(PATIENCE)
        assert not done.wait(0.1)
    worker.join()
    assert done.is_set()


def test_bulk_work_learns_that_an_agent_had_to_wait(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    through = threading.Event()

    def agent() -> None:
        with store.turnstile.agent():
            through.set()

    def is_queued() -> bool:
        with store.turnstile._queue.open() as queue:
            try:
                fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    worker = threading.Thread(target=agent)
    with store.turnstile.bulk():
        worker.start()
        until(is_queued)
        assert not through.is_set()
    worker.join()
    assert store.turnstile.is_wanted


def test_bulk_work_copies_the_log_back_by_itself(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    _counter(store, "1")
    for number in range(40):
        with store.write(bulk=True) as connection:
            connection.executemany(
                "INSERT INTO setting (scope, name, value) VALUES ('desk', :n, :v)",
                [{"n": f"{number}.{part}", "v": "x" * 4_000} for part in range(100)],
            )
    assert store.paths.database.stat().st_size > 40 * 100 * 4_000 / 2
    assert store.paths.database.with_name("helpdesk.db-wal").stat().st_size < 16_000_000
