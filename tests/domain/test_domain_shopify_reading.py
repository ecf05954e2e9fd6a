"""Reading Shopify: amounts stay decimals, and nothing odd costs the order it stands in."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

import helpdesk_tui.sync.providers.shopify as package
from helpdesk_tui.domain.commerce.facts import ConsentWord
from helpdesk_tui.domain.commerce.shopify_reading import (
    gid,
    number_of,
    order_of,
    profile_of,
    shown,
    value_of,
)
from helpdesk_tui.widgets.words.errors import SENTENCES


def bag(amount):
    return {"shopMoney": {"amount": amount, "currencyCode": "EUR"}}


def order(**more):
    return {
        "id": "gid://shopify/Order/7",
        "name": "#7",
        "createdAt": "2026-05-28T12:00:00Z",
        "currencyCode": "EUR",
        **more,
    }


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("0.1", Decimal("0.1")),
        ("1234567.89", Decimal("1234567.89")),
        ("-3.50", Decimal("-3.50")),
        ("NaN", None),
        ("1e400", None),
        ("many", None),
        (None, None),
        (True, None),
    ],
)
def test_amount_is_exact_or_unknown_and_never_zero(told, read):
    found = order_of(order(currentTotalPriceSet=bag(told)))
    assert found is not None
    assert found.total == read


@pytest.mark.parametrize(
    "odd",
    [
        {"lineItems": None},
        {"lineItems": {"nodes": [None, 7, {}, {"id": "x"}, {"id": "y", "currentQuantity": "z"}]}},
        {"tags": "VIP"},
        {"tags": [None, 3, ["x"]]},
        {"fulfillments": [None, {"trackingInfo": "DHL"}, "x"]},
        {"shippingAddress": ["x"]},
        {"updatedAt": "yesterday", "cancelledAt": 12},
        {"merchantEditable": "yes", "merchantEditableErrors": {"a": 1}},
        {"statusPageUrl": "javascript:alert(1)"},
        {"currencyCode": "€uro"},
    ],
)
def test_odd_field_costs_nothing_but_itself(odd):
    found = order_of(order(**odd), "acme.myshopify.com")
    assert found is not None
    assert (found.name, found.items, found.tags) == ("#7", (), ())
    assert (found.cancelled_at, found.is_editable, found.url) == (None, False, "")


@pytest.mark.parametrize("missing", ["id", "createdAt"])
def test_what_lacks_an_id_or_a_date_is_no_order(missing):
    assert order_of(order(**{missing: None})) is None


def test_text_of_customers_cannot_move_the_cursor():
    found = order_of(order(note="gift\x1b[2Jwrap", tags=["a\nb"]))
    assert found is not None
    assert "\x1b" not in found.note
    assert "\n" not in found.tags[0]
    assert "\x1b" not in profile_of({"displayName": "A\x1b]0;x\x07da"}).name


def test_nothing_known_of_a_customer_is_no_zero():
    value = value_of({})
    assert (value.spent, value.orders, value.average_order) == (None, None, None)


def test_average_is_of_what_was_ordered():
    told = {"amountSpent": {"amount": "100.0", "currencyCode": "EUR"}, "numberOfOrders": "3"}
    assert value_of(told).average_order == Decimal("33.33")
    assert value_of({**told, "numberOfOrders": "0"}).average_order is None


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("gid://shopify/Order/7", "7"),
        ("gid://shopify/Order/7?x=1", "7"),
        ("7", "7"),
        ("gid://shopify/Order/x", ""),
        ("", ""),
    ],
)
def test_number_of_an_id(told, number):
    assert number_of(told) == number


@pytest.mark.parametrize("told", ["7", "gid://shopify/Order/7"])
def test_id_is_made_of_a_number_once(told):
    assert gid("Order", told) == "gid://shopify/Order/7"


def test_lines_of_an_order_hold_what_is_left_and_what_has_not_left_yet():
    line = {
        "id": "gid://shopify/LineItem/1", "title": "Mug", "variantTitle": "Default Title",
        "currentQuantity": 3, "unfulfilledQuantity": "2", "merchantEditable": True,
        "discountedUnitPriceSet": bag("4.50"),
    }  # fmt: skip
    found = order_of(order(lineItems={"nodes": [line, {**line, "variantTitle": "blue"}]}))
    assert found is not None
    mug, blue = found.items
    assert (mug.quantity, mug.unfulfilled, mug.price) == (3, 2, Decimal("4.50"))
    assert (mug.variant, blue.variant, mug.is_editable) == ("", "blue", True)


def test_every_parcel_of_a_delivery_is_told_and_one_without_a_number_too():
    sent = {
        "displayStatus": "IN_TRANSIT",
        "createdAt": "2026-05-29T09:00:00Z",
        "trackingInfo": [
            {"company": "DHL", "number": "1", "url": "https://dhl.example/1"},
            {"number": "2", "url": "javascript:1"},
        ],
    }
    found = order_of(order(fulfillments=[sent, {"displayStatus": "CONFIRMED"}]))
    assert found is not None
    assert [(one.number, one.url, one.status) for one in found.parcels] == [
        ("1", "https://dhl.example/1", "in_transit"),
        ("2", "", "in_transit"),
        ("", "", "confirmed"),
    ]


def test_consent_is_told_for_each_address_that_has_one():
    profile = profile_of(
        {
            "defaultEmailAddress": {"emailAddress": "A@x.example", "marketingState": "SUBSCRIBED",
                                    "marketingUpdatedAt": "2026-05-01T00:00:00Z"},
            "defaultPhoneNumber": {"phoneNumber": "+1", "marketingState": "PENDING"},
        }
    )  # fmt: skip
    assert [(one.channel, one.word) for one in profile.consents] == [
        ("email", ConsentWord.SUBSCRIBED), ("sms", ConsentWord.NEVER),
    ]  # fmt: skip
    assert profile_of({"defaultEmailAddress": {"emailAddress": "a@x.example"}}).consents == ()


def test_what_shopify_says_to_people_is_harmless():
    assert shown("no\x1b[2J\nstock " + "x" * 600).startswith("no")
    assert "\x1b" not in shown("no\x1b[2J")
    assert len(shown("x" * 600)) == 500


def test_every_refusal_has_its_sentence():
    folder = Path(str(package.__file__)).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    codes = set(re.findall(r'"((?:order|shopify|source|action)\.[a-z-]+)"', text))
    assert codes
    assert codes <= set(SENTENCES), codes - set(SENTENCES)
