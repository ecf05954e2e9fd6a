"""Asking for patience, and taking chats from the automatic responder."""

from __future__ import annotations

import json

import pytest

from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.domain.errors import NotAllowed
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.outbox import Outbox
from helpdesk_tui.services.threads import Threads
from helpdesk_tui.services.triage import Triage
from tests.support.chats import VISITOR, add_chat, chat_of
from tests.support.store import START, activity_kinds, row_of


@pytest.fixture
def chat(store):
    return add_chat(store, customer_address=VISITOR, subject="Is it back?")


@pytest.fixture
def triage(store, anna, clock):
    return Triage(store, anna, now=clock)


@pytest.fixture
def outbox(store, clock):
    return Outbox(store, now=clock)


def test_asking_for_patience_moves_the_timer_alone(store, replies, bert, triage, chat, clock):
    triage.assign([chat], bert.agent_id)
    before = row_of(store, "ticket", chat)
    held = replies.hold(chat)
    row = row_of(store, "ticket", chat)
    assert row["held_at"] == to_us(clock())
    for name in ("waiting_since", "unread", "assignee_id", "status"):
        assert row[name] == before[name], name
    message = row_of(store, "message", held.message_id)
    assert (message["flags"], message["author_kind"]) == ("holding", "agent")
    assert message["text"] == "Thank you for waiting. I am still looking into it."
    assert activity_kinds(store)[-2:] == ["message.queued", "chat.held"]
    thread = Threads(store, bert).load(chat)
    assert [event.kind for event in thread.events] == ["ticket.assigned"]
    assert thread.ticket.row.timer_since == clock()


@pytest.mark.parametrize(
    ("language", "own", "typed", "text"),
    [
        ("pl", "", "", "Dziękuję za cierpliwość. Nadal to sprawdzam."),
        ("sv-SE", "", "", "Tack för att du väntar. Jag tittar fortfarande på det."),
        ("pt-BR", "", "", "Obrigado por aguardar. Ainda estou verificando."),
        ("ja", "", "", "Thank you for waiting. I am still looking into it."),
        ("pl", "One moment.", "", "One moment."),
        ("pl", "One moment.", "Still on the phone", "Still on the phone"),
    ],
)
def test_patience_is_asked_for_in_the_visitors_language(store, replies, language, own, typed, text):
    with store.write() as connection:
        save_setting(connection, "holding-message", DESK, json.dumps(own))
    chat = add_chat(store, chat={"language": language})
    message = replies.hold(chat, typed).message_id
    assert row_of(store, "message", message)["text"] == text


def test_a_holding_message_that_is_taken_back_gives_the_timer_back(store, replies, drafts, chat):
    with store.write() as connection:
        save_setting(connection, "undo-send-webchat", DESK, '"5"')
    drafts.save(chat, DraftKind.REPLY, "half a")
    held = replies.hold(chat)
    replies.undo_send(held.message_id)
    row = row_of(store, "ticket", chat)
    assert (row["held_at"], row["waiting_since"]) == (None, to_us(START))
    assert (row["message_count"], row["preview"]) == (1, "Hello, is anybody there?")
    draft = drafts.load(chat, DraftKind.REPLY)
    assert draft is not None
    assert draft.text == "half a"


def test_patience_that_was_not_asked_for_moves_no_timer(store, replies, outbox, chat):
    held = replies.hold(chat)
    outbox.claim_due("w")
    outbox.failed(held.message_id, "w", "relay.refused")
    row = row_of(store, "ticket", chat)
    assert (row["held_at"], row["unread"], row["waiting_since"]) == (None, 1, to_us(START))


def test_patience_is_asked_for_where_somebody_sits_and_waits(replies, ticket):
    with pytest.raises(NotAllowed, match=r"chat\.no-hold"):
        replies.hold(ticket)


# the responder --------------------------------------------------------------------------------


@pytest.fixture
def answered_by_machine(store, chat):
    with store.write() as connection:
        connection.execute(
            "UPDATE ticket SET status = 'closed', closed_at = 1, waiting_since = NULL, unread = 0,"
            " flags = 'with-responder' WHERE id = ?",
            (chat,),
        )
        connection.execute("UPDATE chat SET responder = 'answering' WHERE ticket_id = ?", (chat,))
    return chat


@pytest.mark.parametrize("text", ["Hello, I am Anna", ""])
def test_an_agent_who_writes_takes_over(store, replies, triage, answered_by_machine, text):
    chat = answered_by_machine
    queued = replies.reply(chat, text) if text else replies.hold(chat)
    row = row_of(store, "ticket", chat)
    assert (row["status"], row["flags"], row["unread"]) == ("open", "", 0)
    assert (row["waiting_since"] is None) == bool(text)
    assert chat_of(store, chat)["responder"] == "handed-over"
    assert "chat.taken-over" in activity_kinds(store)
    if text:
        # the machine stays silent also where the assignment is undone
        triage.undo(queued.change_id)
        assert chat_of(store, chat)["responder"] == "handed-over"


def test_taking_over_without_a_word_can_be_undone(store, triage, anna, answered_by_machine):
    chat = answered_by_machine
    before = row_of(store, "ticket", chat)
    change = triage.take_over([chat])
    row = row_of(store, "ticket", chat)
    assert (row["status"], row["assignee_id"], row["flags"]) == ("open", anna.agent_id, "")
    assert triage.take_over([chat]).skipped == ((chat, "chat.not-with-responder"),)
    triage.undo(change.change_id)
    after = row_of(store, "ticket", chat)
    assert {**after, "version": 0, "updated_at": 0} == {**before, "version": 0, "updated_at": 0}
    assert chat_of(store, chat)["responder"] == "answering"
