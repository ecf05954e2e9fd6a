"""Replies in a chat: where they go, what is refused, whose the ticket is, and patience."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.errors import Conflict, NotAllowed, UsageError
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.triage import Snooze
from helpdesk_tui.domain.webchat.wire import Event, EventKind
from helpdesk_tui.services.chat.chats import Chats
from helpdesk_tui.services.outbox import Outbox
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.services.threads import Threads
from helpdesk_tui.services.triage import Triage
from tests.support.chats import SITE, VISITOR, add_chat, chat_of, end_chat, say
from tests.support.store import START, activity_kinds, add_message, add_ticket, has_row, row_of

LATER = START + timedelta(days=2)


@pytest.fixture
def chat(store):
    return add_chat(store, customer_address=VISITOR, subject="Is it back?")


@pytest.fixture
def triage(store, anna, clock):
    return Triage(store, anna, now=clock)


@pytest.fixture
def outbox(store, clock):
    return Outbox(store, now=clock)


def texts_due(outbox: Outbox) -> list[str]:
    return [outbox.outgoing(each.message_id).text for each in outbox.claim_due("w", limit=50)]


def test_a_reply_goes_into_the_conversation_and_nowhere_else(store, replies, chat, clock):
    queued = replies.reply(chat, "Yes, it is.\n", to=VISITOR)
    message = row_of(store, "message", queued.message_id)
    assert (message["sender"], json.loads(message["recipients"])) == (SITE, [f"c-{chat}"])
    assert (message["text"], message["subject"], message["folds"]) == ("Yes, it is.", "", "[]")
    assert (message["copies"], message["thread_ids"], message["answers_id"]) == ("[]", "[]", None)
    assert message["channel_account_id"] == chat_of(store, chat)["channel_account_id"]
    assert queued.due_at == clock()
    assert message["external_id"]


def test_replying_takes_the_ticket_also_from_a_colleague(store, anna, bert, triage, chat, clock):
    triage.assign([chat], anna.agent_id)
    theirs = Replies(store, bert, now=clock)
    queued = theirs.reply(chat, "Let me look")
    assert row_of(store, "ticket", chat)["assignee_id"] == bert.agent_id
    assert activity_kinds(store)[-2:] == ["message.queued", "ticket.assigned"]
    events = Threads(store, bert).load(chat).events
    assert events[-1].kind == "ticket.assigned"
    # taken back on its own: the words have left
    assert triage.undo(queued.change_id).changed == (chat,)
    assert row_of(store, "ticket", chat)["assignee_id"] == anna.agent_id
    assert has_row(store, "message", queued.message_id)


def test_replying_again_is_no_event(store, replies, chat):
    replies.reply(chat, "One")
    replies.reply(chat, "Two")
    assert activity_kinds(store).count("ticket.assigned") == 1


def test_notes_and_mails_assign_nobody(store, replies, chat, ticket):
    replies.note(chat, "who is that?")
    replies.reply(ticket, "Hello")
    assert row_of(store, "ticket", chat)["assignee_id"] is None
    assert row_of(store, "ticket", ticket)["assignee_id"] is None


def test_a_reply_that_is_taken_back_gives_the_ticket_back(store, replies, bert, triage, chat):
    triage.assign([chat], bert.agent_id)
    with store.write() as connection:
        save_setting(connection, "undo-send-webchat", DESK, '"5"')
    queued = replies.reply(chat, "Too early")
    assert replies.undo_send(queued.message_id).text == "Too early"
    row = row_of(store, "ticket", chat)
    assert (row["assignee_id"], row["waiting_since"]) == (bert.agent_id, to_us(START))


def test_several_in_a_row_leave_in_their_order(replies, outbox, chat, clock):
    for number in range(6):
        replies.reply(chat, f"part {number}")
    assert [text.partition("\n")[0] for text in texts_due(outbox)] == [
        f"part {number}" for number in range(6)
    ]


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"cc": ["a@x.example"]}, UsageError, "reply.no-copies"),
        ({"bcc": ["a@x.example"]}, UsageError, "reply.no-copies"),
        ({"to": "a@x.example"}, NotAllowed, "reply.not-participant"),
        ({"text": "x" * 20_001}, UsageError, "reply.too-long"),
        ({"text": "  "}, UsageError, "reply.empty"),
        ({"files": [OutgoingFile(f"{n}.txt", "", b"x") for n in range(6)]}, UsageError,
         "attachment.too-many"),
        ({"files": [OutgoingFile("x.bin", "", bytes(10_000_001))]}, UsageError,
         "attachment.too-large"),
        ({"at": LATER, "then": "close"}, UsageError, "chat.scheduled-end"),
    ],
)  # fmt: skip
def test_what_a_chat_does_not_carry_is_refused(store, replies, chat, fields, error, code):
    values = {"text": "Hello", **fields}
    with pytest.raises(error) as failed:
        replies.reply(chat, **values)
    assert failed.value.code == code
    assert activity_kinds(store) == []
    assert row_of(store, "ticket", chat)["version"] == 2


def test_the_longest_text_and_the_most_files_go(replies, chat):
    files = [OutgoingFile(f"{n}.txt", "", b"x") for n in range(5)]
    assert replies.reply(chat, "x" * 20_000, files=files).message_id


def test_a_draft_takes_no_more_files_than_a_message(drafts, chat):
    for number in range(5):
        drafts.attach(chat, DraftKind.REPLY, f"{number}.txt", b"x")
    with pytest.raises(UsageError) as failed:
        drafts.attach(chat, DraftKind.REPLY, "5.txt", b"x")
    assert (failed.value.code, failed.value.values["limit"]) == ("attachment.too-many", 5)
    for number in range(6):
        drafts.attach(chat, DraftKind.NOTE, f"{number}.txt", b"x")


def test_a_chat_is_not_forwarded(replies, chat):
    for forward in (
        lambda: replies.start_forward(chat),
        lambda: replies.forward(chat, "see", to=["a@x.example"]),
        lambda: replies.passed_on(chat),
        lambda: replies.preview(chat, "see", to=["a@x.example"], kind=DraftKind.FORWARD),
    ):
        with pytest.raises(NotAllowed, match=r"reply\.no-forward"):
            forward()


def test_the_review_shows_what_leaves(replies, chat):
    preview = replies.preview(chat, "Hello")
    assert (preview.sender, preview.envelope.to) == (SITE, (f"c-{chat}",))
    assert (preview.text, preview.subject, preview.quoted) == ("Hello", "", "")
    assert replies.recipients(chat, everyone=True).to == (f"c-{chat}",)
    with pytest.raises(UsageError, match=r"reply\.too-long"):
        replies.preview(chat, "x" * 20_001)


def test_nothing_is_sent_in_a_chat_that_has_ended(store, replies, triage, chat):
    end_chat(store, chat)
    before = row_of(store, "ticket", chat)
    for attempt in (
        lambda: replies.reply(chat, "Hello?"),
        lambda: replies.reply(chat, "Hello?", at=LATER),
        lambda: replies.hold(chat),
        lambda: replies.preview(chat, "Hello?"),
        lambda: replies.recipients(chat),
    ):
        with pytest.raises(NotAllowed, match=r"chat\.ended"):
            attempt()
    assert row_of(store, "ticket", chat) == before


def test_a_ticket_without_a_conversation_reaches_nobody(store, replies):
    imported = add_ticket(store, channel="webchat")
    with pytest.raises(NotAllowed, match=r"reply\.no-chat"):
        replies.reply(imported, "Hello?")
    assert replies.note(imported, "old one")


def test_only_a_colleagues_answer_asks_first(store, replies, bert, chat, clock):
    seen = say(store, chat, "and the red one?")
    say(store, chat, "hello?")
    assert replies.reply(chat, "Both are.", seen=seen)
    Replies(store, bert, now=clock).reply(chat, "I have it")
    with pytest.raises(Conflict, match=r"reply\.overtaken"):
        replies.reply(chat, "No, me", seen=seen)


def test_asking_for_patience_overtakes_nobody(store, replies, bert, chat, clock):
    seen = say(store, chat, "hello?")
    Replies(store, bert, now=clock).hold(chat)
    assert replies.reply(chat, "Here I am", seen=seen)


# replies that leave later --------------------------------------------------------------------


def test_a_scheduled_reply_comes_back_where_the_chat_is_over(store, replies, drafts, outbox, chat,
                                                             clock):  # fmt: skip
    scheduled = replies.reply(chat, "See you tomorrow", at=LATER).message_id
    end_chat(store, chat)
    for attempt in (
        lambda: replies.send_now(scheduled),
        lambda: replies.reschedule(scheduled, LATER + timedelta(days=1)),
    ):
        with pytest.raises(NotAllowed, match=r"chat\.ended"):
            attempt()
    clock.now = LATER
    assert outbox.claim_due("w") == []
    draft = drafts.load(chat, DraftKind.REPLY)
    assert draft is not None
    assert draft.text == "See you tomorrow"
    assert not has_row(store, "message", scheduled)
    assert row_of(store, "ticket", chat)["message_count"] == 1


def visitor_writes(store, clock, chat, seq=1) -> None:
    """Let the visitor write as the worker hears of it."""
    account = Account(
        chat_of(store, chat)["channel_account_id"], "chat", "webchat", SITE, True, "{}",
        AccountState.OK, "",
    )  # fmt: skip
    event = Event(seq, EventKind.MESSAGE, clock(), f"c-{chat}", client_id=f"m-{seq}", text="wait!")
    assert Chats(store, now=clock).ingest(account, [event], {}).messages == 1


def test_a_scheduled_reply_comes_back_where_the_visitor_writes_first(
    store, replies, drafts, chat, clock
):
    scheduled = replies.reply(chat, "See you tomorrow", at=LATER).message_id
    assert replies.outbox()[0].to == (VISITOR,)
    visitor_writes(store, clock, chat)
    draft = drafts.load(chat, DraftKind.REPLY)
    assert draft is not None
    assert draft.text == "See you tomorrow"
    assert not has_row(store, "message", scheduled)


def test_a_visitor_who_writes_while_it_is_closing_keeps_the_chat_open(
    store, replies, triage, chat, clock
):
    change = replies.reply(chat, "Bye", then="close").change_id
    visitor_writes(store, clock, chat)
    row = row_of(store, "ticket", chat)
    assert (row["status"], row["unread"], row["waiting_since"]) == ("open", 1, to_us(clock()))
    assert chat_of(store, chat)["closing_at"] is None
    clock.advance(seconds=20)
    triage.undo(change)
    assert chat_of(store, chat)["closing_at"] is None


def test_nothing_is_scheduled_while_a_chat_is_closing(replies, triage, chat):
    triage.close([chat])
    with pytest.raises(NotAllowed, match=r"chat\.closing"):
        replies.reply(chat, "Later", at=LATER)
    with pytest.raises(NotAllowed, match=r"chat\.closing"):
        replies.hold(chat)
    assert replies.reply(chat, "A last word").message_id


def test_a_reply_that_fails_opens_a_closing_chat_and_no_ended_one(store, replies, outbox, chat):
    queued = replies.reply(chat, "Bye", then="close")
    assert chat_of(store, chat)["closing_at"] is not None
    outbox.claim_due("w")
    outbox.failed(queued.message_id, "w", "relay.refused")
    row = row_of(store, "ticket", chat)
    assert (row["status"], row["waiting_since"]) == ("open", to_us(START))
    assert chat_of(store, chat)["closing_at"] is None

    again = replies.reply(chat, "Bye again")
    outbox.claim_due("w")
    end_chat(store, chat)
    outbox.failed(again.message_id, "w", "conversation.ended")
    row = row_of(store, "ticket", chat)
    assert (row["status"], row["unread"], row["waiting_since"]) == ("closed", 1, None)
    with pytest.raises(NotAllowed, match=r"chat\.ended"):
        replies.retry(again.message_id)


def test_what_perhaps_left_is_kept_as_sent_once_the_chat_is_over(store, replies, outbox, chat):
    queued = replies.reply(chat, "Hello")
    outbox.claim_due("w")
    outbox.unknown(queued.message_id, "w")
    end_chat(store, chat)
    with pytest.raises(NotAllowed, match=r"chat\.ended"):
        replies.resolve(queued.message_id, sent=False)
    replies.resolve(queued.message_id, sent=True)
    assert row_of(store, "message", queued.message_id)["delivery"] == "sent"


def test_a_mail_that_comes_meanwhile_still_asks_first(store, replies, ticket):
    seen = add_message(store, ticket)
    add_message(store, ticket, text="one more thing")
    with pytest.raises(Conflict, match=r"reply\.customer-wrote"):
        replies.reply(ticket, "Hello", seen=seen)


def test_a_snooze_after_a_reply_leaves_the_chat_running(store, replies, chat):
    replies.reply(chat, "Tomorrow!", then=Snooze(LATER))
    assert chat_of(store, chat)["closing_at"] is None
    assert row_of(store, "ticket", chat)["status"] == "snoozed"
