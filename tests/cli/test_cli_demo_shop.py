"""The sample shop behind the sample desk: it fits what people write, and can be changed."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from helpdesk_tui.cli.demo.desk import sample_desk
from helpdesk_tui.cli.demo.shop import sample_shop
from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest
from helpdesk_tui.domain.commerce.facts import Order
from helpdesk_tui.domain.commerce.sample_shop import SampleCustomer, SampleShop
from tests.support.store import START


@pytest.fixture(scope="module")
def shop() -> SampleShop:
    return sample_shop(sample_desk(START), START)


def named(shop: SampleShop, name: str) -> SampleCustomer:
    return next(one for one in shop.customers if one.profile.name == name)


def orders_of(shop: SampleShop) -> list[Order]:
    return [order for one in shop.customers for order in one.orders]


def test_everybody_who_can_be_known_is_known(shop: SampleShop) -> None:
    desk = sample_desk(START)
    wrote = {one.customer.email for one in desk.tickets if not one.spam} - {""}
    assert {email for one in shop.customers for email in one.emails} == wrote
    assert all(one.profile.name for one in shop.customers if one.emails)


def test_orders_that_people_write_about_are_theirs(shop: SampleShop) -> None:
    anna = named(shop, "Anna Kowalska")
    assert "#1042" in [one.name for one in anna.orders]
    every = {one.name for one in orders_of(shop)}
    for ticket in sample_desk(START).tickets:
        if not ticket.spam and (ticket.customer.email or ticket.customer.phone):
            assert set(re.findall(r"#\d{4}\b", ticket.subject)) <= every


def test_thing_that_somebody_wants_larger_came_smaller(shop: SampleShop) -> None:
    order = next(one for one in named(shop, "Anna Kowalska").orders if one.name == "#1042")
    assert (order.items[0].title, order.items[0].variant) == ("Lumen trail shoes", "38")
    assert order.created_at < START
    assert order.parcels[0].status == "delivered"


def test_numbers_are_unique_and_sums_add_up(shop: SampleShop) -> None:
    orders = orders_of(shop)
    assert len({one.name for one in orders}) == len(orders) >= 150
    for order in orders:
        items = sum([(one.price or Decimal(0)) * one.quantity for one in order.items], Decimal(0))
        assert order.total == items + (order.shipping or 0)


def test_nothing_is_known_of_the_future(shop: SampleShop) -> None:
    for one in shop.customers:
        assert all(event.at <= START for event in one.events)
        assert all(order.created_at <= START for order in one.orders)
        assert all(each.next_date > START.date() for each in one.subscriptions if each.next_date)


def test_people_are_told_apart_by_what_they_are_worth(shop: SampleShop) -> None:
    groups = {group.name for one in shop.customers for group in one.segments}
    assert {"VIP", "New customers", "Repeat buyers", "Subscribers", "At risk"} <= groups
    predicted = [one for one in shop.customers if one.value and one.value.churn is not None]
    assert 20 <= len(predicted) < len(shop.customers)


def test_same_moment_and_seed_make_the_same_shop(shop: SampleShop) -> None:
    assert sample_shop(sample_desk(START), START) == shop
    assert sample_shop(sample_desk(START, 2), START, 2) != shop


def test_first_customer_lets_everything_be_tried(shop: SampleShop) -> None:
    anna = named(shop, "Anna Kowalska")
    order = next(one for one in anna.orders if one.is_editable)
    item = order.items[0]

    def asked(kind: ActionKind, target: str, **arguments: object) -> ActionRequest:
        return ActionRequest(kind, 1, target, "it", arguments, key=str(kind))

    edit = shop.preview(asked(ActionKind.ORDER_EDIT, order.id, items={item.id: 0}), START)
    amounts = {one.name: Decimal(one.amount) for one in edit.amounts}
    assert amounts["difference"] == -(item.price or Decimal(0)) * item.quantity < 0
    after, _result = shop.changed(edit.request, START)
    cancel = after.preview(
        asked(ActionKind.ORDER_CANCEL, order.id, reason="customer", refund="original"), START
    )
    assert [one.name for one in cancel.amounts] == ["total-before", "refund"]
    first, second = anna.subscriptions
    skip = shop.preview(asked(ActionKind.SUBSCRIPTION_SKIP, first.id), START)
    assert skip.beside == (f"{second.quantity} × {second.product}",)
