"""The conversation behind a ticket, and the moment it was last held, as they are read."""

from __future__ import annotations

from datetime import timedelta

from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.domain.webchat.chats import ChatInfo, EndedBy, Responder
from helpdesk_tui.services.inbox import Inbox
from helpdesk_tui.services.threads import Threads
from tests.support.chats import add_chat, end_chat
from tests.support.store import START, add_agent, add_ticket, make_store

LATER = START + timedelta(minutes=4)


def test_a_thread_brings_its_conversation(tmp_path):
    store = make_store(tmp_path)
    threads = Threads(store, Actor(ActorKind.AGENT, add_agent(store), "anna"))
    known = {
        "conversation": "c1", "visitor": "77", "language": "pl", "timezone": "Europe/Warsaw",
        "page": "https://shop.example/blue", "offline_since": LATER, "closing_at": LATER,
        "responder": "handed-over",
    }  # fmt: skip
    ticket = add_chat(store, chat=known)
    running = threads.load(ticket).ticket.chat
    assert running == ChatInfo(
        "c1", START, "77", "pl", "Europe/Warsaw", "https://shop.example/blue", LATER,
        closing_at=LATER, responder=Responder.HANDED_OVER,
    )  # fmt: skip
    assert (running.is_running, running.is_closing, running.is_there) == (True, True, False)
    end_chat(store, ticket, at=LATER)
    ended = threads.detail(ticket).chat
    assert ended is not None
    assert (ended.ended_at, ended.ended_by) == (LATER, EndedBy.VISITOR)
    assert (ended.is_running, ended.is_closing, ended.is_there) == (False, False, False)
    store.close()


def test_other_tickets_have_none(tmp_path):
    store = make_store(tmp_path)
    threads = Threads(store, Actor(ActorKind.AGENT, add_agent(store), "anna"))
    assert threads.detail(add_ticket(store)).chat is None
    assert threads.detail(add_ticket(store, channel="webchat")).chat is None
    store.close()


def test_the_timer_starts_at_the_later_of_waiting_and_being_held(tmp_path):
    store = make_store(tmp_path)
    add_chat(store, held_at=LATER)
    add_chat(store, waiting_since=LATER, held_at=START)
    add_chat(store, waiting_since=None, held_at=START)
    add_chat(store)
    inbox = Inbox(store, Actor(ActorKind.AGENT, add_agent(store), "anna"))
    rows = sorted(inbox.page(ViewFilter(View.ALL)).rows, key=lambda row: row.id)
    assert [row.held_at for row in rows] == [LATER, START, START, None]
    assert [row.timer_since for row in rows] == [LATER, LATER, None, START]
    store.close()
