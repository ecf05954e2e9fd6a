from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest

from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.delivery import GIVE_UP_AFTER
from helpdesk_tui.domain.errors import Conflict, NotAllowed, NotFound
from helpdesk_tui.domain.mail import Address, OutgoingFile, OutgoingMail
from helpdesk_tui.domain.message_ids import MARKER, verify_marker
from helpdesk_tui.services.outbox import LEASE, Outbox
from tests.support.store import (
    START,
    activity_kinds,
    add_agent,
    add_mailbox,
    add_message,
    add_ticket,
    make_store,
    row_of,
)


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    add_mailbox(store, box="support@shop.example", name="Shop")
    yield store
    store.close()


@pytest.fixture
def anna(store):
    return Actor(ActorKind.AGENT, add_agent(store, "anna"), "anna")


@pytest.fixture
def outbox(store, clock):
    return Outbox(store, now=clock)


@pytest.fixture
def ticket(store):
    ticket = add_ticket(store, waiting_since=START)
    add_message(store, ticket, external_id="b@x.example", thread_ids=["a@x.example"], at=START)
    return ticket


@pytest.fixture
def queued(replies, clock, ticket):
    message = replies.reply(ticket, "On its way", then="close").message_id
    clock.advance(seconds=10)
    return message


def test_nothing_is_claimed_before_it_is_due(replies, outbox, clock, ticket):
    due = replies.reply(ticket, "x").due_at
    assert outbox.next_due() == due
    assert outbox.claim_due("w") == []
    clock.advance(seconds=10)
    assert len(outbox.claim_due("w")) == 1
    assert outbox.next_due() is None


def test_a_message_is_claimed_once(store, outbox, queued):
    found: list[int] = []
    barrier = threading.Barrier(4)

    def work(name: str) -> None:
        barrier.wait()
        found.extend(claim.message_id for claim in outbox.claim_due(name))

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [queued]


def test_what_is_claimed_cannot_be_taken_back(replies, outbox, queued):
    outbox.claim_due("w")
    with pytest.raises(NotAllowed, match=r"reply\.already-sent"):
        replies.undo_send(queued)


def test_accounts_that_are_off_or_others_are_left_alone(store, outbox, queued):
    assert outbox.claim_due("w", account_id=2) == []
    with store.write() as connection:
        connection.execute("UPDATE channel_account SET enabled = 0")
    assert outbox.claim_due("w") == []


def test_the_outgoing_mail_is_fixed_by_the_stored_rows(store, outbox, replies, clock, ticket):
    message = replies.reply(
        ticket, "Hi", files=[OutgoingFile("label.pdf", "application/pdf", b"%PDF")]
    ).message_id
    mail = outbox.outgoing(message)
    clock.advance(days=3)
    assert outbox.outgoing(message) == mail
    assert mail.message_id == row_of(store, "message", message)["external_id"]
    assert mail.sender == Address("Shop", "support@shop.example")
    assert mail.to == (Address("Lena Doe", "lena@example.net"),)
    assert (mail.in_reply_to, mail.references) == ("b@x.example", ("a@x.example", "b@x.example"))
    assert mail.files == (OutgoingFile("label.pdf", "application/pdf", b"%PDF"),)
    assert mail.date == START + timedelta(hours=1)
    with store.read() as connection:
        secret, instance = connection.execute("SELECT secret, instance FROM schema_info").fetchone()
    assert mail.instance == instance
    head, _, quote = mail.text.partition("\n\nOn 2026-11-21 10:00 UTC, Lena Doe wrote:\n")
    assert head == "Hi"
    assert quote.startswith("> Hello, where is my parcel?\n")
    marker = MARKER.search(quote)
    assert marker is not None
    assert verify_marker(secret, marker[0]) == ticket


def test_what_is_quoted_does_not_change_when_the_customer_writes_again(
    store, outbox, replies, ticket
):
    message = replies.reply(ticket, "Hi").message_id
    before = outbox.outgoing(message)
    add_message(store, ticket, text="One more thing", external_id="c@x.example")
    assert outbox.outgoing(message) == before


def test_bytes_are_stored_before_sending_and_a_retry_sends_the_same(store, outbox, clock, queued):
    made: list[OutgoingMail] = []

    def render(mail: OutgoingMail) -> bytes:
        made.append(mail)
        return b"x" * 150_000 + str(len(made)).encode()

    claim = outbox.claim_due("w")[0]
    raw = outbox.rendered(queued, "w", render)
    assert outbox.raw(str(row_of(store, "message", queued)["raw_sha256"])) == raw
    assert outbox.retry_later(claim, "w", "smtp.451", "try\x1b later")
    clock.advance(minutes=5)
    outbox.claim_due("w")
    assert outbox.rendered(queued, "w", render) == raw
    assert len(made) == 1


def test_sending_ends_with_a_copy_to_file(store, outbox, queued, ticket):
    outbox.claim_due("w")
    outbox.begin_data(queued, "w")
    assert row_of(store, "message", queued)["phase"] == "data"
    outbox.sent(queued, "w")
    message = row_of(store, "message", queued)
    assert (message["delivery"], message["claimed_by"], message["phase"]) == ("sent", "", "")
    assert [each.message_id for each in outbox.file_pending(account_id=1)] == [queued]
    assert outbox.file_pending(account_id=2) == []
    outbox.filed(queued)
    outbox.filed(queued)
    assert outbox.file_pending() == []
    assert activity_kinds(store)[-2:] == ["message.sent", "message.filed"]


def test_who_got_a_copy_may_write_into_the_ticket(store, outbox, replies, clock, ticket):
    message = replies.reply(ticket, "x", cc=["friend@y.example"], undo=False).message_id
    outbox.claim_due("w")
    outbox.sent(message, "w")
    with store.read() as connection:
        found = connection.execute("SELECT address FROM participant ORDER BY 1").fetchall()
    assert found == [("friend@y.example",), ("lena@example.net",)]


def test_refused_for_now_waits_longer_each_time_and_fails_in_the_end(store, outbox, clock, queued):
    waits = []
    for _ in range(4):
        claim = outbox.claim_due("w")[0]
        assert outbox.retry_later(claim, "w", "smtp.451", "later")
        due = outbox.next_due()
        waits.append((due - clock.now).total_seconds())
        clock.now = due
    assert waits == sorted(waits)
    assert 30 <= waits[0] <= 37.5
    message = row_of(store, "message", queued)
    assert (message["delivery"], message["error_code"], message["attempts"]) == (
        "queued", "smtp.451", 4,
    )  # fmt: skip
    claim = outbox.claim_due("w")[0]
    clock.advance(days=2)
    assert not outbox.retry_later(claim, "w", "smtp.451")
    assert row_of(store, "message", queued)["delivery"] == "failed"


def test_an_old_message_that_an_agent_retries_is_given_as_long_as_a_new_one(
    store, outbox, replies, clock, queued
):
    outbox.claim_due("w")
    outbox.failed(queued, "w", "smtp.refused")
    clock.advance(days=3)
    replies.retry(queued)
    asked = clock.now
    while True:
        clock.now = max(clock.now, outbox.next_due())
        if not outbox.retry_later(outbox.claim_due("w")[0], "w", "smtp.451"):
            break
        assert clock.now - asked < GIVE_UP_AFTER
    assert clock.now - asked >= GIVE_UP_AFTER
    assert row_of(store, "message", queued)["delivery"] == "failed"


def test_a_message_queued_while_the_worker_was_off_for_days_is_tried_several_times(
    store, outbox, clock, queued
):
    clock.advance(days=3)
    for _ in range(4):
        clock.now = max(clock.now, outbox.next_due())
        assert outbox.retry_later(outbox.claim_due("w")[0], "w", "smtp.451")
    clock.now = outbox.next_due()
    assert not outbox.retry_later(outbox.claim_due("w")[0], "w", "smtp.451")
    assert row_of(store, "message", queued)["delivery"] == "failed"


def test_what_the_other_side_asked_to_wait_is_kept(outbox, clock, queued):
    claim = outbox.claim_due("w")[0]
    outbox.retry_later(claim, "w", "smtp.421", after=timedelta(minutes=30))
    assert outbox.next_due() == clock.now + timedelta(minutes=30)


@pytest.mark.parametrize(("call", "state"), [("failed", "failed"), ("unknown", "unknown")])
def test_what_did_not_arrive_brings_its_ticket_back(store, outbox, ticket, queued, call, state):
    assert row_of(store, "ticket", ticket)["status"] == "closed"
    outbox.claim_due("w")
    if call == "failed":
        outbox.failed(queued, "w", "smtp.550", "5.1.1 no such\r\n\x1b[31muser")
    else:
        outbox.unknown(queued, "w")
    message, row = row_of(store, "message", queued), row_of(store, "ticket", ticket)
    assert message["delivery"] == state
    assert (row["status"], row["unread"]) == ("open", 1)
    assert row["waiting_since"] is not None
    assert activity_kinds(store)[-2:] == [f"message.{state}", "ticket.reopened"]
    if call == "failed":
        assert message["error_code"] == "smtp.550"
        assert "\x1b" not in str(message["error_text"])
        with store.read() as connection:
            after = connection.execute(
                "SELECT after FROM activity WHERE kind = 'message.failed'"
            ).fetchone()[0]
        assert json.loads(after) == {"delivery": "failed", "error": "smtp.550"}


def test_a_worker_that_died_before_the_content_left_costs_only_time(store, outbox, clock, queued):
    outbox.claim_due("dead")
    assert outbox.recover("w") == []
    assert row_of(store, "message", queued)["delivery"] == "sending"
    clock.advance(seconds=LEASE.total_seconds())
    assert outbox.recover("w") == []
    assert row_of(store, "message", queued)["delivery"] == "queued"
    assert [claim.attempts for claim in outbox.claim_due("w")] == [2]


def test_a_worker_that_died_later_leaves_its_message_to_be_looked_for(store, outbox, clock, queued):
    outbox.claim_due("dead")
    outbox.begin_data(queued, "dead")
    clock.advance(seconds=LEASE.total_seconds())
    lost = outbox.recover("w")
    assert [claim.message_id for claim in lost] == [queued]
    assert lost[0].external_id == row_of(store, "message", queued)["external_id"]
    assert outbox.claim_due("w") == []
    with pytest.raises(Conflict, match=r"outbox\.lost-claim"):
        outbox.sent(queued, "dead")
    outbox.sent(queued, "w", filed=True)
    message = row_of(store, "message", queued)
    assert (message["delivery"], message["filed"]) == ("sent", 1)


def test_who_holds_the_lock_need_not_wait_for_the_deadline_of_the_dead(store, outbox, queued):
    outbox.claim_due("dead")
    assert outbox.recover("w", others_are_dead=True) == []
    assert row_of(store, "message", queued)["delivery"] == "queued"


def test_ones_own_claims_are_not_recovered_while_they_last(store, outbox, queued):
    outbox.claim_due("w")
    outbox.recover("w", others_are_dead=True)
    assert row_of(store, "message", queued)["delivery"] == "sending"


def test_without_a_claim_nothing_moves(store, outbox, queued):
    for call in (
        lambda: outbox.begin_data(queued, "w"),
        lambda: outbox.keep(queued, "w"),
        lambda: outbox.sent(queued, "w"),
        lambda: outbox.failed(queued, "w", "smtp.550"),
        lambda: outbox.rendered(queued, "w", lambda _: b"x"),
    ):
        with pytest.raises(Conflict, match=r"outbox\.lost-claim"):
            call()
    assert row_of(store, "message", queued)["delivery"] == "queued"
    assert row_of(store, "message", queued)["raw_sha256"] == ""


def test_notes_and_received_messages_never_leave(store, outbox, replies, ticket, clock):
    note = replies.note(ticket, "secret")
    with store.write() as connection:
        connection.execute(
            "UPDATE message SET delivery = 'queued', due_at = 1, channel_account_id = 1"
            " WHERE direction != 'outbound'"
        )
    assert outbox.claim_due("w") == []
    with pytest.raises(NotFound, match=r"message\.missing"):
        outbox.outgoing(note)
