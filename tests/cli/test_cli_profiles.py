"""``profile show``, ``refresh``, ``export`` and ``erase`` for scripts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.services.desk import open_desk
from tests.support.customer_values import order
from tests.support.known_customer import facts, tell
from tests.support.shell import Shell
from tests.support.store import add_agent, add_message, add_ticket


def insert_identity(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO identity (profile_id, kind, value, verified)"
        " VALUES (1, 'phone', '+48601222444', 1)"
    )


@pytest.fixture
def ada(desk: Shell) -> Shell:
    """A desk with one customer, an owner and somebody of support."""
    store = Store(desk.store)
    try:
        add_agent(store, "sam", role="support")
        ticket = add_ticket(store, name="Ada", email="ada@example.net")
        add_message(store, ticket, text="secret words")
        with store.write() as connection:
            insert_identity(connection)
    finally:
        store.close()
    return desk


def test_show_tells_who_it_is_and_what_nobody_knows(ada: Shell) -> None:
    found = ada.json("profile", "show", "1")
    assert (found["id"], found["email"], found["order_count"]) == ("1", "ada@example.net", None)
    assert "no other source" in ada("profile", "show", "1")
    ada.fails("profile", "show", "99", code=4)


@pytest.mark.parametrize("command", ["show", "refresh", "export"])
def test_a_customer_is_named_by_address_too(ada: Shell, command: str) -> None:
    assert ada.json("profile", command, "Ada@example.net")["id"] == "1"
    ada.fails("profile", command, "ad@example.net", code=4)
    ada.fails("profile", command, "+48601222333", code=4)


def test_a_number_may_be_written_with_blanks(ada: Shell) -> None:
    assert ada.json("profile", "show", "+48 601 222 444")["id"] == "1"


def test_show_writes_orders_as_people_do(ada: Shell) -> None:
    with closing(open_desk(ada.store)) as desk:
        tell(desk, 1, facts(orders=(order("#7", currency="KWD", total=Decimal("1.125")),)))
    assert "#7  1.125 KWD  paid  on its way" in ada("profile", "show", "1")
    found = ada.json("profile", "show", "1")
    assert (found["order_count"], found["subscription_count"]) == (1, 1)


def test_nobody_is_erased_by_an_address(ada: Shell) -> None:
    assert ada("profile", "show", "ada@example.net").startswith("#1 · ")
    ada.fails("profile", "erase", "ada@example.net", "--yes", code=2)


def test_export_holds_everything_and_needs_a_role(ada: Shell) -> None:
    found = ada.json("profile", "export", "1")
    email = {"kind": "email", "value": "ada@example.net", "verified": False}
    assert email in found["identities"]
    assert found["tickets"][0]["messages"][0]["text"] == "secret words"
    ada.fails("--agent", "sam", "profile", "export", "1", code=3)


def test_erase_asks_first_and_is_for_owners(ada: Shell) -> None:
    ada.fails("--agent", "sam", "profile", "erase", "1", "--yes", code=3)
    assert "--yes" in ada.fails("profile", "erase", "1", code=2)
    assert ada.json("profile", "erase", "1", "--yes")["tickets"] == ["1"]
    left = ada("profile", "export", "1")
    assert "secret" not in left
    assert "ada@example" not in left


def test_refresh_asks_the_worker(ada: Shell) -> None:
    assert "fetches customer 1" in ada("profile", "refresh", "1")
    ada.fails("profile", "refresh", "99", code=4)
