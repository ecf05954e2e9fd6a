"""The fetching thread under faults: what arrived is stored once, trouble is told and passes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db import ingest
from helpdesk_tui.db.admin import set_account_enabled
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.sync import mailbox
from helpdesk_tui.sync.accounts import RunningAccounts
from helpdesk_tui.sync.mailbox import FetchLoop, IdleLoop
from helpdesk_tui.sync.once import sync_once
from tests.support.fake_imap import FakeImap, Session, answer, running_fake, uids_of
from tests.support.mailboxes import desk_store, mail, one, rows
from tests.support.waiting import PATIENCE, until

SECRET = "secret"


def password(account: object, purpose: str) -> str:
    return SECRET


@contextmanager
def fetching(tmp_path: Path, server: FakeImap, **options: Any) -> Iterator[tuple[Store, FetchLoop]]:
    store = desk_store(tmp_path, server.settings())

    account = Accounts(store, SYSTEM).enabled()[0]
    loop = FetchLoop(account, store, options.get("password", password))
    try:
        yield store, loop
    finally:
        loop.stop()
        loop.finish()
        store.close()


def test_a_connection_cut_in_a_mail_loses_and_doubles_nothing(tmp_path: Path):
    cuts = iter([5, 3, 8])

    def cut(session: Session, tag: bytes, rest: bytes) -> bool:
        at = next(cuts, None)
        if at is None:
            return False
        for number, uid in enumerate(uids_of(rest), 1):
            line = answer(number, uid, session.server.mails[uid], rest)
            if number == at:
                session.say(line[:-60])
                session.drop()
                return True
            session.say(line)
        return False

    mails = {uid: mail(uid) for uid in range(1, 41)}
    with (
        running_fake(FakeImap(mails=mails, script={b"FETCH": cut})) as server,
        fetching(tmp_path, server) as (store, loop),
    ):
        failures = 0
        while loop.step() < 60:
            failures += 1
            assert failures < 10
            assert one(store, "SELECT state FROM channel_account") == "retrying"
        assert failures >= 2
        assert one(store, "SELECT count(*) FROM message") == 40
        assert one(store, "SELECT state || error_code FROM channel_account") == "ok"


def test_three_refused_logins_end_the_tries_and_a_request_starts_one_more(tmp_path: Path):
    with (
        running_fake(FakeImap(password="other")) as server,
        fetching(tmp_path, server) as (store, loop),
    ):
        for _ in range(6):
            loop.step()
        assert server.logins == 3
        assert rows(store, "SELECT state, error_code FROM channel_account") == [
            ("stopped", "imap.login-refused")
        ]
        kinds = [row[0] for row in rows(store, "SELECT kind FROM activity")]
        assert kinds == ["channel.state", "channel.state"]
        asked = loop.ask_round()
        loop.step()
        assert server.logins == 4
        assert asked.done.is_set()
        assert asked.error is not None
        loop.step()
        assert server.logins == 4
        server.password = SECRET
        asked = loop.ask_round()
        loop.step()
        assert asked.error is None
        assert one(store, "SELECT state FROM channel_account") == "ok"


def test_an_account_that_was_stopped_gets_one_login_at_the_next_start(tmp_path: Path):
    with running_fake(FakeImap(password="other")) as server:
        with fetching(tmp_path, server) as (_, loop):
            for _ in range(3):
                loop.step()
        assert server.logins == 3
    store = Store(tmp_path / "store")

    again = FetchLoop(Accounts(store, SYSTEM).enabled()[0], store, password)
    with running_fake(server):
        with store.write() as connection:
            connection.execute(
                "UPDATE channel_account SET settings = json_set(settings, '$.imap_port', ?)",
                (server.port,),
            )
        again.account = Accounts(store, SYSTEM).enabled()[0]
        for _ in range(3):
            again.step()
        assert server.logins == 4
    again.finish()
    store.close()


def test_a_full_disk_pauses_and_then_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    full = threading.Event()
    full.set()
    ingest_one = Inbound.ingest

    def fail(self: Inbound, *args: Any, **options: Any) -> Any:
        if full.is_set():
            raise StoreError("store.full", path="here")
        return ingest_one(self, *args, **options)

    monkeypatch.setattr(Inbound, "ingest", fail)
    with (
        running_fake(FakeImap(mails={1: mail(1), 2: mail(2)})) as server,
        fetching(tmp_path, server) as (store, loop),
    ):
        assert loop.step() <= 30
        assert one(store, "SELECT count(*) FROM cursor") == 0
        full.clear()
        loop.step()
        assert one(store, "SELECT count(*) FROM message") == 2
        assert one(store, "SELECT position FROM cursor") == 2


def test_an_error_of_ours_is_told_and_retried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def crash(*args: Any, **options: Any) -> Any:
        raise ZeroDivisionError

    with (
        running_fake(FakeImap(mails={1: mail(1)})) as server,
        fetching(tmp_path, server) as (store, loop),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(ingest, "move_cursor", crash)
            patch.setattr("helpdesk_tui.services.inbound.move_cursor", crash)
            loop.step()
            assert one(store, "SELECT error_code FROM channel_account") == "channel.internal"
        loop.step()
        assert one(store, "SELECT count(*) FROM message") == 1


def test_a_kept_connection_that_the_server_closed_is_no_trouble(tmp_path: Path):
    with (
        running_fake(FakeImap(mails={1: mail(1)})) as server,
        fetching(tmp_path, server) as (store, loop),
    ):
        loop.step()

        def leave(session: Session, tag: bytes, rest: bytes) -> bool:
            server.script.clear()
            session.say(b"* BYE idle for too long\r\n")
            session.drop()
            return True

        server.script[b"EXAMINE"] = leave
        server.mails[2] = mail(2)
        loop.step()
        assert one(store, "SELECT count(*) FROM message") == 2
        assert one(store, "SELECT state FROM channel_account") == "ok"
        assert server.connections == 2


def test_a_look_at_an_unchanged_folder_is_one_command(tmp_path: Path):
    with (
        running_fake(FakeImap(mails={1: mail(1)})) as server,
        fetching(tmp_path, server) as (_, loop),
    ):
        loop.step()
        server.commands.clear()
        loop.step()
        assert server.commands == [b'EXAMINE "INBOX"']


def test_mails_too_large_are_stored_by_their_header(tmp_path: Path):
    large = mail(1, "x" * 300_000)
    with running_fake(FakeImap(mails={1: large})) as server:
        store = desk_store(tmp_path, server.settings(max_size=200_000))
        from helpdesk_tui.domain.actor import SYSTEM

        loop = FetchLoop(Accounts(store, SYSTEM).enabled()[0], store, password)
        loop.step()
        subject, flags = rows(store, "SELECT subject, flags FROM message")[0]
        assert subject == "Order 1"
        assert "cut" in flags.split()
        loop.finish()
        store.close()


def test_a_dead_idle_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    waits = threading.Semaphore(0)

    def die(session: Session, tag: bytes, rest: bytes) -> bool:
        waits.release()
        session.say(b"+ idling\r\n")
        session.drop()
        return True

    monkeypatch.setattr(mailbox, "POLL_WITH_IDLE", 300.0)
    with (
        running_fake(FakeImap(mails={1: mail(1)}, script={b"IDLE": die})) as server,
        fetching(tmp_path, server) as (store, loop),
    ):
        idle = IdleLoop(loop, password)
        loop.start()
        idle.start()
        for _ in range(2):
            assert waits.acquire(timeout=PATIENCE)
        server.mails[2] = mail(2)
        assert waits.acquire(timeout=PATIENCE)
        until(lambda: one(store, "SELECT count(*) FROM message") == 2)
        idle.stop()
        assert idle.join(PATIENCE)
        loop.stop()
        assert loop.join(PATIENCE)


def test_without_idle_the_folder_is_polled_more_often(tmp_path: Path):
    with (
        running_fake(FakeImap(capabilities=b"IMAP4rev1")) as server,
        fetching(tmp_path, server) as (_, loop),
    ):
        idle = IdleLoop(loop, password)
        loop.step()
        idle.step()
        assert loop.step() == mailbox.POLL_WITHOUT_IDLE
        idle.finish()


def test_an_account_that_was_given_up_begins_anew_when_it_is_switched_on(tmp_path: Path):
    with (
        running_fake(FakeImap(password="other")) as server,
        fetching(tmp_path, server) as (store, _),
    ):
        with store.write() as connection:
            connection.execute("UPDATE channel_account SET state = 'stopped'")
        running = RunningAccounts(store, password)
        running.refresh()
        (fetcher,) = running.fetchers()
        until(lambda: fetcher.has_given_up)
        server.password = SECRET
        running.refresh()
        assert running.fetchers() == [fetcher]
        with store.write() as connection:
            set_account_enabled(connection, 1, enabled=True)
        running.refresh()
        until(lambda: one(store, "SELECT state FROM channel_account") == "ok")
        for loop in running.stop():
            loop.join(PATIENCE)


def test_a_fault_at_one_mailbox_of_a_round_is_told_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(self: FetchLoop) -> None:
        raise RuntimeError("a fault of the program")

    with (
        running_fake(FakeImap(mails={1: mail(1)})) as server,
        fetching(tmp_path, server) as (
            store,
            _,
        ),
    ):
        monkeypatch.setattr(FetchLoop, "fetch", fail)
        monkeypatch.setattr(FetchLoop, "failed", lambda *_: 0.0)
        summary = sync_once(store, "", threading.Event(), password)
        assert [error["code"] for error in summary["errors"]] == ["channel.internal"]
