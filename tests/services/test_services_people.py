"""Two profiles that are one person: linked, and unlinked exactly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.errors import HelpdeskError, NotAllowed, NotFound, UsageError
from helpdesk_tui.services.customers import Customers
from helpdesk_tui.services.merging import Merging
from helpdesk_tui.services.people import People
from helpdesk_tui.services.threads import Threads
from helpdesk_tui.services.triage import Triage
from tests.support.mailboxes import rows
from tests.support.store import (
    START,
    FakeClock,
    add_agent,
    add_message,
    add_profile,
    add_ticket,
    make_store,
)

CLOCK = FakeClock(START + timedelta(hours=1))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def anna(store: Store) -> Actor:
    return Actor(ActorKind.AGENT, add_agent(store, "anna"), "anna")


@pytest.fixture
def people(store: Store, anna: Actor) -> People:
    return People(store, anna, now=CLOCK)


@pytest.fixture
def triage(store: Store, anna: Actor) -> Triage:
    return Triage(store, anna, now=CLOCK)


@pytest.fixture
def home(store: Store) -> int:
    return add_profile(store, "Lena Doe", "lena@home.example")


@pytest.fixture
def work(store: Store) -> int:
    return add_profile(store, "", "lena@work.example", phone="+4670000001")


def whole(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return whose everything is, without what counts changes."""
    return {
        "profile": rows(
            store, "SELECT id, name, email, phone, location, timezone, merged_into FROM profile"
        ),
        "identity": rows(store, "SELECT id, profile_id, kind, value FROM identity"),
        "ticket": rows(
            store, "SELECT id, profile_id, customer_name, customer_address, status, merged_into,"
            " message_count, preview, spam, unread, waiting_since, tags FROM ticket"
        ),
        "message": rows(store, "SELECT id, ticket_id FROM message"),
        "participant": rows(store, "SELECT * FROM participant ORDER BY 1, 2"),
    }  # fmt: skip


def owners(store: Store) -> dict[int, int]:
    return dict(rows(store, "SELECT id, profile_id FROM ticket"))


def sms(store: Store, profile: int, number: str, **fields: Any) -> int:
    ticket = add_ticket(
        store, channel="sms", profile_id=profile, email=number, subject="", **fields
    )
    add_message(store, ticket, text=f"Hello from {number}", channel="sms")
    return ticket


def code_of(call: Any) -> str:
    with pytest.raises(HelpdeskError) as caught:
        call()
    return caught.value.code


def test_linking_moves_identities_and_tickets(
    store: Store, people: People, anna: Actor, home: int, work: int
) -> None:
    mine = add_ticket(store, email="lena@home.example")
    other = add_ticket(store, name="", email="lena@work.example")
    change = people.link(work, home)
    assert change.changed == (other,)
    assert owners(store) == {mine: home, other: home}
    found = Threads(store, anna).profile(home)
    assert found.ticket_count == 2
    assert ("email", "lena@work.example") in found.handles
    assert found.phone == "+4670000001"
    events = Threads(store, anna).load(other).events
    assert events[-1].kind == "ticket.linked"


def test_unlinking_brings_all_of_it_back(
    store: Store, people: People, home: int, work: int
) -> None:
    add_ticket(store, email="lena@home.example")
    add_ticket(store, name="", email="lena@work.example")
    before = whole(store)
    people.link(work, home)
    assert whole(store) != before
    people.unlink(work)
    assert whole(store) == before


def test_a_link_is_undone_and_done_again(
    store: Store, people: People, triage: Triage, home: int, work: int
) -> None:
    add_ticket(store, email="lena@home.example")
    other = add_ticket(store, name="", email="lena@work.example")
    before = whole(store)
    change = people.link(work, home)
    linked = whole(store)
    undone = triage.undo(change.change_id)
    assert whole(store) == before
    triage.undo(undone.change_id)
    assert whole(store) == linked
    people.unlink(work)
    assert triage.undo(change.change_id).skipped == ((other, "undo.changed-since"),)
    assert whole(store) == before


def test_what_came_since_goes_to_whose_address_it_came_from(
    store: Store, people: People, home: int, work: int
) -> None:
    people.link(work, home)
    later = add_ticket(store, name="", email="lena@work.example")
    mine = add_ticket(store, email="lena@home.example")
    assert owners(store) == {later: home, mine: home}
    people.unlink(work)
    assert owners(store) == {later: work, mine: home}


def test_what_was_changed_since_stays(store: Store, people: People, home: int, work: int) -> None:
    people.link(work, home)
    with store.write() as connection:
        connection.execute("UPDATE profile SET phone = '+48500' WHERE id = ?", (home,))
    people.unlink(work)
    assert rows(store, "SELECT phone FROM profile WHERE id = ?", home) == [("+48500",)]


def test_a_chain_of_links_comes_apart_in_any_order(
    store: Store, people: People, home: int, work: int
) -> None:
    third = add_profile(store, "L. Doe", "lena@club.example")
    for email in ("lena@home.example", "lena@work.example", "lena@club.example"):
        add_ticket(store, email=email)
    before = whole(store)
    people.link(work, home)
    people.link(home, third)
    people.unlink(work)
    assert set(owners(store).values()) == {third, work}
    people.unlink(home)
    assert whole(store) == before
    people.link(work, home)
    people.link(home, third)
    people.unlink(home)
    assert set(owners(store).values()) == {third, home}
    people.unlink(work)
    assert whole(store) == before


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_tickets_of_channels_with_one_per_person_become_one(
    store: Store, people: People, home: int, work: int, channel: str
) -> None:
    one, two = sms(store, home, "+46701"), sms(store, work, "+46702")
    with store.write() as connection:
        connection.execute("UPDATE ticket SET channel = ?", (channel,))
        connection.execute("UPDATE message SET channel = ?", (channel,))
    mail = add_ticket(store, name="", email="lena@work.example")
    before = whole(store)
    people.link(work, home)
    merged = dict(rows(store, "SELECT id, merged_into FROM ticket"))
    assert merged == {one: None, two: one, mail: None}
    assert {ticket for _, ticket in rows(store, "SELECT id, ticket_id FROM message")} == {one}
    people.unlink(work)
    assert whole(store) == before


def test_numbers_of_ours_are_told_apart_and_spam_is_left_alone(
    store: Store, people: People, home: int, work: int
) -> None:
    first = sms(store, home, "+46701")
    spam = sms(store, work, "+46702", spam=True)
    with store.write() as connection:
        account = connection.execute(
            "INSERT INTO channel_account (name, channel, address, settings, created_at)"
            " VALUES ('two', 'sms', '+4699', '{}', 0) RETURNING id"
        ).fetchone()[0]
    elsewhere = sms(store, work, "+46703", channel_account_id=account)
    change = people.link(work, home)
    assert change.skipped == ((spam, "merge.spam"),)
    assert dict(rows(store, "SELECT id, merged_into FROM ticket")) == {
        first: None, spam: None, elsewhere: None}  # fmt: skip


def test_a_reply_on_its_way_out_holds_the_link_back(
    store: Store, people: People, home: int, work: int
) -> None:
    sms(store, home, "+46701")
    two = sms(store, work, "+46702")
    add_message(store, two, direction="outbound", delivery="queued", text="Hi", channel="sms")
    before = whole(store)
    assert code_of(lambda: people.link(work, home)) == "merge.sending"
    assert whole(store) == before


def test_only_what_two_numbers_name_is_linked(people: People, home: int, work: int) -> None:
    with pytest.raises(UsageError) as same:
        people.link(home, home)
    assert same.value.code == "profile.same"
    with pytest.raises(NotFound):
        people.link(work, 99)
    with pytest.raises(NotFound):
        people.unlink(99)
    with pytest.raises(NotAllowed) as never:
        people.unlink(work)
    assert never.value.code == "profile.not-linked"
    people.link(work, home)
    assert code_of(lambda: people.link(home, work)) == "profile.linked"
    assert code_of(lambda: people.link(work, home)) == "profile.linked"


def test_a_ticket_taken_elsewhere_since_stays_there(
    store: Store, people: People, anna: Actor, home: int, work: int
) -> None:
    ticket = add_ticket(store, name="", email="lena@work.example")
    third = add_profile(store, "Max", "max@example.net")
    people.link(work, home)
    with store.write() as connection:
        connection.execute(
            "UPDATE ticket SET profile_id = ?, customer_address = 'max@example.net'", (third,)
        )
    assert people.unlink(work).changed == ()
    assert owners(store) == {ticket: third}


def test_mail_of_either_address_may_be_merged_while_linked(
    store: Store, people: People, anna: Actor, home: int, work: int
) -> None:
    one = add_ticket(store, email="lena@home.example")
    two = add_ticket(store, name="", email="lena@work.example")
    for each in (one, two):
        add_message(store, each, text="Hello")
    merging = Merging(store, anna, now=CLOCK)
    assert merging.merge([two], one).skipped == ((two, "merge.other-customer"),)
    people.link(work, home)
    assert merging.merge([two], one).changed == (two,)


def test_a_ticket_that_was_given_to_the_others_address_stays_when_they_part(
    store: Store, anna: Actor, people: People, home: int
) -> None:
    work = add_profile(store, "Lena Doe", "lena@work.example")
    ticket = add_ticket(store, profile_id=home, email="lena@home.example")
    people.link(home, work)
    Customers(store, anna, now=CLOCK).set_customer(ticket, "lena@work.example")
    people.unlink(home)
    assert rows(store, "SELECT profile_id, customer_address FROM ticket") == [
        (work, "lena@work.example")
    ]


def test_a_ticket_goes_back_to_whom_its_customer_is_part_of_by_now(
    store: Store, anna: Actor, people: People, triage: Triage, home: int
) -> None:
    work = add_profile(store, "Lena Doe", "lena@work.example")
    ticket = add_ticket(store, profile_id=home, email="lena@home.example")
    moved = Customers(store, anna, now=CLOCK).set_customer(ticket, "lena@work.example")
    people.link(home, work)
    triage.undo(moved.change_id)
    assert rows(store, "SELECT profile_id, customer_address FROM ticket") == [
        (work, "lena@home.example")
    ]


def test_an_address_goes_back_to_whose_it_is_by_now(
    store: Store, anna: Actor, people: People, triage: Triage, home: int
) -> None:
    work = add_profile(store, "Lena Doe", "lena@work.example")
    ticket = add_ticket(store, profile_id=home, email="lena@home.example")
    people.link(work, home)
    moved = Customers(store, anna, now=CLOCK).set_customer(ticket, "lena@work.example")
    people.unlink(work)
    assert rows(store, "SELECT profile_id FROM ticket") == [(work,)]
    triage.undo(moved.change_id)
    assert rows(store, "SELECT profile_id, customer_address FROM ticket") == [
        (home, "lena@home.example")
    ]
