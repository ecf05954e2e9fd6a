"""The worker on a real Dovecot and a real SMTP server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.services.jobs import CHANNEL_TEST, Jobs
from helpdesk_tui.sync import worker
from helpdesk_tui.sync.lease import WorkerLock
from tests.support.dovecot import Dovecot
from tests.support.mailboxes import (
    NAME,
    desk_store,
    mail,
    one,
    queue_reply,
    rows,
    secret,
    snooze_until_past,
)
from tests.support.smtp import MailServer
from tests.support.waiting import AT_ONCE, PATIENCE, until

pytestmark = pytest.mark.dovecot


def once(store: Store, **options: Any) -> dict[str, Any]:
    return worker.run(store.paths.root, once=True, password=secret, **options)


@contextmanager
def working(store: Store) -> Iterator[None]:
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(worker.run, store.paths.root, stop=stop, password=secret)
        try:
            yield
        finally:
            stop.set()
            result.result(PATIENCE)


def test_one_round_fetches_sends_and_files(store: Store, dovecot: Dovecot, smtp: MailServer):
    dovecot.deliver([mail(1), mail(2), mail(3, references="m1@x.example", sender="ana1@x.example")])
    first = once(store)
    assert (first["seen"], first["tickets"], first["messages"], first["errors"]) == (3, 2, 1, [])
    ticket = one(store, "SELECT ticket_id FROM message WHERE external_id = 'm3@x.example'")
    message = queue_reply(store, ticket)
    second = once(store)
    assert (second["seen"], second["sent"]) == (0, 1)
    delivered = smtp.taken[0]
    assert delivered.recipients == ("ana1@x.example",)
    assert b"In-Reply-To: <m3@x.example>" in delivered.raw
    assert rows(store, "SELECT delivery, filed FROM message WHERE id = ?", message) == [("sent", 1)]
    copies = dovecot.folder("Gesendet")
    assert [copy.replace(b"\r\n", b"\n") for copy in copies] == [
        delivered.raw.replace(b"\r\n", b"\n")
    ]
    third = once(store)
    assert (third["seen"], third["sent"]) == (0, 0)
    assert one(store, "SELECT state FROM channel_account") == "ok"


def test_a_round_files_the_copies_of_all_it_sent(store: Store, dovecot: Dovecot, smtp: MailServer):
    dovecot.deliver([mail(1)])
    once(store)
    ticket = one(store, "SELECT id FROM ticket")
    for number in range(43):
        queue_reply(store, ticket, f"answer {number}")
    assert once(store)["sent"] == 43
    assert len(dovecot.folder("Gesendet")) == 43
    assert one(store, "SELECT count(*) FROM message WHERE filed = 0") == 0


def test_a_changed_validity_brings_nothing_twice(store: Store, dovecot: Dovecot):
    dovecot.deliver([mail(number) for number in range(5)])
    once(store)
    time.sleep(1.1)
    dovecot.change_validity()
    dovecot.deliver([mail(7)])
    again = once(store)
    assert (again["seen"], again["duplicates"], again["tickets"]) == (6, 5, 1)
    assert one(store, "SELECT count(*) FROM message") == 6


def test_a_removed_mail_takes_nothing_away(store: Store, dovecot: Dovecot):
    dovecot.deliver([mail(1), mail(2)])
    once(store)
    for file in (dovecot.maildir / "cur").iterdir():
        file.unlink()
    assert once(store)["errors"] == []
    assert one(store, "SELECT count(*) FROM ticket") == 2


def test_the_service_is_live_in_both_directions(store: Store, dovecot: Dovecot, smtp: MailServer):
    with working(store):
        until(lambda: one(store, "SELECT state FROM channel_account") == "ok")
        dovecot.deliver([mail(1)])
        until(lambda: one(store, "SELECT count(*) FROM ticket") == 1)
        queue_reply(store, one(store, "SELECT id FROM ticket"))
        until(lambda: len(smtp.taken) == 1)
        until(lambda: len(dovecot.folder("Gesendet")) == 1)
        snooze_until_past(store, 1)
        ticket = one(store, "SELECT id FROM ticket")
        snooze_until_past(store, ticket)
        until(lambda: one(store, "SELECT status FROM ticket WHERE id = ?", ticket) == "open")
        assert one(store, "SELECT count(*) FROM lease WHERE name = 'sync'") == 1


def test_stopping_waits_for_no_interval(store: Store):
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(worker.run, store.paths.root, stop=stop, password=secret)
        until(lambda: one(store, "SELECT state FROM channel_account") == "ok")
        time.sleep(0.3)
        started = time.monotonic()
        stop.set()
        result.result(PATIENCE)
        assert time.monotonic() - started < AT_ONCE


def test_a_round_while_a_worker_works_is_done_by_that_worker(store: Store, dovecot: Dovecot):
    with working(store):
        until(lambda: one(store, "SELECT state FROM channel_account") == "ok")
        dovecot.deliver([mail(1)])
        result = once(store)
    assert result["errors"] == []
    assert one(store, "SELECT count(*) FROM ticket") == 1
    assert one(store, "SELECT state FROM job") == "done"


def test_a_round_is_done_although_the_worker_that_was_asked_for_it_ends(
    store: Store, dovecot: Dovecot
):
    lock = WorkerLock(store.paths.sync_lock)
    assert lock.take()
    dovecot.deliver([mail(1)])
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(once, store)
        until(lambda: one(store, "SELECT count(*) FROM job") == 1)
        lock.free()
        assert result.result(PATIENCE)["tickets"] == 1


def test_a_waiting_worker_takes_over(store: Store, dovecot: Dovecot):
    lock = WorkerLock(store.paths.sync_lock)
    assert lock.take()
    dovecot.deliver([mail(1)])
    with working(store):
        time.sleep(0.3)
        assert one(store, "SELECT count(*) FROM ticket") == 0
        lock.free()
        until(lambda: one(store, "SELECT count(*) FROM ticket") == 1)


def test_an_account_added_meanwhile_is_picked_up(tmp_path: Path, dovecot: Dovecot):
    store = desk_store(tmp_path, dovecot.settings())
    with store.write() as connection:
        connection.execute("UPDATE channel_account SET enabled = 0")
    dovecot.deliver([mail(1)])
    with working(store):
        time.sleep(0.5)
        assert one(store, "SELECT count(*) FROM ticket") == 0
        with store.write() as connection:
            connection.execute("UPDATE channel_account SET enabled = 1")
        until(lambda: one(store, "SELECT count(*) FROM ticket") == 1)
    store.close()


def test_a_test_of_a_channel_names_every_step(store: Store):
    with working(store):
        job = Jobs(store, SYSTEM).ask(CHANNEL_TEST, {"channel": NAME})
        until(lambda: Jobs(store, SYSTEM).load(job).state == "done")
        checks = Jobs(store, SYSTEM).load(job).result["checks"]
    assert [(check["name"], check["ok"]) for check in checks] == [
        (name, True)
        for name in ("settings", "imap-connect", "imap-login", "imap-folder", "imap-idle",
                     "smtp-connect", "smtp-login")
    ]  # fmt: skip


def test_an_unknown_job_or_channel_fails_with_a_reason(store: Store):
    with working(store):
        jobs = Jobs(store, SYSTEM)
        wrong = jobs.ask("make.coffee")
        missing = jobs.ask(CHANNEL_TEST, {"channel": "nowhere"})
        until(lambda: jobs.load(missing).state == "failed")
        assert jobs.load(wrong).result["code"] == "job.unknown"
        assert jobs.load(missing).result["code"] == "channel.unknown"


def test_a_channel_that_is_not_there_is_named(store: Store):
    with pytest.raises(NotFound):
        once(store, channel="nowhere")


def test_a_wrong_password_is_tried_three_times_and_told(store: Store, dovecot: Dovecot):
    def wrong(account: object, purpose: str) -> str:
        return "wrong"

    result = worker.run(store.paths.root, once=True, password=wrong)
    assert result["errors"][0]["code"] == "imap.login-refused"
    state, code = rows(store, "SELECT state, error_code FROM channel_account")[0]
    assert (state, code) == ("retrying", "imap.login-refused")
