from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.webchat.wire import Author, OurMessage, Visitor, WireFile
from helpdesk_tui.relay.config import Rate
from helpdesk_tui.relay.refusals import Refused
from helpdesk_tui.relay.store import box as store_box
from helpdesk_tui.relay.store import chats as store_chats
from helpdesk_tui.relay.store import files as store_files
from helpdesk_tui.relay.store import sessions as store_sessions
from helpdesk_tui.relay.store.cleaning import clean_up, sweep
from helpdesk_tui.relay.store.history import MOST_SHOWN, chat_of, newest_chat
from helpdesk_tui.relay.store.store import Store, Write
from helpdesk_tui.relay.values import Accepted, Outcome, Said, Upload
from tests.support.waiting import PATIENCE

DIGEST = "ab" * 32


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    found = Store(tmp_path / "relay", clock=clock)
    yield found
    found.close()


async def _visitor(store: Store, name: str = "v1") -> int:
    def identify(_used: object) -> Visitor:
        return Visitor(name)

    opened = await store.write(
        partial(store_sessions.open_session, site="shop", old_token="", identify=identify)
    )
    assert opened.visitor is not None
    return opened.visitor


async def _say(store: Store, visitor: int, client_id: str, *files: str) -> Accepted:
    said = Said(client_id, "text", files)
    return await store.write(partial(store_chats.say, visitor=visitor, site="shop", said=said))


async def test_work_that_fails_takes_back_its_own_changes_only(store: Store) -> None:
    heard: list[Outcome] = []
    store.listen(heard.append)
    visitor = await _visitor(store)

    def fails(write: Write) -> None:
        store_chats.say(write, visitor, "shop", Said("lost", "text"))
        raise Refused(400, "no")

    results = await asyncio.gather(
        _say(store, visitor, "a"), store.write(fails), _say(store, visitor, "b"),
        return_exceptions=True,
    )  # fmt: skip
    assert isinstance(results[1], Refused)
    _, lines, _ = await store.read(partial(chat_of, visitor=visitor, after=0))
    assert [each.id for each in lines] == ["a", "b"]
    assert any(visitor in each.visitors for each in heard)


async def test_a_caller_who_goes_away_cancels_no_work(store: Store) -> None:
    visitor = await _visitor(store)
    asking = asyncio.create_task(_say(store, visitor, "a"))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await store.write(lambda _write: None)
    _, lines, _ = await store.read(partial(chat_of, visitor=visitor, after=0))
    assert [each.id for each in lines] == ["a"]


async def test_a_write_that_cannot_be_kept_is_told_to_everybody_who_waits(store: Store) -> None:
    visitor = await _visitor(store)

    def poison(write: Write) -> None:
        write.connection.execute("ROLLBACK")
        raise sqlite3.OperationalError("disk is full")

    results = await asyncio.gather(
        _say(store, visitor, "a"), store.write(poison), _say(store, visitor, "b"),
        return_exceptions=True,
    )  # fmt: skip
    assert isinstance(results[1], sqlite3.Error)
    _, lines, _ = await store.read(partial(chat_of, visitor=visitor, after=0))
    kept = {each.id for each in lines}
    for name, result in zip("ab", (results[0], results[2]), strict=True):
        assert (name in kept) == isinstance(result, Accepted)
    await _say(store, visitor, "later")


async def test_numbers_go_on_above_those_of_a_lost_store(tmp_path: Path, clock: Clock) -> None:
    store = Store(tmp_path / "one", clock=clock)
    first = await _say(store, await _visitor(store), "a")
    store.close()
    clock.now += timedelta(hours=1)
    store = Store(tmp_path / "two", clock=clock)
    second = await _say(store, await _visitor(store), "a")
    store.close()
    assert first.seq < second.seq < 2**53


def test_a_store_serves_one_relay_and_is_for_nobody_else(tmp_path: Path) -> None:
    store = Store(tmp_path / "relay")
    with pytest.raises(StoreError, match=r"relay\.store-taken"):
        Store(tmp_path / "relay")
    assert (tmp_path / "relay").stat().st_mode & 0o077 == 0
    assert store.path.stat().st_mode & 0o077 == 0
    store.close()
    Store(tmp_path / "relay").close()


def test_a_store_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / "relay.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match=r"store\.newer"):
        Store(tmp_path)


def test_a_broken_store_says_so(tmp_path: Path) -> None:
    (tmp_path / "relay.db").write_bytes(b"no database" * 500)
    with pytest.raises(StoreError, match=r"relay\.store-unusable"):
        Store(tmp_path)


async def test_the_limits_survive_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save_buckets({"a": 100.0, "b": 200.0}, 50.0)
    store.save_buckets({"a": 120.0}, 110.0)
    store.close()
    store = Store(tmp_path)
    assert store.load_buckets() == {"a": 120.0, "b": 200.0}
    store.close()


async def test_a_conversation_goes_a_week_after_its_end_once_the_box_has_all(
    store: Store, clock: Clock
) -> None:
    visitor = await _visitor(store)
    path = store.uploads / "f1"
    path.write_bytes(b"x")
    upload = Upload("f1", "shop", visitor, WireFile("f1", "a", "text/plain", 1, DIGEST))
    await store.write(partial(store_files.add_upload, upload=upload))
    accepted = await _say(store, visitor, "a", "f1")
    ours = store_files.ours_path(store.ours, "shop", DIGEST)
    ours.write_bytes(b"y")
    await store.write(partial(store_files.add_ours, site="shop", sha256=DIGEST, size=1))
    file = WireFile(DIGEST, "b", "text/plain", 1, DIGEST)
    message = OurMessage(accepted.conversation, "<1>", Author.AGENT, "Ana", "x", clock.now, (file,))
    await store.write(partial(store_box.add_message_of_ours, site="shop", message=message))
    await store.write(partial(store_chats.end_by_visitor, visitor=visitor))

    clock.now += timedelta(days=8)
    assert await clean_up(store) == 0
    assert path.exists()
    await store.write(partial(store_box.acknowledge, site="shop", through=2**60))
    clock.now -= timedelta(days=2)
    assert await clean_up(store) == 0
    clock.now += timedelta(days=2)
    assert await clean_up(store) == 1
    assert not path.exists()
    assert not ours.exists()
    chat, lines, _ = await store.read(partial(chat_of, visitor=visitor, after=0))
    assert (chat, lines) == (None, ())
    clock.now += timedelta(days=40)
    await clean_up(store)
    left = await store.read(lambda connection: connection.execute(
        "SELECT (SELECT count(*) FROM visitor) + (SELECT count(*) FROM session)"
        " + (SELECT count(*) FROM upload) + (SELECT count(*) FROM given)"
        " + (SELECT count(*) FROM message)").fetchone())  # fmt: skip
    assert left == (0,)


async def test_running_conversations_and_fresh_files_stay(store: Store, clock: Clock) -> None:
    visitor = await _visitor(store)
    accepted = await _say(store, visitor, "a")
    await store.write(partial(store_box.acknowledge, site="shop", through=2**60))
    clock.now += timedelta(days=20)
    upload = Upload("fresh", "shop", visitor, WireFile("fresh", "a", "text/plain", 1, DIGEST))
    (store.uploads / "fresh").write_bytes(b"x")
    await store.write(partial(store_files.add_upload, upload=upload))
    (store.uploads / "cut.part").write_bytes(b"x")
    (store.ours / f"shop.{DIGEST}").write_bytes(b"without a row")
    await sweep(store)
    assert list(store.ours.iterdir()) == []
    await clean_up(store)
    assert [each.name for each in store.uploads.iterdir()] == ["fresh"]
    chat, _, _ = await store.read(partial(chat_of, visitor=visitor, after=0))
    assert chat is not None
    assert chat.id == accepted.conversation
    clock.now += timedelta(days=2)
    await clean_up(store)
    assert list(store.uploads.iterdir()) == []


async def test_a_read_that_fails_takes_no_other_along(store: Store) -> None:
    """A failing disk ends the transaction of whoever reads; the next one still gets an answer."""
    visitor = await _visitor(store)

    def fails(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")
        raise sqlite3.OperationalError("disk I/O error")

    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError):
            await store.read(fails)
    async with asyncio.timeout(PATIENCE):
        assert await store.read(partial(newest_chat, visitor=visitor)) is None


async def test_a_long_conversation_is_shown_from_its_end(store: Store) -> None:
    visitor = await _visitor(store)
    for number in range(MOST_SHOWN + 5):
        await _say(store, visitor, f"m{number}")
    _, lines, seq = await store.read(partial(chat_of, visitor=visitor, after=0))
    assert [each.id for each in lines] == [f"m{number}" for number in range(5, MOST_SHOWN + 5)]
    assert lines[-1].seq == seq
    for number in range(60):
        said = Said(f"long{number}", "x" * 4_000)
        await store.write(partial(store_chats.say, visitor=visitor, site="shop", said=said))
    _, lines, _ = await store.read(partial(chat_of, visitor=visitor, after=0))
    assert [each.id for each in lines] == [f"long{number}" for number in range(10, 60)]


async def test_a_visitor_begins_no_more_conversations_than_somebody_can_look_at(
    store: Store,
) -> None:
    visitor = await _visitor(store)
    few = partial(store_chats.say, visitor=visitor, site="shop", starts=Rate(3, 3_600))
    for number in range(3):
        await store.write(partial(few, said=Said(f"m{number}", "Hi")))
        await store.write(partial(few, said=Said(f"n{number}", "more")))
        await store.write(partial(store_chats.end_by_visitor, visitor=visitor))
    with pytest.raises(Refused) as refused:
        await store.write(partial(few, said=Said("m4", "Hi")))
    assert refused.value.status == 429
    assert 3_500 < int(refused.value.headers["Retry-After"]) <= 3_600
    assert (await store.write(partial(few, said=Said("m0", "Hi")))).conversation
