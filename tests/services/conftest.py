"""A desk with a mailbox, two agents and a ticket that waits, where a file says nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.services.drafts import Drafts
from helpdesk_tui.services.replies import Replies
from tests.support.messaging import MessagingBox
from tests.support.store import (
    START,
    FakeClock,
    add_agent,
    add_mailbox,
    add_message,
    add_ticket,
    make_store,
)


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    add_mailbox(store)
    yield store
    store.close()


@pytest.fixture
def box(tmp_path):
    """Return a store with a number or an account of each channel of phones."""
    store = make_store(tmp_path)
    yield MessagingBox(store, FakeClock())
    store.close()


@pytest.fixture
def clock():
    return FakeClock(START + timedelta(hours=1))


@pytest.fixture
def anna(store):
    agent = add_agent(store, "anna", full_name="Anna Nowak", signature="Anna\nShop")
    return Actor(ActorKind.AGENT, agent, "anna")


@pytest.fixture
def bert(store):
    return Actor(ActorKind.AGENT, add_agent(store, "bert"), "bert")


@pytest.fixture
def replies(store, anna, clock):
    return Replies(store, anna, now=clock)


@pytest.fixture
def drafts(store, anna, clock):
    return Drafts(store, anna, now=clock)


@pytest.fixture
def ticket(store):
    ticket = add_ticket(store, waiting_since=START, preview="Hello")
    add_message(
        store, ticket, external_id="b@x.example", thread_ids=["a@x.example"],
        recipients=["support@shop.example", "friend@y.example"], copies=["bert@shop.example"],
    )  # fmt: skip
    return ticket
