"""Customers out of files: read by line, kept by themselves, found once they write."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Section
from helpdesk_tui.domain.commerce.identities import Identities, Identity, MatchedBy
from helpdesk_tui.domain.errors import NotAllowed, UsageError
from helpdesk_tui.services.commerce.context import CustomerContexts
from helpdesk_tui.services.commerce.erasing import Erasing
from helpdesk_tui.services.commerce.import_files import read_file
from helpdesk_tui.services.commerce.importing import Imports
from helpdesk_tui.services.commerce.sources import Sources
from tests.support.store import add_profile, make_store

SHOPIFY_ORDERS = """Name,Email,Financial Status,Fulfillment Status,Currency,Subtotal,Total,\
Created at,Lineitem quantity,Lineitem name,Lineitem price,Tags,Id
#1042,Ada@Example.com,paid,unfulfilled,EUR,18,21.00,2026-05-01 10:00:00 +0200,2,Tea,9.25,"a,b",9001
#1042,ada@example.com,,,,,,,1,Cup,4.00,,
#1043,bob@example.com,pending,,EUR,5.00,5.00,2026-05-02 10:00:00 +0200,1,Cup,5.00,,9002
"""


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


@pytest.fixture(name="source")
def _source(store: Store) -> ConnectedSource:
    return Sources(store, SYSTEM).add("table", "old-shop", {})


def taken(store: Store, source: ConnectedSource, path: Path) -> int:
    told = [one.customer for one in read_file(path) if one.customer is not None]
    return Imports(store, SYSTEM).take(source, told)


def file(tmp_path: Path, text: str, name: str = "data.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def verified(**values: str) -> Identities:
    return Identities(1, tuple(Identity(kind, one, True) for kind, one in values.items()))


def known(store: Store, source: ConnectedSource, email: str) -> Facts:
    imports = Imports(store, SYSTEM)
    match = imports.match(source, verified(email=email))
    assert match is not None
    facts = imports.facts(source, match.external_id, tuple(Section))
    assert facts is not None
    return facts


def test_orders_come_as_a_shop_exports_them(store: Store, source: ConnectedSource, tmp_path: Path):
    assert taken(store, source, file(tmp_path, SHOPIFY_ORDERS)) == 2
    (order,) = known(store, source, "ada@example.com").orders or ()
    assert (order.name, order.payment, order.total) == ("#1042", "paid", Decimal("21.00"))
    assert [(one.title, one.quantity) for one in order.items] == [("Tea", 2), ("Cup", 1)]
    assert order.tags == ("a", "b")
    assert order.created_at.isoformat() == "2026-05-01T08:00:00+00:00"


def test_reading_again_changes_nothing(store: Store, source: ConnectedSource, tmp_path: Path):
    path = file(tmp_path, SHOPIFY_ORDERS)
    assert taken(store, source, path) == 2
    assert taken(store, source, path) == 0
    assert Imports(store, SYSTEM).count(source) == 2


def test_tables_of_one_customer_come_together(
    store: Store, source: ConnectedSource, tmp_path: Path
):
    taken(store, source, file(tmp_path, SHOPIFY_ORDERS))
    taken(store, source, file(tmp_path, "email;first name;last name;total spent;segments\n"
                              "ada@example.com;Ada;Byron;121.10;VIP, Tea\n"))  # fmt: skip
    taken(store, source, file(tmp_path, "email,product,status,order interval frequency,unit\n"
                              "ada@example.com,Tea,ACTIVE,1,months\n"))  # fmt: skip
    taken(store, source, file(tmp_path, "email,event,at,title\n"
                              "ada@example.com,Viewed,2026-05-01,Tea\n"
                              "ada@example.com,Viewed,2026-05-02,Cup\n"))  # fmt: skip
    facts = known(store, source, "ada@example.com")
    assert facts.profile is not None
    assert facts.profile.name == "Ada Byron"
    assert facts.value is not None
    assert facts.value.spent == Decimal("121.10")
    assert [one.name for one in facts.segments or ()] == ["VIP", "Tea"]
    assert [(one.product, one.every, one.unit) for one in facts.subscriptions or ()] == [
        ("Tea", 1, "month")
    ]
    assert facts.events is not None
    assert [one.title for one in facts.events.events] == ["Cup", "Tea"]
    assert len(facts.orders or ()) == 1
    assert Imports(store, SYSTEM).count(source) == 2


def test_a_newer_file_brings_an_order_up_to_date(
    store: Store, source: ConnectedSource, tmp_path: Path
):
    taken(store, source, file(tmp_path, SHOPIFY_ORDERS))
    taken(store, source, file(tmp_path, SHOPIFY_ORDERS.replace("paid", "refunded")))
    (order,) = known(store, source, "ada@example.com").orders or ()
    assert order.payment == "refunded"


def test_lines_of_json_are_customers(store: Store, source: ConnectedSource, tmp_path: Path):
    line = json.dumps({"id": 7, "emails": ["ada@example.com"], "phones": ["+15550001111"],
                       "profile": {"name": "Ada"}})  # fmt: skip
    assert taken(store, source, file(tmp_path, f"{line}\n\n", "all.jsonl")) == 1
    match = Imports(store, SYSTEM).match(source, verified(phone="+15550001111"))
    assert match is not None
    assert (match.external_id, match.matched_by) == ("7", MatchedBy.PHONE)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("nonsense", "own-data.no-json"),
        ("[1]", "own-data.no-json"),
        ('{"emails": ["a@b.example"]}', "own-data.bad"),
        ('{"id": 1}', "own-data.nobody"),
        ('{"profile": {"name": "Ada"}}', "own-data.nobody"),
        ('{"id": 1, "emails": ["a@b.example"], "orders": [{}]}', "own-data.bad"),
    ],
)
def test_a_line_that_says_nothing_is_named(tmp_path: Path, line: str, code: str):
    good = '{"id": 2, "emails": ["c@d.example"]}'
    told = list(read_file(file(tmp_path, f"{line}\n{good}\n", "all.jsonl")))
    assert [one.number for one in told] == [1, 2]
    assert told[0].error is not None
    assert told[0].error.code == code
    assert told[1].error is None


def test_what_is_no_date_is_named_as_it_stands(tmp_path: Path):
    table = (
        "email,name,created at\na@b.example,#1,2024-03-05 10:00 UTC\na@b.example,#2,not a date\n"
    )
    told = list(read_file(file(tmp_path, table, "orders.csv")))
    assert [one.error.values["value"] for one in told if one.error] == ["not a date"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"color,size\nred,7\n", "own-data.columns"),
        (b"product,status\nTea,active\n", "own-data.columns"),
        (b"email\n\xff\xfe\n", "own-data.not-a-table"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path: Path, data: bytes, code: str):
    path = tmp_path / "data.csv"
    path.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        list(read_file(path))
    assert caught.value.code == code


def test_whoever_has_written_is_told_of_at_once(
    store: Store, source: ConnectedSource, tmp_path: Path
):
    ada = add_profile(store, email="ada@example.com")
    claimed = add_profile(store, email="bob@example.com")
    with store.write() as connection:
        connection.execute("UPDATE identity SET verified = 1 WHERE profile_id = ?", (ada,))
    taken(store, source, file(tmp_path, SHOPIFY_ORDERS))
    contexts = CustomerContexts(store, SYSTEM)
    assert [order.name for _, order in contexts.load(ada).orders] == ["#1042"]
    assert contexts.load(claimed).orders == ()
    contexts.close()


def test_whoever_is_erased_is_erased_from_files_too(
    store: Store, source: ConnectedSource, tmp_path: Path
):
    ada = add_profile(store, email="ada@example.com")
    claimed = add_profile(store, email="bob@example.com")
    with store.write() as connection:
        connection.execute("UPDATE identity SET verified = 1 WHERE profile_id = ?", (ada,))
    taken(store, source, file(tmp_path, SHOPIFY_ORDERS))
    for each in (ada, claimed):
        Erasing(store, SYSTEM).erase(each)
    with store.read() as connection:
        left = connection.execute("SELECT external_id FROM imported_customer").fetchall()
    # of an address that somebody only claimed the owner is somebody else
    assert left == [("bob@example.com",)]


def test_what_is_removed_is_gone_with_all_it_said(
    store: Store, source: ConnectedSource, tmp_path: Path
):
    ada = add_profile(store, email="ada@example.com")
    with store.write() as connection:
        connection.execute("UPDATE identity SET verified = 1 WHERE profile_id = ?", (ada,))
    taken(store, source, file(tmp_path, SHOPIFY_ORDERS))
    Sources(store, SYSTEM).remove("old-shop")
    with store.read() as connection:
        for table in ("imported_customer", "imported_address", "order_snapshot", "source"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_only_administrators_import_and_only_into_what_is_for_it(
    store: Store, source: ConnectedSource
):
    told: list[dict[str, Any]] = [{"id": "1", "emails": ["a@b.example"]}]
    with pytest.raises(NotAllowed):
        Imports(store, Actor(ActorKind.AGENT, 1)).take(source, told)
    other = Sources(store, SYSTEM).add("endpoint", "own", {"url": "https://shop.example/h"})
    with pytest.raises(UsageError, match=r"source\.not-imported"):
        Imports(store, SYSTEM).take(other, told)
