"""Received mail in a real store: tickets, threads, intake, cursor, and what will not store."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db import ingest
from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.inbound import Place, VerdictKind, decide
from helpdesk_tui.domain.mail import Bounce, MailClass, ParsedMail
from helpdesk_tui.domain.received import Source, Summary
from helpdesk_tui.services import inbound
from helpdesk_tui.services.inbound import Inbound
from tests.support.mailboxes import rows
from tests.support.mails import make_file, make_mail, receive, receive_raw
from tests.support.material import tool
from tests.support.receiving import OURS, STRANGER, only, receiving_store, take
from tests.support.store import FakeClock, add_message, add_ticket


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return receiving_store(tmp_path)


def test_a_mail_becomes_a_ticket_with_all_that_belongs_to_it(store: Store) -> None:
    mail = make_mail(
        message_id="a@example.net", name="Lena Doe", cc="max@example.net",
        references="lost@example.net", attachments=(make_file(),), reply_to=STRANGER,
    )  # fmt: skip
    assert take(store, mail) == Summary(seen=1, tickets=1)
    ticket = only(
        store,
        "SELECT channel, subject, status, unread, customer_name, customer_address, recipient,"
        " preview, flags, message_count, has_media, waiting_since = last_message_at FROM ticket",
    )
    assert ticket == (
        "email", "Where is my parcel?", "open", 1, "Lena Doe", "lena@example.net", OURS,
        "Hello, where is my parcel?", "reply-to-differs", 1, 1, 1,
    )  # fmt: skip
    message = only(
        store,
        "SELECT id, ticket_id, original_ticket_id, direction, author_kind, sender, recipients,"
        " copies, reply_to, external_id, thread_ids, delivery FROM message",
    )
    assert message == (
        2**32 + 1, 1, 1, "inbound", "customer", "lena@example.net", f'["{OURS}"]',
        '["max@example.net"]', STRANGER, "a@example.net", '["lost@example.net"]', "received",
    )  # fmt: skip
    assert only(store, "SELECT filename, size FROM attachment") == ("label.pdf", 8)
    assert rows(store, "SELECT address, role FROM participant ORDER BY 1") == [
        ("lena@example.net", "customer"), ("max@example.net", "cc")]  # fmt: skip
    assert only(store, "SELECT kind, value FROM identity") == ("email", "lena@example.net")
    assert rows(store, "SELECT kind, actor_kind FROM activity ORDER BY id") == [
        ("message.received", "customer"), ("ticket.created", "customer")]  # fmt: skip
    with store.read() as connection:
        for (name,) in connection.execute("SELECT sha256 FROM blob").fetchall():
            assert get_blob(connection, store.paths, name)


def test_the_search_index_holds_what_the_view_shows(store: Store) -> None:
    take(store, make_mail(name="Łukasz", subject="Größe", text="Zażółć 退款",
                          attachments=(make_file("b.pdf"), make_file("a.pdf", b"x"))))  # fmt: skip
    with store.write() as connection:
        connection.execute(
            "INSERT INTO message_fts(message_fts, rank) VALUES('integrity-check', 1)"
        )
    found = rows(store, "SELECT rowid FROM message_fts WHERE message_fts MATCH 'lukasz grosse'")
    assert found == rows(store, "SELECT id FROM message")


def test_the_same_mail_is_stored_once(store: Store) -> None:
    mails = [
        make_mail(message_id="a@x"), make_mail(text="no id"),
        make_mail(mail_class=MailClass.OOO, message_id="away@x"),
    ]  # fmt: skip
    assert take(store, *mails, *mails) == Summary(seen=6, tickets=2, automatic=1, duplicates=3)
    assert take(store, *mails) == Summary(seen=3, duplicates=3)
    assert take(store, make_mail(message_id="a@x", text="other")) == Summary(seen=1, tickets=1)
    assert only(store, "SELECT flags FROM message WHERE text = 'other'") == ("same-id",)


def test_what_was_put_aside_takes_no_place_of_the_same_mail_without_the_reason(
    store: Store,
) -> None:
    (instance,) = only(store, "SELECT instance FROM schema_info")
    mail = make_mail(message_id="a@x")
    assert take(store, replace(mail, instance=instance)).rejected == 1
    assert take(store, replace(mail, instance=instance)).duplicates == 1
    assert take(store, mail).tickets == 1
    assert take(store, mail, replace(mail, instance=instance)).duplicates == 2
    assert only(store, "SELECT count(*) FROM intake") == (1,)


def test_what_makes_no_ticket_stands_in_the_intake_list(store: Store) -> None:
    instance = str(only(store, "SELECT instance FROM schema_info")[0])
    summary = take(
        store,
        make_mail(instance=instance),
        make_mail(mail_class=MailClass.BOUNCE, text="1"),
        make_mail(mail_class=MailClass.OOO, text="2"),
        make_mail("", subject="", text="", to=[]),
    )
    assert summary == Summary(seen=4, rejected=2, bounces=1, automatic=1)
    found = rows(store, "SELECT reason, detail, raw_sha256 FROM intake ORDER BY id")
    assert [row[0] for row in found] == ["own-mail", "bounce", "out-of-office", "empty"]
    assert all(json.loads(row[1]) for row in found)
    assert {row[2] for row in found} == {row[0] for row in rows(store, "SELECT sha256 FROM blob")}


@pytest.mark.parametrize(("hard", "delivery"), [(True, "failed"), (False, "sent")])
def test_a_bounce_marks_the_message_that_did_not_arrive(
    store: Store, hard: bool, delivery: str
) -> None:
    ticket = add_ticket(store, status="closed", unread=0)
    sent = add_message(store, ticket, direction="outbound", external_id="ours@shop.example")
    bounce = Bounce("5.1.1" if hard else "4.2.2", hard, "lena@example.net", "ours@shop.example",
                    "no such user")  # fmt: skip
    report = make_mail("mailer-daemon@mx", mail_class=MailClass.BOUNCE, bounce=bounce)
    assert take(store, report) == Summary(seen=1, bounces=1)
    found = only(store, "SELECT delivery, error_code, error_text FROM message WHERE id = ?", sent)
    assert found == (delivery, f"bounce.{bounce.status}", "lena@example.net: no such user")
    assert only(store, "SELECT status, unread, flags FROM ticket") == (
        ("open", 1, "address-fails") if hard else ("closed", 0, ""))  # fmt: skip
    assert bool(rows(store, "SELECT 1 FROM activity WHERE kind = 'message.failed'")) is hard
    query = "SELECT author_kind, automatic FROM message WHERE direction = 'inbound'"
    assert only(store, query) == (
        "system", 1)  # fmt: skip
    assert not rows(store, "SELECT 1 FROM identity WHERE value LIKE 'mailer-daemon%'")


def test_automatic_mail_moves_no_clock(store: Store) -> None:
    take(store, make_mail(message_id="a@x"))
    with store.write() as connection:
        connection.execute("UPDATE ticket SET status = 'closed', unread = 0, waiting_since = NULL")
    before = only(store, "SELECT last_message_at FROM ticket")
    away = make_mail(references="a@x", mail_class=MailClass.OOO, text="away")
    assert take(store, away) == Summary(seen=1, automatic=1)
    assert only(store, "SELECT last_message_at FROM ticket") == before
    assert only(store, "SELECT status, unread, waiting_since, message_count FROM ticket") == (
        "closed", 0, None, 2)  # fmt: skip
    assert only(store, "SELECT automatic FROM message WHERE text = 'away'") == (1,)
    take(store, make_mail("news@example.org", mail_class=MailClass.BULK))
    assert only(store, "SELECT automatic, unread, waiting_since FROM ticket WHERE id = 2") == (
        1, 1, None)  # fmt: skip


def test_a_known_customer_keeps_one_profile_and_gets_a_name_later(store: Store) -> None:
    take(store, make_mail(name=""), make_mail(text="2", name="Lena Doe"))
    assert only(store, "SELECT name, email FROM profile") == ("Lena Doe", "lena@example.net")
    assert rows(store, "SELECT customer_name FROM ticket ORDER BY id") == [
        ("lena@example.net",), ("Lena Doe",)]  # fmt: skip


def test_senders_without_an_address_are_not_one_person(store: Store) -> None:
    take(store, make_mail("", name="", text="1"), make_mail("", name="", text="2"))
    assert len(rows(store, "SELECT 1 FROM profile")) == 2
    assert not rows(store, "SELECT 1 FROM participant WHERE address = ''")


def test_the_cursor_moves_with_the_mails_and_never_back(store: Store) -> None:
    def at() -> tuple[Any, ...]:
        return only(store, "SELECT folder, validity, position FROM cursor")

    take(store, *(receive(make_mail(text=str(n)), uid=n) for n in range(1, 121)))
    assert at() == ("INBOX", 7, 120)
    take(store, receive(make_mail(text="5"), uid=5))
    assert at() == ("INBOX", 7, 120)
    take(store, source=Source(account_id=1, folder="INBOX", validity=7, position=150))
    assert at() == ("INBOX", 7, 150)
    take(store, receive(make_mail(text="3"), uid=3),
         source=Source(account_id=1, folder="INBOX", validity=8))  # fmt: skip
    assert at() == ("INBOX", 8, 3)


def test_a_mail_that_cannot_be_stored_becomes_a_ticket_that_says_so(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="helpdesk_tui")
    text = "my card is 4929 \ud800"
    poison = receive(make_mail(message_id="p@x", subject="bad \ud800", text=text), uid=2)
    batch = [receive(make_mail(text="1"), uid=1), poison, receive(make_mail(text="3"), uid=3)]
    assert take(store, *batch) == Summary(seen=3, tickets=2, failed=1)
    assert rows(store, "SELECT subject, flags, customer_address FROM ticket ORDER BY id")[1] == (
        "bad ?", "unreadable", "lena@example.net")  # fmt: skip
    assert only(store, "SELECT position FROM cursor") == (3,)
    assert take(store, *batch) == Summary(seen=3, duplicates=3)
    with store.read() as connection:
        assert get_blob(connection, store.paths, poison.raw_sha256)
    assert poison.raw_sha256 in caplog.text
    assert "4929" not in caplog.text


def test_what_defeats_the_rules_themselves_is_kept_bare(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(mail: ParsedMail, desk: Any, lookup: Any, *, at: int | None) -> Any:
        if "boom" in mail.subject:
            raise IndexError(mail.subject)
        return decide(mail, desk, lookup, at=at)

    monkeypatch.setattr(inbound, "decide", broken)
    poison = receive(make_mail(subject="boom"), uid=1)
    assert take(store, poison) == Summary(seen=1, failed=1)
    assert only(store, "SELECT subject, flags FROM ticket") == ("", "unreadable")
    assert only(store, "SELECT raw_sha256 FROM message") == (poison.raw_sha256,)
    assert only(store, "SELECT position FROM cursor") == (1,)


def test_a_full_disk_loses_nothing_and_moves_no_cursor(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ingest, "put_blobs", full)
        with pytest.raises(StoreError):
            take(store, receive(make_mail(), uid=1))
    assert not rows(store, "SELECT 1 FROM message UNION SELECT 1 FROM cursor")
    assert take(store, receive(make_mail(), uid=1)).tickets == 1


def test_history_stands_below_live_mail_in_the_order_of_its_dates(store: Store) -> None:
    take(store, make_mail(text="live"))
    past = Source(history=True, expected=120)
    importer = Inbound(store, SYSTEM, now=FakeClock())
    start = datetime(2020, 1, 1, tzinfo=UTC)
    old = [
        receive(make_mail(text=f"old {n}", message_id=f"{n}@x"), at=start + timedelta(days=n))
        for n in range(130)
    ]
    assert importer.ingest(old[:100], source=past).tickets == 100
    assert importer.ingest(old, source=past) == Summary(seen=130, tickets=30, duplicates=100)
    ids = [row[0] for row in rows(store, "SELECT id FROM message ORDER BY received_at")]
    assert ids[-1] == max(ids) == 2**32 + 1
    assert ids[:100] == sorted(ids[:100])
    take(store, make_mail(text="later"))
    assert only(store, "SELECT id FROM message WHERE text = 'later'") == (2**32 + 2,)
    created = "SELECT at FROM activity WHERE kind = 'ticket.created' AND ticket_id = 2"
    assert only(store, created) == (int(start.timestamp()) * 1_000_000,)


def test_the_mailbox_of_imported_mail_is_ours(store: Store) -> None:
    past = Source(history=True, address="old@shop.example", expected=2)
    answer = make_mail("old@shop.example", to="lena@example.net", references="made-up@relay")
    assert take(store, make_mail(to="old@shop.example"), answer, source=past) == Summary(
        seen=2, tickets=1, messages=1
    )
    assert only(store, "SELECT recipient FROM ticket") == ("old@shop.example",)


def test_explaining_stores_nothing(store: Store) -> None:
    take(store, make_mail(message_id="a@x"))
    verdict = Inbound(store, SYSTEM).explain(make_mail(references="a@x", text="more"))
    assert (verdict.kind, verdict.place, verdict.ticket_id) == (
        VerdictKind.JOINS, Place.APPEND, 1)  # fmt: skip
    assert len(rows(store, "SELECT 1 FROM message")) == 1


@pytest.mark.material
@pytest.mark.parametrize("odd", [0.02, 0.3])
def test_generated_threads_become_exactly_one_ticket_each(store: Store, odd: float) -> None:
    mails = list(tool("gen_mail").mails(400, 3, odd=odd))
    received = [
        receive_raw(mail.raw, uid=mail.index + 1, at=datetime.fromtimestamp(mail.date, UTC))
        for mail in mails
    ]
    summary = take(store, *received)
    assert (summary.seen, summary.failed, summary.rejected) == (400, 0, 0)
    ticket = dict(rows(store, "SELECT raw_sha256, ticket_id FROM message"))
    threads = defaultdict(set)
    for mail, part in zip(mails, received, strict=True):
        threads[mail.thread].add(ticket[part.raw_sha256])
    assert all(len(found) == 1 for found in threads.values())
    assert len(threads) == len(rows(store, "SELECT 1 FROM ticket"))
