from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.services.drafts import Drafts
from tests.support.store import START, FakeClock, add_agent, add_ticket, make_store

REPLY, NOTE = DraftKind.REPLY, DraftKind.NOTE


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def clock():
    return FakeClock()


def drafts_of(store, name, clock):
    return Drafts(store, Actor(ActorKind.AGENT, add_agent(store, name), name), now=clock)


@pytest.fixture
def drafts(store, clock):
    return drafts_of(store, "anna", clock)


def test_a_draft_is_kept_per_ticket_kind_and_agent(store, drafts, clock):
    ticket = add_ticket(store)
    drafts.save(ticket, REPLY, "Dear")
    drafts.save(ticket, NOTE, "call them")
    drafts_of(store, "bert", clock).save(ticket, REPLY, "Hi")
    drafts.save(ticket, REPLY, "Dear Lena")
    draft = drafts.load(ticket, REPLY)
    assert draft is not None
    assert (draft.text, draft.kind, draft.updated_at) == ("Dear Lena", REPLY, START)
    note = drafts.load(ticket, NOTE)
    assert note is not None
    assert note.text == "call them"


def test_an_emptied_draft_goes_away(store, drafts):
    ticket = add_ticket(store)
    drafts.save(ticket, REPLY, "Dear")
    drafts.save(ticket, REPLY, " \n")
    assert drafts.load(ticket, REPLY) is None
    drafts.save(ticket, REPLY, "Dear")
    drafts.discard(ticket, REPLY)
    assert drafts.load(ticket, REPLY) is None


def test_files_stay_with_the_draft_until_detached(store, drafts):
    ticket = add_ticket(store)
    first = drafts.attach(ticket, REPLY, "../../etc/label.pdf", b"%PDF")
    second = drafts.attach(ticket, REPLY, "b.bin", b"x" * 200_000, "application/x-thing")
    draft = drafts.load(ticket, REPLY)
    assert draft is not None
    assert draft.files == (first, second)
    assert (first.filename, first.content_type) == ("label.pdf", "application/pdf")
    assert second.content_type == "application/x-thing"
    with store.read() as connection:
        assert get_blob(connection, store.paths, second.sha256) == b"x" * 200_000
    drafts.save(ticket, REPLY, "")
    assert drafts.load(ticket, REPLY) is not None
    drafts.detach(first.id)
    drafts.detach(second.id)
    assert drafts.load(ticket, REPLY) is None


def test_a_content_type_that_is_none_is_replaced(store, drafts):
    file = drafts.attach(add_ticket(store), REPLY, "x", b"", "text/plain\r\nBcc: x")
    assert file.content_type == "application/octet-stream"


def test_files_over_the_limit_of_the_channel_are_refused_with_numbers(store, drafts):
    ticket = add_ticket(store, channel="sms")
    drafts.attach(ticket, REPLY, "a.pdf", b"x" * 4_000_000)
    # pictures can still be made smaller before they are sent, and count for nothing yet
    drafts.attach(ticket, REPLY, "a.png", b"x" * 6_000_000)
    with pytest.raises(UsageError) as caught:
        drafts.attach(ticket, REPLY, "b.pdf", b"x" * 3_000_000)
    assert caught.value.code == "attachment.too-large"
    assert caught.value.values["size"] == 7_000_000
    assert caught.value.values["limit"] == 5_000_000


def test_another_agents_file_cannot_be_detached(store, drafts, clock):
    file = drafts.attach(add_ticket(store), REPLY, "a", b"1")
    with pytest.raises(NotFound, match=r"attachment\.missing"):
        drafts_of(store, "bert", clock).detach(file.id)


def test_all_drafts_come_newest_first_with_their_tickets(store, drafts, clock):
    old, new = add_ticket(store, subject="Old"), add_ticket(store, subject="New")
    drafts.save(old, REPLY, "a")
    clock.now += timedelta(minutes=1)
    drafts.save(new, REPLY, "b")
    assert [(draft.text, row.subject) for draft, row in drafts.all()] == [
        ("b", "New"),
        ("a", "Old"),
    ]
    assert drafts_of(store, "bert", clock).all() == []


def test_drafts_need_a_ticket_and_an_agent(store, drafts):
    with pytest.raises(NotFound, match=r"ticket\.missing"):
        drafts.save(99, REPLY, "x")
    with pytest.raises(NotAllowed, match=r"agent\.missing"):
        Drafts(store, SYSTEM).load(1, REPLY)
