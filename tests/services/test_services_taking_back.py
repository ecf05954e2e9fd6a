"""Replies that are taken back: text, files and what followed return, and what cannot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_tui.domain.errors import NotAllowed, NotFound
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.triage import Snooze
from helpdesk_tui.services.merging import Merging
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.services.triage import Triage
from tests.support.store import (
    START,
    activity_kinds,
    add_ticket,
    has_row,
    indexed,
    row_of,
)


@pytest.mark.parametrize(
    ("then", "status", "kind"),
    [
        ("close", "closed", "ticket.closed"),
        (Snooze(START + timedelta(days=1), keep=True), "snoozed", "ticket.snoozed"),
    ],
)
def test_what_follows_a_reply_is_undone_with_it(store, replies, drafts, ticket, then, status, kind):
    before = row_of(store, "ticket", ticket)
    drafts.attach(ticket, DraftKind.REPLY, "label.pdf", b"%PDF")
    queued = replies.reply(ticket, "Bye", then=then)
    row = row_of(store, "ticket", ticket)
    assert row is not None
    assert row["status"] == status
    assert activity_kinds(store) == ["message.queued", kind]
    with store.read() as connection:
        changes = connection.execute("SELECT DISTINCT change_id FROM activity").fetchall()
    assert changes == [(queued.change_id,)]

    draft = replies.undo_send(queued.message_id)
    assert (draft.text, [file.filename for file in draft.files]) == ("Bye", ["label.pdf"])
    assert not has_row(store, "message", queued.message_id)
    after = row_of(store, "ticket", ticket)
    assert before is not None
    assert after is not None
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"version", "updated_at", "preview"}
    assert after["preview"] == "Hello, where is my parcel?"
    assert indexed(store, "bye") == []


def test_undo_puts_the_text_before_what_was_typed_since(replies, drafts, ticket):
    queued = replies.reply(ticket, "First")
    drafts.save(ticket, DraftKind.REPLY, "second")
    assert replies.undo_send(queued.message_id).text == "First\n\nsecond"


def test_undo_keeps_what_happened_to_the_ticket_since(store, replies, clock, ticket):
    queued = replies.reply(ticket, "Bye", then="close")
    at = clock.advance(seconds=3)
    with store.write() as connection:
        connection.execute(
            "UPDATE ticket SET status = 'open', closed_at = NULL, unread = 1, waiting_since = ?,"
            " last_message_at = ?, preview = 'But' WHERE id = ?",
            (to_us(at), to_us(at), ticket),
        )
    replies.undo_send(queued.message_id)
    row = row_of(store, "ticket", ticket)
    assert row is not None
    assert (row["status"], row["unread"], row["preview"]) == ("open", 1, "But")
    assert row["last_message_at"] == to_us(at)
    assert row["waiting_since"] == to_us(START)


def test_undoing_the_first_of_two_replies_leaves_nobody_waiting(store, replies, ticket):
    first = replies.reply(ticket, "One")
    replies.reply(ticket, "Two")
    replies.undo_send(first.message_id)
    row = row_of(store, "ticket", ticket)
    assert row is not None
    assert row["waiting_since"] is None


def test_what_the_worker_has_cannot_be_taken_back(store, replies, ticket):
    queued = replies.reply(ticket, "x")
    with store.write() as connection:
        connection.execute("UPDATE message SET delivery = 'sending', claimed_by = 'w'"
                           " WHERE id = ?", (queued.message_id,))  # fmt: skip
    with pytest.raises(NotAllowed, match=r"reply\.already-sent"):
        replies.undo_send(queued.message_id)
    assert has_row(store, "message", queued.message_id)


def test_a_reply_that_may_have_left_is_not_taken_back_when_it_is_sent_again(store, replies, ticket):
    queued = replies.reply(ticket, "Hello")
    with store.write() as connection:
        connection.execute("UPDATE message SET delivery = 'unknown' WHERE direction = 'outbound'")
        connection.execute(
            "INSERT INTO activity (at, ticket_id, message_id, actor_kind, kind)"
            " VALUES (1, ?, ?, 'system', 'message.unknown')",
            (ticket, queued.message_id),
        )
    replies.resolve(queued.message_id, sent=False)
    with pytest.raises(NotAllowed):
        replies.undo_send(queued.message_id)
    with store.read() as connection:
        assert connection.execute(
            "SELECT count(*) FROM message WHERE direction = 'outbound'"
        ).fetchone() == (1,)


def test_only_the_author_takes_a_reply_back(store, replies, bert, ticket):
    queued = replies.reply(ticket, "x")
    with pytest.raises(NotAllowed, match=r"reply\.not-yours"):
        Replies(store, bert).undo_send(queued.message_id)


def test_a_ticket_that_a_colleague_closed_since_stays_closed_and_waits_no_more(
    store, replies, bert, clock, ticket
):
    queued = replies.reply(ticket, "Bye")
    Triage(store, bert, now=clock).close([ticket])
    replies.undo_send(queued.message_id)
    row = row_of(store, "ticket", ticket)
    assert (row["status"], row["waiting_since"]) == ("closed", None)


def test_a_note_is_not_left_where_nobody_sees_it(store, anna, replies, clock, ticket):
    other = add_ticket(store)
    Merging(store, anna, now=clock).merge([ticket], other)
    with pytest.raises(NotAllowed, match=r"ticket\.merged"):
        replies.note(ticket, "she is right")


def test_a_note_that_is_taken_back_is_a_draft_again(store, replies, drafts, ticket):
    drafts.attach(ticket, DraftKind.NOTE, "label.pdf", b"%PDF")
    note = replies.note(ticket, "ask @bert")
    drafts.save(ticket, DraftKind.NOTE, "more")
    assert replies.take_note_back(note) == ticket
    assert not has_row(store, "message", note)
    assert not indexed(store, note)
    draft = drafts.load(ticket, DraftKind.NOTE)
    assert (draft.text, [file.filename for file in draft.files]) == (
        "ask @bert\n\nmore",
        ["label.pdf"],
    )
    assert activity_kinds(store) == ["note.added", "note.removed"]
    with pytest.raises(NotFound, match=r"note\.missing"):
        replies.take_note_back(note)


def test_a_note_of_others_or_one_that_was_answered_stays(store, replies, bert, ticket, clock):
    note = replies.note(ticket, "who knows?")
    theirs = Replies(store, bert, now=clock)
    with pytest.raises(NotAllowed, match=r"note\.not-yours"):
        theirs.take_note_back(note)
    theirs.note(ticket, "I do")
    with pytest.raises(NotAllowed, match=r"note\.answered"):
        replies.take_note_back(note)
    assert has_row(store, "message", note)
