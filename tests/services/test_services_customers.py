"""Who the customer of a ticket is: set, suggested, and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.received import Source
from helpdesk_tui.services.customers import Customers
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.triage import Triage
from tests.support.chats import SITE, VISITOR, add_chat
from tests.support.mails import make_mail, receive
from tests.support.store import (
    FakeClock,
    add_agent,
    add_mailbox,
    add_profile,
    make_store,
    row_of,
)

SOURCE = Source(account_id=1, address="box@shop.example")
TEXT = "Ana wrote to us:\nFrom: Ana Ruiz <Ana@garden.example>, see http://x.example/a@b\nHelp!"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    addresses = ("support@shop.example", "info@shop.example")
    add_mailbox(store, account="shop", addresses=addresses, name="Shop")
    yield store
    store.close()


@pytest.fixture
def actor(store: Store) -> Actor:
    return Actor(ActorKind.AGENT, add_agent(store, "anna"), "anna")


@pytest.fixture
def customers(store: Store, actor: Actor) -> Customers:
    return Customers(store, actor, now=FakeClock())


@pytest.fixture
def triage(store: Store, actor: Actor) -> Triage:
    return Triage(store, actor, now=FakeClock())


def chained(store: Store, **fields: Any) -> int:
    """Receive a mail that two forwards made look like one of our own; return its ticket."""
    values = {"name": "Shop", "text": TEXT, "message_id": "one@x.example", **fields}
    Inbound(store, SYSTEM).ingest(
        [receive(make_mail("info@shop.example", **values))], source=SOURCE
    )
    return int(ticket(store)["id"])


def ticket(store: Store) -> dict[str, Any]:
    with store.read() as connection:
        cursor = connection.execute("SELECT * FROM ticket ORDER BY id DESC LIMIT 1")
        names = [part[0] for part in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def people(store: Store, number: int) -> dict[str, str]:
    with store.read() as connection:
        found = connection.execute(
            "SELECT address, role FROM participant WHERE ticket_id = ?", (number,)
        )
        return dict(found.fetchall())


def shown(store: Store) -> dict[str, Any]:
    names = ("customer_name", "customer_address", "profile_id", "flags", "waiting_since")
    found = ticket(store)
    return {name: found[name] for name in names}


def test_the_ticket_moves_to_the_person(store: Store, customers: Customers) -> None:
    number = chained(store)
    before = ticket(store)
    assert "own-address-customer" in before["flags"].split()
    assert before["waiting_since"] is None
    change = customers.set_customer(number, "Ana@garden.example", "Ana  Ruiz")
    assert change.changed == (number,)
    after = ticket(store)
    assert (after["customer_address"], after["customer_name"]) == ("ana@garden.example", "Ana Ruiz")
    assert after["profile_id"] != before["profile_id"]
    assert "own-address-customer" not in after["flags"].split()
    assert after["waiting_since"] == before["created_at"]
    assert people(store, number)["ana@garden.example"] == "customer"
    with store.read() as connection:
        kind, old, new = connection.execute(
            "SELECT kind, before, after FROM activity ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert kind == "ticket.customer"
    assert "@" not in old + new
    assert json.loads(new)["profile_id"] == after["profile_id"]


def test_a_known_customer_gets_it_and_keeps_the_name(store: Store, customers: Customers) -> None:
    Inbound(store, SYSTEM).ingest(
        [receive(make_mail("ana@garden.example", name="Ana Ruiz", message_id="0@x"))], source=SOURCE
    )
    known = ticket(store)
    number = chained(store)
    customers.set_customer(number, "ana@garden.example", "Somebody")
    assert shown(store)["profile_id"] == known["profile_id"]
    assert shown(store)["customer_name"] == "Ana Ruiz"


def test_messages_and_other_tickets_stay_as_they_are(store: Store, customers: Customers) -> None:
    first = chained(store)
    other = chained(store, message_id="two@x.example", subject="Another matter", text="Hello you")
    with store.read() as connection:
        query = "SELECT * FROM message ORDER BY id"
        before = connection.execute(query).fetchall()
    customers.set_customer(first, "ana@garden.example")
    assert ticket(store)["id"] == other
    assert ticket(store)["customer_address"] == "info@shop.example"
    with store.read() as connection:
        assert connection.execute(query).fetchall() == before


def test_it_is_taken_back_and_done_again(
    store: Store, customers: Customers, triage: Triage
) -> None:
    number = chained(store)
    before, there = shown(store), people(store, number)
    change = customers.set_customer(number, "ana@garden.example", "Ana")
    done, then = shown(store), people(store, number)
    undone = triage.undo(change.change_id)
    assert undone.changed == (number,)
    assert shown(store) == before
    assert people(store, number) == there
    triage.undo(undone.change_id)
    assert shown(store) == done
    assert people(store, number) == then


def test_who_wrote_here_goes_on_taking_part(store: Store, customers: Customers) -> None:
    Inbound(store, SYSTEM).ingest(
        [receive(make_mail("max@garden.example", message_id="0@x"))], source=SOURCE
    )
    number = int(ticket(store)["id"])
    customers.set_customer(number, "ana@garden.example")
    customers.set_customer(number, "eve@garden.example")
    assert people(store, number) == {
        "max@garden.example": "customer", "eve@garden.example": "customer",
    }  # fmt: skip


def test_answers_of_the_new_customer_join(store: Store, customers: Customers) -> None:
    number = chained(store)
    customers.set_customer(number, "ana@garden.example")
    mail = make_mail("ana@garden.example", message_id="2@x", in_reply_to="one@x.example")
    Inbound(store, SYSTEM).ingest([receive(mail)], source=SOURCE)
    assert ticket(store)["id"] == number
    assert ticket(store)["message_count"] == 2
    assert ticket(store)["flags"] == ""


@pytest.mark.parametrize("address", ["info@shop.example", "SUPPORT@shop.example", "no", "a\n@b.c"])
def test_who_cannot_be_a_customer(store: Store, customers: Customers, address: str) -> None:
    number = chained(store)
    with pytest.raises(UsageError):
        customers.set_customer(number, address)
    with pytest.raises(NotFound):
        customers.set_customer(number + 1, "ana@garden.example")


def test_the_same_customer_again_changes_nothing(store: Store, customers: Customers) -> None:
    number = chained(store)
    customers.set_customer(number, "ana@garden.example")
    change = customers.set_customer(number, "ana@garden.example")
    assert change.skipped == ((number, "customer.same"),)


def test_likely_people_come_from_header_and_text(store: Store, customers: Customers) -> None:
    number = chained(
        store,
        to=["info@shop.example", "max@garden.example"],
        cc=["box@shop.example", "eve@garden.example"],
    )
    found = customers.suggestions(number)
    assert [person.addr for person in found] == [
        "max@garden.example", "eve@garden.example", "ana@garden.example",
    ]  # fmt: skip
    assert customers.suggestions(number + 1) == ()


def test_no_more_than_eight_are_suggested(store: Store, customers: Customers) -> None:
    number = chained(store, text=" ".join(f"p{n}@x.example" for n in range(30)))
    assert len(customers.suggestions(number)) == 8
    Customers(store, SYSTEM).set_customer(number, "p1@x.example", "Pat")
    assert Address("Pat", "p1@x.example") in customers.suggestions(number)


def test_the_visitor_of_a_chat_comes_back_with_undo(
    store: Store, customers: Customers, triage: Triage
) -> None:
    profile = add_profile(store, "Lena Doe")
    with store.write() as connection:
        connection.execute(
            "INSERT INTO identity (profile_id, kind, value) VALUES (?, 'webchat', ?)",
            (profile, f"{SITE}:v-1"),
        )
    chat = add_chat(store, profile_id=profile, customer_address=VISITOR)
    change = customers.set_customer(chat, "omar@example.org", "Omar")
    assert row_of(store, "ticket", chat)["customer_address"] == "omar@example.org"
    assert triage.undo(change.change_id).changed == (chat,)
    row = row_of(store, "ticket", chat)
    assert (row["customer_address"], row["customer_name"]) == (VISITOR, "Lena Doe")
    assert row["profile_id"] == profile
