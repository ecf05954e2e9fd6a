"""Replies that leave at a moment of their own, and the list of what has not left."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from helpdesk_tui.db import scheduling
from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind, Role
from helpdesk_tui.domain.errors import Conflict, HelpdeskError, NotAllowed, UsageError
from helpdesk_tui.domain.mail import MailClass
from helpdesk_tui.domain.messages import Delivery, DraftKind
from helpdesk_tui.domain.received import Received, Source
from helpdesk_tui.services.customers import Customers
from helpdesk_tui.services.drafts import Drafts
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.merging import Merging
from helpdesk_tui.services.outbox import Outbox
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.services.threads import Threads
from tests.support.mails import make_mail, receive
from tests.support.store import START, activity_kinds, add_message, add_ticket, has_row, row_of

LATER = START + timedelta(days=2)
BOX = Source(account_id=1, folder="INBOX", validity=7)


@pytest.fixture
def outbox(store, clock):
    return Outbox(store, now=clock)


def write_in(store, clock, ticket, *, source=BOX, **fields) -> None:
    """Let a mail arrive that answers the ticket."""
    mail = make_mail(references="b@x.example", **fields)
    received: Received = receive(mail, uid=1, at=clock())
    assert Inbound(store, SYSTEM, now=clock).ingest([received], source=source).seen == 1
    with store.read() as connection:
        found = connection.execute("SELECT ticket_id FROM message ORDER BY id DESC LIMIT 1")
        assert found.fetchone() == (ticket,)


@pytest.fixture
def scheduled(replies, ticket):
    return replies.reply(ticket, "Good morning!", at=LATER).message_id


def test_a_scheduled_reply_answers_nobody_until_it_leaves(store, ticket, scheduled, outbox, clock):
    row, message = row_of(store, "ticket", ticket), row_of(store, "message", scheduled)
    assert row is not None
    assert message is not None
    assert message["delivery"] == "scheduled"
    assert (row["waiting_since"] is not None, row["preview"]) == (
        True,
        "Hello, where is my parcel?",
    )
    assert outbox.claim_due("w") == []
    assert outbox.next_due() == LATER
    clock.now = LATER
    (claim,) = outbox.claim_due("w")
    assert claim.message_id == scheduled
    after = row_of(store, "ticket", ticket)
    assert after is not None
    assert (after["waiting_since"], after["preview"]) == (None, "Good morning!")
    assert outbox.outgoing(scheduled).date == LATER
    assert activity_kinds(store) == ["message.scheduled", "message.queued"]
    thread = Threads(store, Actor(ActorKind.AGENT, 1, "anna")).load(ticket)
    assert thread.messages[-1].id == scheduled


def test_one_that_fails_later_lets_the_customer_wait_again(store, ticket, scheduled, outbox, clock):
    clock.now = LATER
    (claim,) = outbox.claim_due("w")
    outbox.failed(claim.message_id, "w", "smtp.550")
    row = row_of(store, "ticket", ticket)
    assert row is not None
    assert row["waiting_since"] is not None


@pytest.mark.parametrize("at", [START, START + timedelta(hours=1)])
def test_a_moment_that_is_over_is_refused(replies, ticket, scheduled, at):
    with pytest.raises(UsageError, match=r"schedule\.past"):
        replies.reply(ticket, "x", at=at)
    with pytest.raises(UsageError, match=r"schedule\.past"):
        replies.reschedule(scheduled, at)


def test_it_is_moved_sent_now_or_taken_back(store, replies, drafts, ticket, scheduled, outbox):
    replies.reschedule(scheduled, LATER + timedelta(days=1))
    assert outbox.next_due() == LATER + timedelta(days=1)
    replies.send_now(scheduled)
    assert [claim.message_id for claim in outbox.claim_due("w")] == [scheduled]
    with pytest.raises(NotAllowed, match=r"reply\.not-waiting"):
        replies.send_now(scheduled)
    with pytest.raises(NotAllowed, match=r"reply\.not-scheduled"):
        replies.reschedule(scheduled, LATER)
    second = replies.reply(ticket, "Second", at=LATER, then="close").message_id
    assert replies.undo_send(second).text == "Second"
    assert drafts.load(ticket, DraftKind.REPLY).text == "Second"
    row = row_of(store, "ticket", ticket)
    assert row is not None
    assert row["status"] == "open"


def test_a_countdown_is_cut_short(replies, ticket, outbox, clock):
    queued = replies.reply(ticket, "x")
    assert queued.due_at == clock() + timedelta(seconds=10)
    replies.send_now(queued.message_id)
    assert outbox.next_due() == clock()


def test_others_leave_it_alone_but_for_administrators(store, bert, clock, ticket, scheduled):
    colleague = Replies(store, bert, now=clock)
    for act in (
        lambda: colleague.send_now(scheduled),
        lambda: colleague.reschedule(scheduled, LATER),
        lambda: colleague.undo_send(scheduled),
    ):
        with pytest.raises(NotAllowed, match=r"reply\.not-yours"):
            act()
    admin = Actor(ActorKind.AGENT, bert.agent_id, "bert", Role.ADMIN)
    Replies(store, admin, now=clock).send_now(scheduled)


def test_the_customer_writing_first_returns_it_to_its_draft(
    store, replies, drafts, ticket, clock, outbox
):
    drafts.attach(ticket, DraftKind.REPLY, "label.pdf", b"%PDF")
    message = replies.reply(ticket, "Good morning!", at=LATER, then="close").message_id
    clock.advance(hours=1)
    write_in(store, clock, ticket, text="Never mind, it came!")
    assert not has_row(store, "message", message)
    draft = drafts.load(ticket, DraftKind.REPLY)
    assert (draft.text, [file.filename for file in draft.files]) == (
        "Good morning!", ["label.pdf"])  # fmt: skip
    row = row_of(store, "ticket", ticket)
    assert row is not None
    assert (row["status"], row["unread"], row["message_count"]) == ("open", 1, 2)
    assert activity_kinds(store)[-1] == "message.unscheduled"
    with store.read() as connection:
        (after,) = connection.execute(
            "SELECT after FROM activity WHERE kind = 'message.unscheduled'"
        ).fetchone()
        called = connection.execute("SELECT agent_id, seen_at FROM mention").fetchall()
    assert json.loads(after) == {"agent_id": draft.agent_id}
    assert called == [(draft.agent_id, None)]
    clock.now = LATER
    assert outbox.claim_due("w") == []


def test_what_is_being_written_stays_above_what_comes_back(
    store, replies, drafts, ticket, clock, scheduled
):
    drafts.save(ticket, DraftKind.REPLY, "Half a sent")
    write_in(store, clock, ticket, text="wait")
    text = drafts.load(ticket, DraftKind.REPLY).text
    assert text == "Half a sent\n\n* * *\n\nGood morning!"


@pytest.mark.parametrize(
    ("fields", "source"),
    [
        ({"mail_class": MailClass.AUTO, "text": "got it"}, BOX),
        ({"mail_class": MailClass.OOO, "text": "I am away"}, BOX),
        ({"text": "old mail"}, Source(account_id=1, folder="INBOX", validity=7, history=True)),
        ({"sender": "support@shop.example", "text": "a copy of ours"}, BOX),
    ],
)
def test_machines_old_mail_and_ourselves_withdraw_nothing(
    store, ticket, clock, scheduled, fields, source
):
    write_in(store, clock, ticket, source=source, **fields)
    assert has_row(store, "message", scheduled)


def test_other_tickets_keep_theirs(store, replies, ticket, clock, scheduled):
    other = add_ticket(store, channel_account_id=1, customer_address="max@example.net")
    theirs = replies.reply(other, "Later", to="max@example.net", at=LATER).message_id
    write_in(store, clock, ticket, text="me again")
    assert has_row(store, "message", theirs)
    assert not has_row(store, "message", scheduled)


def test_the_outbox_lists_trouble_first_then_by_moment(store, replies, bert, outbox, clock, ticket):
    failed = replies.reply(ticket, "First").message_id
    clock.advance(seconds=11)
    outbox.claim_due("w")
    outbox.failed(failed, "w", "smtp.550", "no such user")
    late = replies.reply(ticket, "Late", at=LATER).message_id
    soon = replies.reply(ticket, "Soon").message_id
    theirs = Replies(store, bert, now=clock).reply(ticket, "Mine").message_id
    rows = replies.outbox()
    assert [row.message_id for row in rows] == [failed, soon, late]
    assert [row.can_return for row in rows] == [False, True, True]
    first = rows[0]
    assert (first.delivery, first.error_text, first.author) == (
        Delivery.FAILED, "no such user", "Anna Nowak")  # fmt: skip
    assert rows[1].seconds_left(clock()) == 10
    assert theirs in {row.message_id for row in replies.outbox(everybody=True)}


@pytest.mark.parametrize(
    ("own", "desks", "seconds"),
    [(None, None, 10), (None, '"30"', 30), ("5", '"30"', 5), ('"0"', None, 0), ('"?"', None, 10)],
)
def test_how_long_a_reply_can_be_taken_back_is_a_setting(
    store, anna, replies, ticket, clock, own, desks, seconds
):
    with store.write() as connection:
        for scope, value in ((anna.agent_id, own), (DESK, desks)):
            if value is not None:
                save_setting(connection, "undo-send-email", scope, value)
    assert replies.reply(ticket, "x").due_at == clock() + timedelta(seconds=seconds)


def test_a_scheduled_forward_leaves_the_customer_waiting(store, replies, ticket, outbox, clock):
    replies.forward(ticket, "Have a look", to=["orders@supplier.example"], at=LATER)
    clock.now = LATER
    assert len(outbox.claim_due("w")) == 1
    row = row_of(store, "ticket", ticket)
    assert row is not None
    assert row["waiting_since"] is not None


def test_nothing_of_an_agent_is_shown_to_nobody(store, clock):
    with pytest.raises(HelpdeskError, match=r"agent\.missing"):
        Replies(store, SYSTEM, now=clock).outbox()
    assert Drafts(store, Actor(ActorKind.AGENT, 1, "anna"), now=clock).all() == []


def test_a_text_that_came_back_outlives_the_reply_that_did_not_hold_it(
    store, replies, drafts, ticket, clock, scheduled
):
    drafts.save(ticket, DraftKind.REPLY, "Half")
    write_in(store, clock, ticket, text="wait")
    replies.reply(ticket, "Half a sentence")
    assert drafts.load(ticket, DraftKind.REPLY).text == "Good morning!"
    replies.reply(ticket, "Good morning!")
    assert drafts.load(ticket, DraftKind.REPLY) is None


def test_no_reply_goes_past_a_word_of_the_customer_that_was_not_seen(store, replies, ticket, clock):
    seen = Threads(store, Actor(ActorKind.AGENT, 1, "anna")).load(ticket).messages[-1].id
    write_in(store, clock, ticket, text="one more thing", message_id="c@x.example")
    with pytest.raises(Conflict, match=r"reply\.customer-wrote"):
        replies.reply(ticket, "Here you are", seen=seen)
    newest = Threads(store, Actor(ActorKind.AGENT, 1, "anna")).load(ticket).messages[-1].id
    assert replies.reply(ticket, "Here you are", seen=newest).message_id


def test_one_that_is_taken_back_after_a_merge_leaves_the_counts_true(
    store, anna, clock, replies, ticket, scheduled
):
    other = add_ticket(store)
    add_message(store, other, at=START)
    Merging(store, anna, now=clock).merge([ticket], other)
    assert row_of(store, "ticket", other)["message_count"] == 3
    assert replies.undo_send(scheduled).text == "Good morning!"
    row = row_of(store, "ticket", other)
    assert (row["message_count"], row["preview"]) == (2, "Hello, where is my parcel?")
    assert activity_kinds(store)[-1] == "message.unsent"


def test_one_that_was_moved_while_the_worker_looked_does_not_leave(
    monkeypatch, store, replies, outbox, clock, scheduled
):
    look = scheduling.due_ids

    def moved(*values):
        found = look(*values)
        monkeypatch.undo()
        replies.reschedule(scheduled, LATER + timedelta(days=9))
        return found

    clock.now = LATER
    monkeypatch.setattr(scheduling, "due_ids", moved)
    assert outbox.claim_due("worker") == []
    assert row_of(store, "message", scheduled)["delivery"] == "scheduled"


def test_it_goes_back_into_the_draft_when_the_ticket_is_somebody_elses(
    store, anna, clock, replies, drafts, ticket, scheduled
):
    forward = replies.forward(ticket, "See below", to=["help@maker.example"], at=LATER)
    Customers(store, anna, now=clock).set_customer(ticket, "omar@example.net")
    assert not has_row(store, "message", scheduled)
    assert drafts.load(ticket, DraftKind.REPLY).text == "Good morning!"
    assert has_row(store, "message", forward.message_id)
