"""What visitors do becomes tickets: each conversation one, nothing twice, nothing out of order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.webchat.chats import EndedBy
from helpdesk_tui.domain.webchat.wire import EventKind, Visitor, WireFile
from helpdesk_tui.services.blocks import Blocks
from helpdesk_tui.services.chat.chats import batches
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.services.triage import Triage
from tests.support.chat_box import ANNA, ChatBox
from tests.support.store import START, FakeClock, add_agent, add_ticket, make_store

PICTURE = b"\x89PNG picture"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[ChatBox]:
    store = make_store(tmp_path)
    add_agent(store)
    with store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (name, channel, address, created_at)"
            " VALUES ('chat', 'webchat', 'shop', 1)"
        )
    yield ChatBox(store, FakeClock())
    store.close()


def test_a_conversation_becomes_a_ticket_with_its_first_message(box: ChatBox):
    summary = box.take(*box.began("Where is\nmy parcel?"))
    assert (summary.tickets, summary.messages) == (1, 0)
    assert box.ticket(
        "channel, status, unread, subject, recipient, customer_name, customer_address, preview,"
        " message_count, waiting_since"
    ) == (
        "webchat", "open", 1, "Where is my parcel?", "shop", "Zofia Nowak",
        "zofia@customer.example", "Where is my parcel?", 1, to_us(START),
    )  # fmt: skip
    assert box.chat("conversation, visitor, language, timezone, page, ended_at") == (
        "c1", "1001", "pl", "Europe/Warsaw", "https://shop.example/boots", None,
    )  # fmt: skip
    assert box.kinds() == ["ticket.created", "message.received"]


def test_everything_twice_is_stored_once(box: ChatBox):
    events = [*box.began(), box.said("a"), box.said("b"), box.event(EventKind.LEFT)]
    box.take(*events)
    before = box.rows("SELECT * FROM message"), box.ticket("*"), box.kinds()
    summary = box.take(*events)
    assert (summary.tickets, summary.messages, summary.duplicates) == (0, 0, 5)
    assert (box.rows("SELECT * FROM message"), box.ticket("*"), box.kinds()) == before


def test_a_relay_that_counts_anew_brings_the_same_message_once(box: ChatBox):
    first = box.said("only once", client_id="x")
    box.take(*box.began(), first)
    box.take(replace(first, seq=first.seq + 100))
    assert len(box.rows("SELECT 1 FROM message")) == 2


def test_a_thousand_events_again_make_no_new_message(box: ChatBox):
    events = box.began()
    events += [box.said(f"word {number}") for number in range(998)]
    for group in batches(events, 1_000):
        box.take(*group)
    for group in batches(events, 1_000):
        assert box.take(*group).messages == 0
    assert box.rows("SELECT count(*) FROM message, chat") == [(999,)]
    texts = [row[0] for row in box.rows("SELECT text FROM message ORDER BY received_at, id")]
    assert texts == ["hello", *(f"word {number}" for number in range(998))]


def test_a_conversation_whose_beginning_was_lost_still_becomes_a_ticket(box: ChatBox):
    summary = box.take(box.said("does anybody read this?", "lost"))
    assert summary.tickets == 1
    assert box.ticket("customer_name, customer_address, subject") == (
        "", "webchat:lost", "does anybody read this?",
    )  # fmt: skip
    box.take(box.said("hello?", "lost"))
    assert box.ticket("message_count") == 2


@pytest.mark.parametrize(
    "kind", [EventKind.LEFT, EventKind.BACK, EventKind.ENDED, EventKind.SEEN, EventKind.PERSON]
)
def test_what_happens_in_a_conversation_that_is_not_known_makes_no_ticket(
    box: ChatBox, kind: EventKind
):
    assert box.take(box.event(kind, "nowhere", message="x")).rejected == 1
    assert box.rows("SELECT 1 FROM ticket") == []


def test_each_conversation_of_a_person_is_a_ticket_of_the_one_profile(box: ChatBox):
    box.take(*box.began(), box.event(EventKind.ENDED), *box.began("again", "c2"))
    assert box.rows("SELECT id, subject, profile_id FROM ticket") == [
        (1, "hello", 1), (2, "again", 1),
    ]  # fmt: skip


def test_a_visitor_is_who_wrote_mail_from_the_address_that_the_shop_has_signed(box: ChatBox):
    add_ticket(box.store, name="Zofia", email="zofia@customer.example")
    box.take(*box.began())
    assert box.ticket("profile_id", 2) == box.ticket("profile_id", 1)
    assert box.rows("SELECT kind, value, verified FROM identity ORDER BY kind") == [
        ("email", "zofia@customer.example", 1), ("webchat", "shop:1001", 1),
    ]  # fmt: skip


def test_a_visitor_without_an_address_is_known_by_the_id_in_the_shop(box: ChatBox):
    box.take(*box.began(visitor=Visitor("77")), *box.began("again", "c2", visitor=Visitor("77")))
    assert box.ticket("customer_address, profile_id", 2) == ("webchat:77", 1)


def test_texts_of_visitors_are_cleaned_and_found(box: ChatBox):
    box.take(*box.began("caf\u00e9 \x1b[31mred\u202e\r\nline", visitor=Visitor("1", "", "Z\x07")))
    text = box.rows("SELECT text FROM message")[0][0]
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.endswith("\nline")
    assert "\x07" not in box.ticket("customer_name")
    found = box.rows("SELECT rowid FROM message_fts WHERE message_fts MATCH 'cafe'")
    assert found == box.rows("SELECT id FROM message")


def test_files_of_visitors_are_kept(box: ChatBox):
    sha256 = hashlib.sha256(PICTURE).hexdigest()
    file = WireFile("u1", "boot\x1b.png", "image/png", len(PICTURE), sha256)
    lost = replace(file, id="u2", name="lost.png", sha256="0" * 64)
    began = box.began(text="")
    box.take(began[0], replace(began[1], files=(file, lost)), files=[PICTURE])
    assert box.ticket("has_media, preview")[0] == 1
    names = box.rows("SELECT filename, content_type, sha256 FROM attachment ORDER BY id")
    assert [row[2] for row in names] == [sha256, "0" * 64]
    assert "\x1b" not in names[0][0]
    assert box.chats.file(sha256) == PICTURE
    assert box.ticket("subject").endswith(".png")


def test_messages_stand_in_their_order_whatever_the_clock_of_the_relay_says(box: ChatBox):
    box.take(*box.began("first"))
    box.clock.advance(seconds=30)
    box.reply("second")
    late = box.said("third", at=box.clock.now - timedelta(minutes=5))
    ahead = box.said("fourth", at=box.clock.now + timedelta(hours=5))
    box.take(late, ahead)
    found = box.rows("SELECT text FROM message ORDER BY received_at, id")
    assert [row[0] for row in found] == ["first", "second", "third", "fourth"]
    assert box.ticket("last_message_at") == to_us(box.clock.now)


def test_what_the_visitor_has_and_has_seen_stands_on_our_messages(box: ChatBox):
    box.take(*box.began())
    first, second = box.reply("one"), box.reply("two")
    third = box.reply("three")
    box.take(box.event(EventKind.DELIVERED, message=second))
    states = "SELECT delivery FROM message WHERE direction = 'outbound' ORDER BY id"
    assert [row[0] for row in box.rows(states)] == ["delivered", "delivered", "sent"]
    box.take(
        box.event(EventKind.SEEN, message=third), box.event(EventKind.DELIVERED, message=first)
    )
    assert [row[0] for row in box.rows(states)] == ["read", "read", "read"]
    assert box.kinds().count("message.read") == 1
    box.take(box.event(EventKind.SEEN, message="hd.9.9.never@shop"))


def test_leaving_and_coming_back_is_told(box: ChatBox):
    box.take(*box.began(), box.event(EventKind.LEFT))
    assert box.chat("offline_since") == to_us(START)
    box.take(box.event(EventKind.BACK))
    assert box.chat("offline_since") is None
    box.take(box.event(EventKind.LEFT), box.said("still here"), box.event(EventKind.PERSON))
    assert box.chat("offline_since") is None
    assert box.kinds()[-2:] == ["message.received", "chat.asked-for-person"]


@pytest.mark.parametrize("answered", [False, True])
def test_a_visitor_who_ends_the_chat_closes_it_for_good(box: ChatBox, answered: bool):
    box.take(*box.began())
    if answered:
        box.reply()
    box.take(box.event(EventKind.ENDED))
    status, flags, waiting = box.ticket("status, flags, waiting_since")
    assert (status, waiting) == ("closed", None)
    assert flags.split() == (["chat-ended"] if answered else ["chat-ended", "unanswered"])
    assert box.chat("ended_by") == "visitor"
    assert Triage(box.store, ANNA).reopen([1]).skipped != ()


def test_a_message_while_an_agent_is_closing_opens_the_ticket_again(box: ChatBox):
    box.take(*box.began())
    Triage(box.store, ANNA, now=box.clock).close([1])
    assert box.chat("closing_at") is not None
    box.take(box.said("one more thing"))
    assert box.ticket("status") == "open"
    assert box.chat("closing_at") is None
    box.clock.advance(minutes=1)
    assert box.chats.to_close(box.account) == []


def test_a_clock_that_went_back_makes_nobody_wait_for_the_end(box: ChatBox):
    box.take(*box.began())
    Triage(box.store, ANNA, now=box.clock).close([1])
    box.clock.advance(hours=-1)
    [(chat, _)] = box.chats.to_close(box.account)
    assert chat.conversation == "c1"


def test_a_chat_is_to_be_ended_once_its_time_has_come_and_its_replies_have_left(box: ChatBox):
    box.take(*box.began())
    replies = Replies(box.store, ANNA, now=box.clock)
    message = replies.reply(1, "bye", seen=None, undo=False).message_id
    Triage(box.store, ANNA, now=box.clock).close([1])
    assert box.chats.to_close(box.account) == []
    box.clock.advance(seconds=11)
    assert box.chats.to_close(box.account) == []
    box.change("UPDATE message SET delivery = 'sent' WHERE id = ?", message)
    [(chat, by)] = box.chats.to_close(box.account)
    assert (chat.conversation, by) == ("c1", EndedBy.AGENT)
    assert box.chats.closed(chat, by)
    assert not box.chats.closed(chat, by)
    assert box.ticket("status, flags") == ("closed", "chat-ended")
    assert box.kinds().count("chat.ended") == 1


def test_what_comes_after_the_end_is_kept_and_opens_nothing(box: ChatBox):
    box.take(*box.began(), box.event(EventKind.ENDED))
    box.take(box.said("too late"))
    assert box.ticket("status, message_count, unread") == ("closed", 2, 1)


def test_blocked_visitors_are_kept_and_stand_before_nobody(box: ChatBox):
    box.take(*box.began())
    box.change("INSERT INTO block (kind, value, at) VALUES ('webchat', 'shop:1001', 1)")
    box.change("UPDATE ticket SET unread = 0")
    box.take(box.said("again"), *box.began("and here", "c2"))
    assert box.ticket("unread, message_count") == (0, 2)
    assert box.ticket("spam, unread", 2) == (1, 0)
    assert "message.blocked" in box.kinds()
    assert box.chats.read_by_agents(box.account) == []


def test_blocking_the_visitor_of_a_chat_blocks_who_the_shop_has_signed(box: ChatBox):
    box.take(*box.began())
    assert Blocks(box.store, ANNA).block([1]).changed == (1,)
    box.take(box.said("again"))
    assert box.rows("SELECT flags FROM message ORDER BY id DESC LIMIT 1") == [("blocked",)]


def test_a_snoozed_chat_wakes_and_its_assignee_stays(box: ChatBox):
    box.take(*box.began())
    triage = Triage(box.store, ANNA, now=box.clock)
    triage.assign([1], 1)
    triage.snooze([1], box.clock.now + timedelta(hours=1))
    box.take(box.said("are you there?"))
    assert box.ticket("status, assignee_id, unread") == ("open", 1, 1)
    assert "ticket.woken" in box.kinds()


def test_spam_stays_spam(box: ChatBox):
    box.take(*box.began())
    Triage(box.store, ANNA, now=box.clock).spam([1])
    box.take(box.said("buy"))
    assert box.ticket("spam, message_count") == (1, 2)
    box.change("UPDATE ticket SET unread = 0")
    assert box.chats.read_by_agents(box.account) == []


def test_with_the_responder_on_a_chat_disturbs_nobody(box: ChatBox):
    box.change(
        "INSERT INTO setting (scope, agent_id, name, value)"
        " VALUES ('desk', 0, 'ai-agent', '\"built-in\"')"
    )
    box.take(*box.began(), box.said("more"))
    assert box.ticket("status, unread, waiting_since, flags, message_count") == (
        "closed", 0, None, "with-responder", 2,
    )  # fmt: skip
    assert box.chat("responder") == "answering"
    box.take(box.event(EventKind.ENDED))
    assert box.ticket("flags").split() == ["by-responder", "chat-ended"]


def test_agents_reading_is_told_up_to_the_newest_word(box: ChatBox):
    box.take(*box.began(), box.said("second", client_id="last"))
    assert box.chats.read_by_agents(box.account) == []
    Triage(box.store, ANNA, now=box.clock).mark_read([1])
    [read] = box.chats.read_by_agents(box.account)
    assert (read.conversation, read.client_id) == ("c1", "last")


def test_votes_on_answers_count_once(box: ChatBox):
    box.change(
        "INSERT INTO faq (key, language, question, answer, created_at, updated_at)"
        " VALUES ('returns', 'en', 'q', 'a', 1, 1)"
    )
    vote = box.event(EventKind.VOTE, "", faq="returns", language="en", helpful=True)
    box.take(vote)
    box.take(vote)
    box.take(box.event(EventKind.VOTE, "", faq="returns", language="en"))
    assert box.rows("SELECT helped, failed FROM faq") == [(1, 1)]


def test_a_scheduled_reply_goes_back_to_its_author_when_the_visitor_writes(box: ChatBox):
    box.take(*box.began())
    replies = Replies(box.store, ANNA, now=box.clock)
    replies.reply(1, "later", seen=None, at=box.clock.now + timedelta(hours=1))
    box.take(box.said("never mind"))
    assert box.rows("SELECT text FROM draft") == [("later",)]


def test_a_full_disk_stores_nothing_of_a_batch(box: ChatBox, monkeypatch: pytest.MonkeyPatch):
    import helpdesk_tui.services.chat.chats as module

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    events = box.began()
    with monkeypatch.context() as patched:
        patched.setattr(module, "move_cursor", fail)
        with pytest.raises(Exception, match=r"store\.full"):
            box.take(*events)
    assert box.rows("SELECT 1 FROM ticket") == []
    assert box.chats.position(box.account) == 0
    assert box.take(*events).tickets == 1
    assert box.chats.position(box.account) == 2


def test_the_beginning_of_a_conversation_is_stored_with_its_first_message(box: ChatBox):
    events = [box.said() for _ in range(49)] + box.began("x", "c2") + [box.said()]
    groups = batches(events, 1_000)
    assert [len(group) for group in groups] == [49, 3]
    assert [each for group in groups for each in group] == events
    heavy = WireFile("u", "f", "image/png", 900, "0" * 64)
    weights = [replace(box.said(), files=(heavy,)) for _ in range(3)]
    assert [len(group) for group in batches(weights, 1_000)] == [1, 1, 1]


def test_the_log_holds_no_text_of_visitors(box: ChatBox):
    box.take(*box.began("my secret"), box.said("more", faq="returns"))
    logged = json.dumps(box.rows("SELECT before, after FROM activity"))
    assert "secret" not in logged
    assert "returns" in logged


@pytest.mark.parametrize(
    ("visitor", "address"),
    [
        (Visitor("", "victim@customer.example", "Zofia"), "webchat:c1"),
        (Visitor(" ", "victim@customer.example"), "webchat:c1"),
        (Visitor("7", "x@y.example, victim@customer.example"), "webchat:7"),
        (Visitor("7", "x@y.example>\r\nBcc: victim@customer.example"), "webchat:7"),
        (Visitor("7", "victim@customer.example\x00@y.example"), "webchat:7"),
        (Visitor("7", "no address"), "webchat:7"),
    ],
)
def test_nobody_becomes_somebody_by_an_address_that_no_shop_could_sign(
    box: ChatBox, visitor: Visitor, address: str
):
    add_ticket(box.store, email="victim@customer.example")
    box.take(*box.began(visitor=visitor))
    profiles = box.rows("SELECT DISTINCT profile_id FROM ticket")
    assert len(profiles) == 2
    assert box.ticket("customer_address", 2).strip() == address
    verified = "SELECT value FROM identity WHERE kind = 'email' AND verified = 1"
    assert box.rows(verified) == []


def test_what_belongs_to_no_conversation_makes_no_ticket(box: ChatBox):
    assert box.take(box.said("hello", conversation="")).rejected == 1
    assert box.rows("SELECT id FROM ticket") == []


def test_who_asks_for_a_person_again_and_again_has_asked_once(box: ChatBox):
    box.take(*box.began())
    for _ in range(3):
        box.clock.advance(seconds=1)
        box.take(box.event(EventKind.PERSON), box.event(EventKind.PERSON))
    assert box.kinds().count("chat.asked-for-person") == 1
    box.clock.advance(seconds=1)
    box.take(box.said("really"))
    box.clock.advance(seconds=1)
    box.take(box.event(EventKind.PERSON))
    assert box.kinds().count("chat.asked-for-person") == 2
