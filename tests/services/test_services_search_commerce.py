"""Searches see what connected sources know of customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.facts import Facts, Order, Section, Segment, Subscription, Value
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from helpdesk_tui.domain.query.parsing import QueryError
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.commerce.storing import ContextStore
from tests.support.store import START, FakeClock, add_message, add_profile, add_ticket, make_desk

ALL = tuple(Section)


class Shop:
    """Three customers with a ticket each: Ada buys much, Bo little, nobody knows Cy."""

    def __init__(self, root: Path) -> None:
        self.desk = make_desk(root, clock=FakeClock())
        store = self.desk.store
        self.tickets = {
            name: add_ticket(store, name=name, email=f"{name}@example.net", at=START)
            for name in ("ada", "bo", "cy")
        }
        self.people = {
            name: add_profile(store, name, f"{name}@example.net") for name in self.tickets
        }
        self.source = Sources(store, SYSTEM, now=self.desk.clock).add("table", "shop", {})
        self.keeper = ContextStore(store, now=self.desk.clock)
        self.say("ada", Facts(
            value=Value("EUR", Decimal(400), total=Decimal("612.5"), orders=7,
                        churn=Decimal("0.1")),
            segments=(Segment("1", "VIP"), Segment("2", "Very Old Friends")),
            orders=(_order("#1042", "89.50"), _order("#1001", "12")),
            subscriptions=(Subscription("s1", "Tea", "active"),),
        ))  # fmt: skip
        self.say("bo", Facts(
            value=Value("EUR", Decimal(20), churn=Decimal("0.8"), orders=0), segments=(), orders=(),
            subscriptions=(Subscription("s2", "Tea", "cancelled"),),
        ))  # fmt: skip

    def say(self, name: str, facts: Facts) -> None:
        match = Match(f"id-{name}", MatchedBy.EMAIL, f"{name}@example.net")
        self.keeper.store(self.source, self.people[name], match, facts, asked=ALL)

    def found(self, query: str) -> str:
        page = self.desk.inbox.page(ViewFilter(View.ALL, query=query))
        numbers = {number: name for name, number in self.tickets.items()}
        return " ".join(sorted(numbers[row.id] for row in page.rows))


def _order(name: str, total: str) -> Order:
    return Order(f"gid/{name}", name, START - timedelta(days=2), currency="EUR",
                 total=Decimal(total))  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    found = Shop(tmp_path)
    yield found
    found.desk.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ltv:>500", "ada"),
        ("ltv:612.5", "ada"),
        ("ltv:<=612.49", "bo"),
        ("ltv:10..30", "bo"),
        ("-ltv:>500", "bo cy"),
        ("churn:>0.7", "bo"),
        ("churn:>=80%", "bo"),
        ("orders:0", "bo"),
        ("orders:>=7", "ada"),
        ("total:>89", "ada"),
        ("total:>89.5", ""),
        ("segment:VIP", "ada"),
        ("segment:vip,nobody", None),
        ('segment:"very old friends"', "ada"),
        ("has:order", "ada"),
        ("has:subscription", "ada"),
        ("-has:order", "bo cy"),
        ("order:#1042", "ada"),
        ("order:1042", "ada"),
        ("-order:#1042", "bo cy"),
        ("order:#9999", ""),
        ("ltv:>500 OR churn:>0.7", "ada bo"),
        ("(order:#1042 OR orders:0) channel:email", "ada bo"),
        ("has:order,subscription,attachment", "ada"),
    ],
)
def test_a_query_compares_what_sources_know(shop, query, found):
    if found is None:
        with pytest.raises(QueryError) as caught:
            shop.found(query)
        assert caught.value.code == "query.unknown-segment"
        return
    assert shop.found(f"{query} ") == found


def test_orders_of_a_shop_that_says_nothing_of_worth_count_as_well(shop):
    other = Sources(shop.desk.store, SYSTEM, now=shop.desk.clock).add("table", "old-shop", {})
    match = Match("id-bo", MatchedBy.EMAIL, "bo@example.net")
    facts = Facts(orders=(_order("#77", "5"), _order("#76", "5")))
    shop.keeper.store(other, shop.people["bo"], match, facts, asked=ALL)
    assert shop.found("orders:2") == "bo"
    assert shop.found("has:order") == "ada bo"


def test_an_order_is_found_where_it_is_written_of_as_well(shop):
    other = add_ticket(shop.desk.store, name="dee", email="dee@example.net")
    shop.tickets["dee"] = other

    add_message(shop.desk.store, other, text="A friend's order #1042 came to me.")
    assert shop.found("order:#1042 ") == "ada dee"


def test_a_linked_customer_is_found_by_what_either_has(shop):
    change = shop.desk.people.link(shop.people["ada"], shop.people["bo"])
    assert shop.found("orders:7 ") == "ada bo"
    for query in ("total:>89 ", "order:#1042 ", "segment:vip ", "ltv:>600 ", "has:subscription "):
        assert shop.found(query) == "ada bo", query
    shop.desk.triage.undo(change.change_id)
    assert shop.found("orders:7 ") == "ada"
    assert shop.found("order:#1042 ") == "ada"
    assert shop.found("segment:vip ") == "ada"
    assert shop.found("churn:>0.7 ") == "bo"


def test_without_a_shop_nothing_is_claimed(tmp_path):
    desk = make_desk(tmp_path)
    with pytest.raises(QueryError) as caught:
        desk.inbox.page(ViewFilter(View.ALL, query="ltv:>500 "))
    assert caught.value.code == "query.no-shop"
    desk.close()


def test_segments_complete_with_how_many_tickets_they_find(shop):
    proposed = shop.desk.inbox.searches.complete("segment:v", 9).proposals
    assert {(one.label, one.count) for one in proposed} == {("VIP", 1), ("Very Old Friends", 1)}


@pytest.mark.parametrize(
    ("said", "query"),
    [
        (Facts(value=Value("EUR", Decimal(900))), "ltv:>800"),
        (Facts(orders=(_order("#7", "1"), _order("#8", "1"))), "orders:>=2"),
        (Facts(subscriptions=(Subscription("s3", "Tea", "active"),)), "has:subscription"),
        (Facts(segments=(Segment("1", "VIP"),)), "segment:vip"),
    ],
    ids=["value", "orders", "subscriptions", "segments"],
)
def test_each_section_counts_also_where_it_comes_by_itself(
    shop: Shop, said: Facts, query: str
) -> None:
    assert "cy" not in shop.found(query)
    shop.say("cy", said)
    assert "cy" in shop.found(query)
