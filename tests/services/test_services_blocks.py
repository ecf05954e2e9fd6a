"""Blocked senders: what they write is kept, and put before nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.mail import Evidence, MailClass
from helpdesk_tui.domain.tickets import View
from helpdesk_tui.services.blocks import Blocks
from helpdesk_tui.services.changes import ChangeFeed
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.inbox import Inbox
from helpdesk_tui.services.triage import Triage
from tests.support.mailboxes import rows
from tests.support.mails import make_mail
from tests.support.receiving import OURS, only, receiving_store, take
from tests.support.store import FakeClock, add_agent, add_ticket

PEST = "pest@noise.example"
STATE = "SELECT status, spam, unread, waiting_since, message_count FROM ticket WHERE id = ?"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return receiving_store(tmp_path)


@pytest.fixture
def anna(store: Store) -> Actor:
    return Actor(ActorKind.AGENT, add_agent(store, "anna"), "anna")


@pytest.fixture
def blocks(store: Store, anna: Actor) -> Blocks:
    return Blocks(store, anna, now=FakeClock())


@pytest.fixture
def triage(store: Store, anna: Actor) -> Triage:
    return Triage(store, anna, now=FakeClock())


def first_mail(store: Store) -> int:
    take(store, make_mail(PEST, message_id="first@noise.example"))
    return int(only(store, "SELECT max(id) FROM ticket")[0])


def test_a_new_mail_of_a_blocked_sender_lies_read_in_spam(store: Store, blocks: Blocks) -> None:
    ticket = first_mail(store)
    assert blocks.block([ticket]).changed == (ticket,)
    assert blocks.is_blocked(PEST.upper())
    feed = ChangeFeed(store)
    take(store, make_mail(PEST, message_id="b@noise.example", subject="Buy this"))
    assert only(store, STATE, ticket + 1) == ("open", 1, 0, None, 1)
    assert only(store, "SELECT flags FROM message WHERE ticket_id = ?", ticket + 1) == ("blocked",)
    news = feed.poll()
    assert news is not None
    assert news.arrived == frozenset()
    counts = Inbox(store, blocks._actor).counts()
    assert counts[View.SPAM].unread == 0


@pytest.mark.parametrize("status", ["closed", "snoozed", "open"])
def test_a_joining_mail_of_a_blocked_sender_moves_nothing(
    store: Store, blocks: Blocks, triage: Triage, status: str
) -> None:
    ticket = first_mail(store)
    if status == "closed":
        triage.close([ticket])
    elif status == "snoozed":
        triage.snooze([ticket], None)
    triage.mark_read([ticket])
    before = only(store, STATE, ticket)
    preview = only(store, "SELECT preview, last_message_at FROM ticket WHERE id = ?", ticket)
    blocks.block([ticket])
    mail = make_mail(PEST, message_id="c@noise.example", in_reply_to="first@noise.example",
                     text="Answer me!", cc="friend@noise.example",
                     reply_to="other@noise.example")  # fmt: skip
    take(store, mail)
    assert only(store, STATE, ticket) == (*before[:4], 2)
    assert (
        only(store, "SELECT preview, last_message_at FROM ticket WHERE id = ?", ticket) == preview
    )
    assert only(store, "SELECT flags FROM ticket WHERE id = ?", ticket) == ("",)
    assert rows(store, "SELECT 1 FROM participant WHERE address LIKE 'friend%'") == []


def test_automatic_and_own_mail_and_the_rest_go_on_as_ever(store: Store, blocks: Blocks) -> None:
    blocks.block([first_mail(store)])
    take(store, make_mail("lena@example.net", message_id="d@example.net"))
    assert only(store, STATE, 2)[:3] == ("open", 0, 1)
    take(store, make_mail(PEST, message_id="e@noise.example", mail_class=MailClass.BULK))
    assert only(store, STATE, 3)[:3] == ("open", 1, 0)


def test_explaining_says_that_the_sender_is_blocked(store: Store, blocks: Blocks) -> None:
    blocks.block([first_mail(store)])
    with store.read() as connection:
        desk = load_desk(connection)
    verdict = Inbound(store, blocks._actor).explain(
        make_mail(PEST, message_id="f@noise.example", in_reply_to="first@noise.example"), desk
    )
    assert Evidence("sender.blocked", PEST) in verdict.evidence
    assert verdict.is_blocked
    assert not verdict.offer


def test_blocking_again_changes_nothing_and_unblocking_lets_through(
    store: Store, blocks: Blocks
) -> None:
    ticket = first_mail(store)
    blocks.block([ticket])
    assert blocks.block([ticket, 99]).skipped == (
        (ticket, "ticket.already-blocked"), (99, "ticket.missing"))  # fmt: skip
    assert [(each.value, each.agent) for each in blocks.all()] == [(PEST, "anna")]
    assert blocks.unblock([ticket]).changed == (ticket,)
    assert blocks.unblock([ticket]).skipped == ((ticket, "ticket.not-blocked"),)
    take(store, make_mail(PEST, message_id="g@noise.example", subject="Sorry"))
    assert only(store, STATE, ticket + 1)[:3] == ("open", 0, 1)


def test_a_ticket_that_moved_since_is_left_alone(store: Store, blocks: Blocks) -> None:
    ticket = first_mail(store)
    change = blocks.block([ticket], versions={ticket: 7})
    assert change.skipped == ((ticket, "ticket.changed-meanwhile"),)
    assert blocks.block([]).changed == ()


def test_own_addresses_and_tickets_without_one_cannot_be_blocked(
    store: Store, blocks: Blocks
) -> None:
    take(store, make_mail(OURS, message_id="own@example.net"))
    nameless = add_ticket(store, channel="webchat", customer_address="")
    found = rows(store, "SELECT id FROM ticket WHERE customer_address = ?", OURS)
    change = blocks.block([*(each[0] for each in found), nameless])
    assert {code for _, code in change.skipped} == {"block.own-address", "block.no-address"}
    assert blocks.all() == ()


def test_blocking_is_undone_and_done_again(store: Store, blocks: Blocks, triage: Triage) -> None:
    ticket = first_mail(store)
    change = blocks.block([ticket])
    undone = triage.undo(change.change_id)
    assert undone.changed == (ticket,)
    assert not blocks.is_blocked(PEST)
    triage.undo(undone.change_id)
    assert blocks.is_blocked(PEST)
    blocks.remove(PEST)
    assert triage.undo(change.change_id).skipped == ((ticket, "undo.changed-since"),)
    with pytest.raises(NotFound) as caught:
        blocks.remove(PEST)
    assert caught.value.code == "block.missing"


def test_the_undo_of_a_block_whose_sender_is_gone_does_nothing(
    store: Store, blocks: Blocks, triage: Triage
) -> None:
    ticket = first_mail(store)
    change = blocks.block([ticket])
    with store.write() as connection:
        connection.execute("DELETE FROM identity")
    assert triage.undo(change.change_id).changed == ()
