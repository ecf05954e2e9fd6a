"""Opened tickets: which messages, notes and events are loaded together."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest

from helpdesk_tui.db.blobs import pack, put_blob
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.mail import Fold, FoldKind
from helpdesk_tui.domain.messages import Delivery, Direction
from helpdesk_tui.domain.times import to_us
from tests.support.store import (
    START,
    add_activity,
    add_agent,
    add_message,
    add_profile,
    add_ticket,
    make_desk,
)


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def _at(minutes):
    return START + timedelta(minutes=minutes)


def test_a_message_carries_all_that_is_drawn(desk):
    ticket = add_ticket(desk.store)
    message = add_message(
        desk.store,
        ticket,
        text="Hello\n> old",
        folds=[[6, 11, "quote"]],
        links=[["https://x.example/a", "x.example"]],
        recipients=["support@shop.example"],
        copies=["boss@example.net"],
        flags="auth-failed new-sender",
        has_html=1,
        external_id="a@b",
        delivery="failed",
        error_code="smtp.550",
        error_text="no such user",
        due_at=_at(1),
        files=[("a.pdf", b"pdf"), ("b.png", b"png")],
    )
    found = desk.threads.load(ticket).messages[0]
    assert found == desk.threads.message(message)
    assert found.folds == (Fold(6, 11, FoldKind.QUOTE),)
    assert found.reply_text == "Hello"
    assert found.links == (("https://x.example/a", "x.example"),)
    assert (found.to, found.cc) == (("support@shop.example",), ("boss@example.net",))
    assert found.flags == ("auth-failed", "new-sender")
    assert (found.delivery, found.error_code, found.due_at) == (
        Delivery.FAILED,
        "smtp.550",
        _at(1),
    )
    assert [file.filename for file in found.attachments] == ["a.pdf", "b.png"]
    assert found.attachments[0].size == 3


def test_a_short_thread_is_whole(desk):
    ticket = add_ticket(desk.store)
    ids = [add_message(desk.store, ticket, at=_at(number)) for number in range(3)]
    add_message(desk.store, add_ticket(desk.store))
    thread = desk.threads.load(ticket)
    assert [message.id for message in thread.messages] == ids
    assert thread.older is None
    assert desk.threads.load(add_ticket(desk.store)).messages == ()


def test_notes_do_not_count_and_come_with_their_neighbours(desk):
    ticket = add_ticket(desk.store)
    kinds = ["inbound", "note", "outbound", "note", "note", "inbound", "note"]
    ids = [
        add_message(desk.store, ticket, direction=kind, at=_at(number))
        for number, kind in enumerate(kinds)
    ]
    thread = desk.threads.load(ticket, limit=2)
    assert [message.id for message in thread.messages] == ids[2:]
    assert thread.older == ids[2]
    rest = desk.threads.older(ticket, before=thread.older, limit=2)
    assert [message.id for message in rest.messages] == ids[:2]
    assert rest.older is None
    assert rest.messages[1].direction is Direction.NOTE


def test_walking_back_meets_each_message_and_event_once(desk):
    ticket = add_ticket(desk.store)
    ids, events = [], []
    for number in range(23):
        ids.append(add_message(desk.store, ticket, at=_at(number)))
        events.append(
            add_activity(desk.store, ticket, "ticket.closed", at=_at(number + 0.5), after={"n": 1})
        )
    thread = desk.threads.load(ticket, limit=5)
    messages, found = list(thread.messages), list(thread.events)
    while thread.older is not None:
        thread = desk.threads.older(ticket, thread.older, limit=5)
        messages[:0] = thread.messages
        found[:0] = thread.events
    assert [message.id for message in messages] == ids
    assert [event.id for event in found] == events


def test_messages_stand_in_the_order_they_came_in(desk):
    ticket = add_ticket(desk.store)
    late = add_message(desk.store, ticket, at=_at(5))
    early = add_message(desk.store, ticket, at=_at(1))
    assert [message.id for message in desk.threads.load(ticket).messages] == [early, late]


def test_events_name_who_did_what_and_leave_out_noise(desk):
    ticket = add_ticket(desk.store)
    marek = add_agent(desk.store, "marek")
    for kind in ("message.received", "ticket.read", "ticket.unread", "note.added", "message.sent"):
        add_activity(desk.store, ticket, kind)
    add_activity(
        desk.store,
        ticket,
        "ticket.closed",
        actor_kind="agent",
        agent_id=marek,
        before={"status": "open"},
        after={"status": "closed"},
    )
    add_activity(desk.store, add_ticket(desk.store), "ticket.closed")
    (event,) = desk.threads.load(ticket).events
    assert (event.kind, event.actor_kind, event.actor_name) == ("ticket.closed", "agent", "marek")
    assert (event.before, event.after) == ({"status": "open"}, {"status": "closed"})


def test_the_header_of_a_ticket(desk):
    ticket = add_ticket(
        desk.store,
        flags="own-address-customer",
        automatic=1,
        snooze_keep=1,
        closed_at=_at(3),
    )
    add_message(desk.store, ticket, reply_to="elsewhere@example.org")
    add_message(desk.store, ticket, direction="outbound")
    detail = desk.threads.detail(ticket)
    assert detail == desk.threads.load(ticket).ticket
    assert (detail.customer_address, detail.recipient) == (
        "lena@example.net",
        "support@shop.example",
    )
    assert (detail.automatic, detail.snooze_keep, detail.closed_at) == (True, True, _at(3))
    assert detail.flags == ("own-address-customer",)
    assert detail.reply_to == "elsewhere@example.org"
    assert desk.threads.detail(add_ticket(desk.store)).reply_to == ""


def test_a_profile_shows_other_identities_and_the_newest_tickets(desk):
    profile = add_profile(desk.store, "Lena", "lena@example.net", phone="+49301", location="Köln")
    with desk.store.write() as connection:
        connection.executemany(
            "INSERT INTO identity (profile_id, kind, value) VALUES (?, ?, ?)",
            [(profile, "phone", "+49301"), (profile, "instagram", "lena.d")],
        )
    ids = [add_ticket(desk.store, profile_id=profile, at=_at(number)) for number in range(12)]
    add_ticket(desk.store, profile_id=profile, merged_into=ids[0])
    found = desk.threads.profile(profile)
    assert (found.name, found.email, found.location) == ("Lena", "lena@example.net", "Köln")
    assert found.handles == (("instagram", "lena.d"),)
    assert found.ticket_count == 12
    assert [row.id for row in found.tickets] == ids[:1:-1]


def test_a_profile_s_tickets_come_sorted_from_an_index(desk):
    with desk.store.read() as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM ticket WHERE profile_id = 1"
            " AND merged_into IS NULL ORDER BY last_message_at DESC, id DESC LIMIT 10"
        ).fetchall()
    assert len(plan) == 1
    assert "ticket_profile" in plan[0][3]


def test_the_source_of_a_message(desk):
    ticket = add_ticket(desk.store)
    source = b"From: x\r\n\r\nbody" * 20_000
    digest = sha256(source).hexdigest()
    with desk.store.write() as connection:
        put_blob(connection, desk.store.paths, *pack(digest, source))
    kept = add_message(desk.store, ticket, raw_sha256=digest)
    assert desk.threads.raw(kept) == source
    with pytest.raises(NotFound, match=r"message\.no-source"):
        desk.threads.raw(add_message(desk.store, ticket))


@pytest.mark.parametrize("call", ["load", "detail", "message", "raw", "profile"])
def test_what_is_not_there_is_named(desk, call):
    with pytest.raises(NotFound, match=r"\.missing"):
        getattr(desk.threads, call)(4711)
    with pytest.raises(NotFound, match=r"ticket\.missing"):
        desk.threads.older(4711, before=1)


def test_many_events_are_cut_to_the_newest(desk):
    ticket = add_ticket(desk.store)
    with desk.store.write() as connection:
        connection.executemany(
            "INSERT INTO activity (ticket_id, kind, actor_kind, at)"
            " VALUES (?, 'ticket.tagged', 'system', ?)",
            [(ticket, to_us(_at(number))) for number in range(700)],
        )
    events = desk.threads.load(ticket).events
    assert len(events) == 500
    assert events[-1].at == _at(699)
