"""Watching tickets, and being mentioned in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.errors import NotAllowed
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.services.inbox import Inbox
from helpdesk_tui.services.mentions import Mentions
from helpdesk_tui.services.merging import Merging
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.services.triage import Triage
from helpdesk_tui.services.watching import Watching
from tests.support.mailboxes import rows
from tests.support.store import (
    START,
    FakeClock,
    add_agent,
    add_message,
    add_ticket,
    make_store,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START + timedelta(hours=1))


@pytest.fixture
def anna(store: Store) -> Actor:
    return Actor(ActorKind.AGENT, add_agent(store, "anna"), "anna")


@pytest.fixture
def ben(store: Store) -> Actor:
    return Actor(ActorKind.AGENT, add_agent(store, "ben"), "ben")


def test_watching_is_done_once_and_ends(store: Store, anna: Actor) -> None:
    ticket = add_ticket(store)
    watching = Watching(store, anna)
    assert watching.watch([ticket, ticket, 99]).skipped == ((99, "ticket.missing"),)
    assert watching.watch([ticket]).skipped == ((ticket, "ticket.already-watched"),)
    assert watching.watchers(ticket) == {anna.agent_id: "anna"}
    assert watching.unwatch([ticket]).changed == (ticket,)
    assert watching.unwatch([ticket]).skipped == ((ticket, "ticket.not-watched"),)
    assert watching.watchers(ticket) == {}


def test_watching_needs_an_agent_and_leaves_the_ticket_as_it_is(store: Store, anna: Actor) -> None:
    ticket = add_ticket(store)
    for call in (Watching(store, SYSTEM).watch, Watching(store, SYSTEM).unwatch):
        with pytest.raises(NotAllowed):
            call([ticket])
    before = rows(store, "SELECT version, updated_at FROM ticket")
    Watching(store, anna).watch([ticket], versions={ticket: 1})
    assert rows(store, "SELECT version, updated_at FROM ticket") == before


def test_watching_is_undone_and_done_again(store: Store, anna: Actor, ben: Actor) -> None:
    ticket = add_ticket(store)
    watching, triage = Watching(store, anna), Triage(store, ben)
    change = watching.watch([ticket])
    undone = triage.undo(change.change_id)
    assert watching.watchers(ticket) == {}
    triage.undo(undone.change_id)
    assert watching.watchers(ticket) == {anna.agent_id: "anna"}
    watching.unwatch([ticket])
    assert triage.undo(change.change_id).skipped == ((ticket, "undo.changed-since"),)


def test_who_watched_a_part_watches_the_whole(store: Store, anna: Actor) -> None:
    one, two = add_ticket(store), add_ticket(store)
    for each in (one, two):
        add_message(store, each, text="Hello")
    watching = Watching(store, anna)
    watching.watch([one])
    Merging(store, anna).merge([one], two)
    assert watching.watchers(two) == {anna.agent_id: "anna"}
    assert watching.watch([two]).skipped == ((two, "ticket.already-watched"),)
    assert watching.watch([one]).skipped == ((one, "ticket.merged"),)
    assert watching.unwatch([two]).changed == (two,)
    assert watching.watchers(two) == {}


def test_a_note_mentions_active_colleagues_only(
    store: Store, anna: Actor, ben: Actor, clock: FakeClock
) -> None:
    add_agent(store, "gone", active=False)
    ticket = add_ticket(store)
    note = Replies(store, anna, now=clock).note(ticket, "@ben @anna @gone @nobody look")
    assert rows(store, "SELECT message_id, agent_id, ticket_id, seen_at FROM mention") == [
        (note, ben.agent_id, ticket, None)]  # fmt: skip
    (found,) = Mentions(store, ben).unseen()
    assert (found.message_id, found.ticket_id, found.author, found.at) == (
        note, ticket, "Anna", clock.now)  # fmt: skip
    assert Mentions(store, anna).unseen() == ()
    assert Mentions(store, SYSTEM).unseen() == ()
    page = Inbox(store, ben).page(ViewFilter(View.ALL, query="is:mentioned"))
    assert [row.id for row in page.rows] == [ticket]


def test_opening_the_ticket_sees_its_mentions(
    store: Store, anna: Actor, ben: Actor, clock: FakeClock
) -> None:
    one, two = add_ticket(store), add_ticket(store)
    replies, mentions = Replies(store, anna, now=clock), Mentions(store, ben, now=clock)
    for ticket in (one, one, two):
        replies.note(ticket, "@ben?")
    assert mentions.seen(one) == 2
    assert mentions.seen(one) == 0
    assert Mentions(store, SYSTEM).seen(two) == 0
    assert [each.ticket_id for each in mentions.unseen()] == [two]


def test_mentions_stand_where_their_note_stands(
    store: Store, anna: Actor, ben: Actor, clock: FakeClock
) -> None:
    one, two = add_ticket(store), add_ticket(store)
    for each in (one, two):
        add_message(store, each, text="Hello")
    Replies(store, anna, now=clock).note(one, "@ben?")
    merging = Merging(store, anna, now=clock)
    merging.merge([one], two)
    assert [each.ticket_id for each in Mentions(store, ben).unseen()] == [two]
    merging.unmerge(one)
    assert [each.ticket_id for each in Mentions(store, ben).unseen()] == [one]
