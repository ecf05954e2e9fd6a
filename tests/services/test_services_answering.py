"""Automatic answers, offers and the like in a real store: what is written, what stays."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.mail import (
    AuthResult,
    Bounce,
    Evidence,
    FailedRecipient,
    MailClass,
    ParsedMail,
)
from helpdesk_tui.domain.message_ids import make_reply_address, verify_id
from helpdesk_tui.domain.received import Source
from helpdesk_tui.services.auto_answers import answers_held
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.outbox import Outbox
from helpdesk_tui.services.threads import Threads
from tests.support.mails import make_mail, receive
from tests.support.receiving import BOX, OURS, receiving_store
from tests.support.store import START, FakeClock, add_message

LENA = "lena@example.net"
TEXT = "Thank you, we have got it."


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = receiving_store(tmp_path, sender_name="Shop Support")
    set_desk(store, "auto-reply.text", TEXT)
    return store


def set_desk(store: Store, name: str, value: object) -> None:
    with store.write() as connection:
        save_setting(connection, name, DESK, json.dumps(value))


def take(store: Store, clock: FakeClock, *mails: ParsedMail, **source: Any) -> None:
    """Ingest mails that arrive now."""
    batch = [receive(mail, at=clock()) for mail in mails]
    wanted = Source(**{"account_id": 1, "folder": "INBOX", "validity": 7, **source})
    Inbound(store, SYSTEM, now=clock).ingest(batch, source=wanted)


def rows(store: Store, query: str, *values: object) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return connection.execute(query, values).fetchall()


def answered(store: Store) -> list[str]:
    """Return who was answered automatically, in order."""
    found = rows(store, "SELECT recipients FROM message WHERE author_kind = 'auto' ORDER BY id")
    return [json.loads(text)[0] for (text,) in found]


def letters(count: int) -> list[ParsedMail]:
    """Return mails of as many people."""
    return [make_mail(f"c{number}@x.example", message_id=f"{number}@x") for number in range(count)]


def test_answers_may_be_for_closed_hours_only(store: Store, clock: FakeClock) -> None:
    set_desk(store, "auto-reply.outside-hours-only", "on")
    set_desk(store, "office-hours", "daily 9:00-17:00")
    set_desk(store, "office-zone", "UTC")
    take(store, clock, make_mail(LENA, message_id="q@x"))
    assert answered(store) == []
    verdict = Inbound(store, SYSTEM, now=clock).explain(make_mail("jo@x.example", message_id="z@x"))
    assert verdict.evidence[-1].detail == "none: within-office-hours"
    clock.advance(hours=8)
    take(store, clock, make_mail("ana@x.example", message_id="r@x"))
    assert answered(store) == ["ana@x.example"]


def test_an_answer_stands_in_the_outbox_with_its_ticket(store: Store, clock: FakeClock) -> None:
    take(store, clock, make_mail(LENA, message_id="q@x", references="a@x", text="secret words"))
    message = rows(
        store,
        "SELECT ticket_id, direction, automatic, sender, recipients, text, thread_ids, delivery,"
        " answers_id, agent_id, channel_account_id, external_id, id FROM message"
        " WHERE author_kind = 'auto'",
    )
    assert len(message) == 1
    assert message[0][:-2] == (
        1, "outbound", 1, OURS, f'["{LENA}"]', TEXT, '["a@x", "q@x"]', "queued", None, None, 1,
    )  # fmt: skip
    secret = rows(store, "SELECT secret FROM schema_info")[0][0]
    assert verify_id(secret, message[0][-2]) == (1, message[0][-1])
    ticket = (
        "SELECT status, unread, assignee_id, preview, message_count, last_message_at FROM ticket"
    )
    status, unread, assignee, preview, count, last = rows(store, ticket)[0]
    assert (status, unread, assignee, preview, count) == ("open", 1, None, "secret words", 2)
    assert rows(store, "SELECT waiting_since FROM ticket") == [(last,)]
    assert rows(store, "SELECT ticket_id, address, channel_account_id FROM auto_answer") == [
        (1, LENA, 1)]  # fmt: skip
    assert rows(store, "SELECT kind, actor_kind FROM activity WHERE kind = 'message.queued'") == [
        ("message.queued", "system")]  # fmt: skip


def test_one_mailbox_is_answered_once_however_its_address_is_written(
    store: Store, clock: FakeClock
) -> None:
    ways = ("ana+1@gmail.com", "a.na@gmail.com", "ana@googlemail.com", '"ana"@gmail.com')
    take(store, clock, *(make_mail(each, message_id=f"{each}") for each in ways[:2]))
    for each in ways[2:]:
        take(store, clock, make_mail(each, message_id=each))
    take(store, clock, make_mail("jo+a@x.example", message_id="1@x"))
    take(store, clock, make_mail("jo+b@x.example", message_id="2@x"))
    take(store, clock, make_mail("j.o@x.example", message_id="3@x"))
    assert answered(store) == [ways[0], "jo+a@x.example", "j.o@x.example"]


def test_what_leaves_repeats_nothing_and_says_that_a_machine_wrote_it(
    store: Store, clock: FakeClock
) -> None:
    take(store, clock, make_mail(LENA, subject="Buy pills", text="http://pills.example"))
    outbox = Outbox(store, now=clock)
    (claim,) = outbox.claim_due("worker")
    mail = outbox.outgoing(claim.message_id)
    assert mail.automatic
    assert mail.subject == "We have received your message [#1]"
    assert "pills" not in mail.text + mail.subject + mail.html
    assert mail.reply_to is None
    set_desk(store, "reply-plus-address", "on")
    secret = rows(store, "SELECT secret FROM schema_info")[0][0]
    told = outbox.outgoing(claim.message_id).reply_to
    assert told is not None
    assert told.addr == make_reply_address(secret, 1, OURS)


@pytest.mark.parametrize("failed", [True, False])
def test_an_answer_that_does_not_arrive_changes_nothing_of_its_ticket(
    store: Store, clock: FakeClock, failed: bool
) -> None:
    take(store, clock, make_mail(LENA))
    with store.write() as connection:
        connection.execute("UPDATE ticket SET status = 'closed', unread = 0, waiting_since = NULL")
    outbox = Outbox(store, now=clock)
    (claim,) = outbox.claim_due("worker")
    if failed:
        outbox.failed(claim.message_id, "worker", "smtp.refused", "no such user")
    else:
        outbox.unknown(claim.message_id, "worker")
    assert rows(store, "SELECT status, unread, waiting_since FROM ticket") == [("closed", 0, None)]


def test_one_person_is_answered_once_a_day(store: Store, clock: FakeClock) -> None:
    take(store, clock, *(make_mail(LENA, message_id=f"{n}@x", subject=f"S{n}") for n in range(6)))
    clock.advance(hours=23)
    take(store, clock, make_mail(LENA, message_id="late@x", subject="late"))
    assert answered(store) == [LENA]
    clock.advance(hours=2)
    take(store, clock, make_mail(LENA, message_id="next@x", subject="next"))
    assert answered(store) == [LENA, LENA]


def test_an_inbox_gives_so_many_an_hour_and_then_everybody_sees_it(
    store: Store, clock: FakeClock
) -> None:
    set_desk(store, "auto-reply.per-hour", "3")
    take(store, clock, *letters(2))
    assert answers_held(store, now=clock) == ""
    clock.advance(minutes=30)
    take(store, clock, *letters(5)[2:])
    assert len(answered(store)) == 3
    held = rows(store, "SELECT ticket_id FROM activity WHERE kind = 'auto-answer.held'")
    assert held == [(4,), (5,)]
    assert answers_held(store, now=clock) == "shop"
    clock.advance(minutes=45)
    take(store, clock, *letters(7)[5:])
    assert len(answered(store)) == 5
    clock.advance(minutes=30)
    assert answers_held(store, now=clock) == ""


def test_old_mail_and_imports_are_never_answered(store: Store, clock: FakeClock) -> None:
    old = receive(make_mail(LENA), at=START - timedelta(days=2))
    Inbound(store, SYSTEM, now=clock).ingest([old], source=BOX)
    take(store, clock, make_mail("max@example.net", message_id="h@x"), history=True, expected=1)
    take(store, clock, make_mail("kim@example.net", message_id="i@x"), account_id=None)
    assert answered(store) == []


def test_only_proven_senders_and_customers_are_answered_if_the_desk_wants_it_so(
    store: Store, clock: FakeClock
) -> None:
    set_desk(store, "auto-reply.proven-only", "on")
    set_desk(store, "trusted-authserv-ids", ["mx.shop.example"])
    proven = (AuthResult("mx.shop.example", (("dmarc", "pass"),)),)
    take(store, clock, make_mail(LENA, message_id="1@x"),
         make_mail("max@example.net", message_id="2@x", auth_results=proven))  # fmt: skip
    assert answered(store) == ["max@example.net"]
    take(store, clock, make_mail(LENA, message_id="3@x", subject="again"))
    assert answered(store) == ["max@example.net", LENA]


def test_joining_mail_is_not_answered_and_explaining_answers_nobody(
    store: Store, clock: FakeClock
) -> None:
    take(store, clock, make_mail(LENA, message_id="a@x"), make_mail(LENA, references="a@x"))
    assert answered(store) == [LENA]
    inbound = Inbound(store, SYSTEM, now=clock)
    again = inbound.explain(make_mail(LENA, message_id="b@x", subject="x"))
    assert Evidence("auto-reply", "none: sender-answered-today") in again.evidence
    other = inbound.explain(make_mail("max@example.net", message_id="c@x"))
    assert Evidence("auto-reply", "would be sent") in other.evidence
    assert answered(store) == [LENA]


def test_an_address_of_another_mailbox_answers_from_that(store: Store, clock: FakeClock) -> None:
    with store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (name, channel, address, created_at)"
            " VALUES ('other', 'email', 'other@shop.example', 0)"
        )
        connection.execute("UPDATE support_address SET channel_account_id = 2")
    take(store, clock, make_mail(LENA), make_mail("max@example.net", to="box@shop.example"))
    query = "SELECT sender, channel_account_id FROM message WHERE author_kind = 'auto' ORDER BY id"
    assert rows(store, query) == [(OURS, 2), ("box@shop.example", 1)]


def test_offers_stand_in_the_ticket(store: Store, clock: FakeClock) -> None:
    take(store, clock, make_mail(LENA, message_id="a@x", text="About order 20391."))
    clock.advance(hours=3)
    take(store, clock, make_mail(LENA, message_id="b@x", subject="Hello", text="order #20391?"))
    threads = Threads(store, SYSTEM)
    assert threads.load(1).ticket.offer == ""
    assert threads.load(2).ticket.offer == "merge:1"
    take(store, clock, make_mail(LENA, message_id="c@x", subject="Re: hello"))
    assert threads.load(3).ticket.offer == "merge:2"
    clock.advance(days=40)
    take(store, clock, make_mail(LENA, message_id="d@x", references="a@x", subject="Invoice"))
    detail = threads.load(1)
    assert detail.ticket.offer == f"split:{detail.messages[-1].id}"
    take(store, clock, make_mail(LENA, message_id="e@x", subject="hello"))
    assert threads.load(4).ticket.offer == ""


def test_closed_tickets_are_not_offered(store: Store, clock: FakeClock) -> None:
    take(store, clock, make_mail(LENA, message_id="a@x"))
    with store.write() as connection:
        connection.execute("UPDATE ticket SET status = 'closed'")
    take(store, clock, make_mail(LENA, message_id="b@x"))
    assert rows(store, "SELECT offer FROM ticket WHERE id = 2") == [("",)]


def test_thanks_leave_a_closed_ticket_closed_if_the_desk_wants_it_so(
    store: Store, clock: FakeClock
) -> None:
    set_desk(store, "thanks-keep-closed", "on")
    take(store, clock, make_mail(LENA, message_id="a@x"))
    with store.write() as connection:
        connection.execute("UPDATE ticket SET status = 'closed', unread = 0, waiting_since = NULL")
    take(store, clock, make_mail(LENA, message_id="b@x", references="a@x", text="Thanks a lot!"))
    ticket = "SELECT status, unread, waiting_since, flags, message_count FROM ticket"
    assert rows(store, ticket) == [("closed", 0, None, "gratitude", 3)]
    event = "SELECT after FROM activity WHERE kind = 'message.received' ORDER BY id DESC LIMIT 1"
    assert json.loads(rows(store, event)[0][0]) == {"gratitude": True}
    take(store, clock, make_mail(LENA, message_id="c@x", references="a@x", text="One more thing"))
    assert rows(store, "SELECT status FROM ticket") == [("open",)]


def sent(store: Store) -> int:
    """Let the first ticket have an answer that left."""
    return add_message(store, 1, direction="outbound", external_id="ours@shop.example")


def test_a_report_of_several_recipients_names_them_all(store: Store, clock: FakeClock) -> None:
    take(store, clock, make_mail(LENA, message_id="a@x"))
    message = sent(store)
    failures = (
        FailedRecipient("max@example.net", "4.2.2", False, "full"),
        FailedRecipient(LENA, "5.1.1", True, "unknown user"),
    )
    bounce = Bounce("4.2.2", False, "max@example.net", "ours@shop.example", "full", failures)
    take(store, clock, make_mail("mailer-daemon@x.example", mail_class=MailClass.BOUNCE,
                                 bounce=bounce, message_id="r@x"))  # fmt: skip
    query = "SELECT delivery, error_code, error_text FROM message WHERE id = ?"
    assert rows(store, query, message) == [
        ("failed", "bounce.5.1.1", f"{LENA}: unknown user; max@example.net: full")
    ]
    assert rows(store, "SELECT flags FROM ticket") == [("address-fails",)]


@pytest.mark.parametrize("gave_up", [True, False])
def test_a_full_mailbox_fails_the_message_once_nobody_tries_any_longer(
    store: Store, clock: FakeClock, gave_up: bool
) -> None:
    take(store, clock, make_mail(LENA, message_id="a@x"))
    message = sent(store)
    with store.write() as connection:
        connection.execute("UPDATE ticket SET status = 'closed', unread = 0, waiting_since = NULL")
    full = FailedRecipient(LENA, "5.2.2", False, "mailbox full", "mailboxfull", gave_up)
    bounce = Bounce("5.2.2", False, LENA, "ours@shop.example", "mailbox full", (full,))
    take(store, clock, make_mail("mailer-daemon@x.example", mail_class=MailClass.BOUNCE,
                                 bounce=bounce, message_id="r@x"))  # fmt: skip
    query = "SELECT delivery = 'failed', error_code, error_text FROM message WHERE id = ?"
    assert rows(store, query, message) == [(int(gave_up), "bounce.5.2.2", f"{LENA}: mailbox full")]
    state = ("open", 1, "") if gave_up else ("closed", 0, "")
    assert rows(store, "SELECT status, unread, flags FROM ticket") == [state]
    events = "SELECT count(*) FROM activity WHERE kind IN ('message.failed', 'ticket.reopened')"
    assert rows(store, events) == [(2 * gave_up,)]


def test_a_complaint_marks_the_message_and_stands_in_the_intake_list(
    store: Store, clock: FakeClock
) -> None:
    take(store, clock, make_mail(LENA, message_id="a@x"))
    message = sent(store)
    for number in range(2):
        take(store, clock, make_mail("fbl@x.example", is_feedback_report=True,
                                     reported_id="ours@shop.example", message_id=f"{number}@fbl",
                                     mail_class=MailClass.AUTO))  # fmt: skip
    assert rows(store, "SELECT reason FROM intake") == [("feedback-report",)] * 2
    assert rows(store, "SELECT flags FROM message WHERE id = ?", message) == [
        ("reported-as-spam",)]  # fmt: skip
    assert rows(store, "SELECT count(*) FROM ticket") == [(1,)]


def test_a_report_about_nothing_of_ours_keeps_all_it_says(store: Store, clock: FakeClock) -> None:
    failures = (FailedRecipient("a@x.example", "5.1.1", True, "no"),
                FailedRecipient("b@x.example", "5.1.1", True, "no"))  # fmt: skip
    bounce = Bounce("5.1.1", True, "a@x.example", "unknown@x", "no", failures)
    take(store, clock, make_mail("", mail_class=MailClass.BOUNCE, bounce=bounce))
    (detail,) = rows(store, "SELECT detail FROM intake")[0]
    assert json.loads(detail)["bounce.failed"] == "a@x.example 5.1.1; b@x.example 5.1.1"
