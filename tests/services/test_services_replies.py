"""Replies and notes: what they fix, where they go, and what is refused."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import Conflict, HelpdeskError, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.message_ids import verify_id
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.triage import Snooze
from helpdesk_tui.services.replies import Replies
from tests.support.store import (
    START,
    activity_kinds,
    add_agent,
    add_message,
    add_ticket,
    indexed,
    make_store,
    row_of,
)

REPLY = DraftKind.REPLY


def test_a_reply_is_queued_with_all_that_fixes_it(store, replies, clock, ticket):
    queued = replies.reply(ticket, "Hi Lena,\r\nit is on its way.\n\n", cc=["Friend@y.example"])
    message = row_of(store, "message", queued.message_id)
    assert message is not None
    assert queued.due_at == clock.now + timedelta(seconds=10)
    assert message["due_at"] == to_us(queued.due_at)
    assert (message["direction"], message["delivery"]) == ("outbound", "queued")
    assert message["text"] == "Hi Lena,\nit is on its way.\n\n-- \nAnna\nShop"
    assert (message["author_name"], message["sender"]) == ("Anna Nowak", "support@shop.example")
    assert json.loads(str(message["recipients"])) == ["lena@example.net"]
    assert json.loads(str(message["copies"])) == ["friend@y.example"]
    assert json.loads(str(message["thread_ids"])) == ["a@x.example", "b@x.example"]
    assert message["subject"] == "Re: Where is my parcel?"
    assert re.fullmatch(
        rf"hd\.{ticket}\.{queued.message_id}\.[0-9a-f]{{32}}@shop\.example",
        str(message["external_id"]),
    )
    with store.read() as connection:
        secret = connection.execute("SELECT secret FROM schema_info").fetchone()[0]
    assert verify_id(secret, str(message["external_id"])) == (ticket, queued.message_id)
    assert indexed(store, "way") == [queued.message_id]


def test_a_reply_ends_the_waiting_and_moves_the_ticket_up(store, replies, clock, ticket):
    replies.reply(ticket, "On its way")
    row = row_of(store, "ticket", ticket)
    assert row is not None
    assert (row["waiting_since"], row["unread"], row["status"]) == (None, 0, "open")
    assert row["last_message_at"] == to_us(clock.now)
    assert (row["preview"], row["message_count"]) == ("On its way", 2)
    assert activity_kinds(store) == ["message.queued"]


def test_scripts_send_at_once(replies, clock, ticket):
    assert replies.reply(ticket, "x", undo=False).due_at == clock.now


def test_draft_and_its_files_become_the_reply(store, replies, drafts, ticket):
    drafts.save(ticket, REPLY, "half")
    drafts.attach(ticket, REPLY, "label.pdf", b"%PDF")
    queued = replies.reply(ticket, "Here", files=[OutgoingFile("b.txt", "text/plain", b"b")])
    assert drafts.load(ticket, REPLY) is None
    with store.read() as connection:
        files = connection.execute(
            "SELECT filename FROM attachment WHERE message_id = ? ORDER BY id",
            (queued.message_id,),
        ).fetchall()
    assert files == [("label.pdf",), ("b.txt",)]
    row = row_of(store, "ticket", ticket)
    assert row is not None
    assert row["has_media"] == 1
    assert indexed(store, "label") == [queued.message_id]


def test_a_reply_by_another_agent_since_stops_the_send_and_keeps_the_draft(
    store, replies, drafts, bert, clock, ticket
):
    drafts.save(ticket, REPLY, "mine")
    seen = add_message(store, ticket, text="hello?")
    other = Replies(store, bert, now=clock).reply(ticket, "Bert was faster")
    with pytest.raises(Conflict) as caught:
        replies.reply(ticket, "mine", seen=seen)
    assert caught.value.code == "reply.overtaken"
    assert caught.value.values["message_id"] == other.message_id
    assert caught.value.values["agent"] == "Bert"
    draft = drafts.load(ticket, REPLY)
    assert draft is not None
    assert draft.text == "mine"
    replies.reply(ticket, "mine", seen=other.message_id)


def test_ones_own_reply_does_not_stop_the_next(store, replies, ticket):
    with store.read() as connection:
        (seen,) = connection.execute("SELECT max(id) FROM message").fetchone()
    replies.reply(ticket, "one", seen=seen)
    replies.reply(ticket, "two", seen=seen)


@pytest.mark.parametrize(
    ("arguments", "error", "code"),
    [
        ({"text": " \n"}, UsageError, "reply.empty"),
        ({"text": "x", "cc": ["a@b.example\nBcc: c@d.example"]}, UsageError, "address.invalid"),
        ({"text": "x", "to": "stranger@z.example"}, NotAllowed, "reply.not-participant"),
        ({"text": "x", "to": "support@shop.example"}, NotAllowed, "reply.own-address"),
        ({"text": "x", "then": Snooze(START)}, UsageError, "snooze.past"),
        (
            {"text": "x", "files": [OutgoingFile("a", "", b"x" * 25_000_001)]},
            UsageError,
            "attachment.too-large",
        ),
    ],
)
def test_a_refused_reply_writes_nothing(store, replies, ticket, arguments, error, code):
    before = row_of(store, "ticket", ticket)
    with pytest.raises(error) as caught:
        replies.reply(ticket, **arguments)
    assert caught.value.code == code
    assert row_of(store, "ticket", ticket) == before
    assert activity_kinds(store) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"channel": "sms"}, "reply.no-account"),
        ({"merged_into": 1}, "ticket.merged"),
        ({"email": ""}, "reply.no-recipient"),
        ({"email": "support@shop.example"}, "reply.own-address"),
    ],
)
def test_tickets_that_cannot_be_answered_say_why(store, replies, ticket, fields, code):
    other = add_ticket(store, **fields)
    with pytest.raises(HelpdeskError) as caught:
        replies.reply(other, "x")
    assert caught.value.code == code


def test_a_missing_ticket_agent_or_mailbox_is_named(store, replies, ticket, tmp_path, anna):
    with pytest.raises(NotFound, match=r"ticket\.missing"):
        replies.reply(99, "x")
    with pytest.raises(NotFound, match=r"ticket\.missing"):
        replies.note(99, "x")
    with pytest.raises(NotAllowed, match=r"agent\.missing"):
        Replies(store, SYSTEM).reply(ticket, "x")
    bare = make_store(tmp_path / "bare")
    add_agent(bare, "anna")
    with pytest.raises(NotAllowed, match=r"reply\.no-mailbox"):
        Replies(bare, anna).reply(add_ticket(bare), "x")
    bare.close()


def test_the_reply_leaves_from_the_mailbox_where_the_recipient_is_unknown(store, replies):
    ticket = add_ticket(store, recipient="old@gone.example")
    assert replies.recipients(ticket).sender == "box@shop.example"


def test_a_reply_to_all_shows_which_own_addresses_are_left_out(store, replies, bert, ticket):
    plain = replies.recipients(ticket)
    assert (plain.to, plain.cc, plain.sender_name) == (("lena@example.net",), (), "Shop Support")
    everyone = replies.recipients(ticket, everyone=True)
    assert everyone.cc == ("friend@y.example",)
    assert everyone.left_out == ("support@shop.example", "bert@shop.example")


@pytest.mark.parametrize("role", ["cc", "joined"])
def test_what_others_wrote_to_us_alone_is_not_quoted_to_the_customer(store, replies, ticket, role):
    friend = "friend@y.example"
    with store.write() as connection:
        connection.execute(
            "INSERT INTO participant (ticket_id, address, name, role) VALUES (?, ?, '', ?)",
            (ticket, friend, role),
        )
    add_message(store, ticket, sender=friend, author_name="Friend", text="Between us.")
    assert replies.preview(ticket, "Hi").quoted == "Lena Doe"
    add_message(store, ticket, sender=friend, author_name="Friend", copies=["lena@example.net"])
    assert replies.preview(ticket, "Hi").quoted == "Friend"


@pytest.mark.parametrize("flag", ["auth-failed", "from-own-address", "new-sender"])
def test_who_may_be_forged_names_no_recipients(store, replies, ticket, flag):
    copies = ["friend@y.example", "trudy@attacker.example"]
    add_message(store, ticket, flags=flag, copies=copies, recipients=["support@shop.example"])
    known = replies.recipients(ticket, everyone=True).cc
    assert "trudy@attacker.example" not in known
    add_message(store, ticket, copies=copies, recipients=["support@shop.example"])
    assert "trudy@attacker.example" in replies.recipients(ticket, everyone=True).cc


def test_a_copy_never_comes_back_to_us(store, replies, ticket):
    queued = replies.reply(ticket, "x", cc=["support@shop.example", "lena@example.net"])
    message = row_of(store, "message", queued.message_id)
    assert message is not None
    assert message["copies"] == "[]"


def test_a_participant_may_be_answered(store, replies, ticket):
    with store.write() as connection:
        connection.execute(
            "INSERT INTO participant (ticket_id, address) VALUES (?, 'friend@y.example')",
            (ticket,),
        )
    queued = replies.reply(ticket, "x", to="Friend@y.example")
    message = row_of(store, "message", queued.message_id)
    assert message is not None
    assert message["recipients"] == '["friend@y.example"]'


def test_a_note_never_enters_the_outbox(store, replies, drafts, clock, ticket):
    before = row_of(store, "ticket", ticket)
    drafts.save(ticket, DraftKind.NOTE, "call")
    drafts.attach(ticket, DraftKind.NOTE, "plan.txt", b"x")
    note = replies.note(ticket, "call them\n")
    message = row_of(store, "message", note)
    row = row_of(store, "ticket", ticket)
    assert message is not None
    assert row is not None
    assert before is not None
    assert (message["direction"], message["delivery"], message["text"]) == (
        "note",
        "received",
        "call them",
    )
    assert (message["due_at"], message["recipients"], message["external_id"]) == (None, "[]", "")
    for name in ("last_message_at", "message_count", "waiting_since", "unread", "preview"):
        assert row[name] == before[name]
    assert drafts.load(ticket, DraftKind.NOTE) is None
    assert activity_kinds(store) == ["note.added"]
    assert indexed(store, "plan") == [note]
    for verb in (replies.undo_send, replies.retry):
        with pytest.raises(NotFound, match=r"message\.missing"):
            verb(note)
    with pytest.raises(UsageError, match=r"note\.empty"):
        replies.note(ticket, " ")


def deliver(store: Store, message: int, state: str) -> None:
    with store.write() as connection:
        connection.execute(
            "UPDATE message SET delivery = ?, error_code = 'smtp.550', error_text = 'no',"
            " attempts = 3, due_at = NULL WHERE id = ?",
            (state, message),
        )


def test_a_failed_reply_is_sent_again_under_its_id(store, replies, clock, ticket):
    queued = replies.reply(ticket, "x")
    with pytest.raises(NotAllowed, match=r"reply\.not-failed"):
        replies.retry(queued.message_id)
    before = row_of(store, "message", queued.message_id)
    deliver(store, queued.message_id, "failed")
    replies.retry(queued.message_id)
    message = row_of(store, "message", queued.message_id)
    assert message is not None
    assert before is not None
    assert message["external_id"] == before["external_id"]
    assert (message["delivery"], message["due_at"], message["error_code"], message["attempts"]) == (
        "queued", to_us(clock.now), "", 0,
    )  # fmt: skip


@pytest.mark.parametrize(("sent", "state", "filed"), [(True, "sent", 0), (False, "queued", 1)])
def test_a_person_decides_about_an_unknown_delivery(store, replies, ticket, sent, state, filed):
    queued = replies.reply(ticket, "x")
    with pytest.raises(NotAllowed, match=r"reply\.not-unknown"):
        replies.resolve(queued.message_id, sent=sent)
    deliver(store, queued.message_id, "unknown")
    replies.resolve(queued.message_id, sent=sent)
    message = row_of(store, "message", queued.message_id)
    assert message is not None
    assert (message["delivery"], message["filed"]) == (state, filed)
