"""Reading what Shopify says of customers and orders: nothing is believed to be there.

Amounts are decimals from the text that Shopify writes; where one cannot be read it is unknown,
never zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.commerce.facts import (
    ConsentWord,
    Order,
    OrderItem,
    ProfileFacts,
    SourceConsent,
    Tracking,
    Value,
)
from helpdesk_tui.domain.commerce.reading import currency_of, moment_at, whole_of, zone_name
from helpdesk_tui.domain.json_fields import (
    id_at,
    is_true,
    object_at,
    objects_at,
    text_at,
    url_at,
    word_at,
)
from helpdesk_tui.domain.money import decimal_of
from helpdesk_tui.domain.text import clean, clean_lines, shorten

_NUMBER = re.compile(r"\d{1,20}", re.ASCII)
_MOST_WORDS = 250
_CONSENT: Mapping[str, ConsentWord] = {
    "SUBSCRIBED": ConsentWord.SUBSCRIBED,
    "UNSUBSCRIBED": ConsentWord.UNSUBSCRIBED,
}
_NO_VARIANT = "Default Title"
"""What Shopify calls the variant of a product that has none."""


def gid(kind: str, number: str) -> str:
    """Return the id that Shopify gives a thing: ``gid://shopify/Order/1``."""
    return number if number.startswith("gid://") else f"gid://shopify/{kind}/{number}"


def number_of(id: str) -> str:
    """Return the number at the end of an id; empty if it has none."""
    number = id.rpartition("/")[2].partition("?")[0]
    return number if _NUMBER.fullmatch(number) else ""


def moment(said: object, *path: str) -> datetime | None:
    """Return an instant; None where there is none."""
    *before, last = path
    return moment_at(object_at(said, *before).get(last))


def amount(said: object, *path: str) -> Decimal | None:
    """Return the amount of a bag of money in the currency of the shop; None where none is told."""
    return decimal_of(object_at(said, *path, "shopMoney").get("amount"))


def count(said: object, name: str) -> int | None:
    """Return a whole number, also one that is written as text; None where there is none."""
    return whole_of(said.get(name)) if isinstance(said, Mapping) else None


def words(said: object, name: str) -> tuple[str, ...]:
    """Return a list of texts, each as one line."""
    found = said.get(name) if isinstance(said, Mapping) else None
    if not isinstance(found, list):
        return ()
    texts = [shorten(clean(each), 500) for each in found[:_MOST_WORDS] if isinstance(each, str)]
    return tuple([each for each in texts if each])


def profile_of(said: Mapping[str, Any], shop: str = "") -> ProfileFacts:
    """Return who a customer is.

    Args:
        said: The customer.
        shop: Where people see them: the shop's own address at Shopify.
    """
    place = object_at(said, "defaultAddress")
    number = number_of(id_at(said, "id"))
    return ProfileFacts(
        name=word_at(said, "displayName"),
        email=word_at(said, "defaultEmailAddress", "emailAddress").lower(),
        phone=word_at(said, "defaultPhoneNumber", "phoneNumber"),
        location=", ".join(filter(None, (word_at(place, "city"), word_at(place, "country")))),
        timezone=zone_name(place.get("timeZone")),
        language=word_at(said, "locale"),
        since=moment(said, "createdAt"),
        url=f"https://{shop}/admin/customers/{number}" if shop and number else "",
        tags=words(said, "tags"),
        note=text_at(said, "note"),
        consents=(
            *_consent(object_at(said, "defaultEmailAddress"), "email"),
            *_consent(object_at(said, "defaultPhoneNumber"), "sms"),
        ),
    )


def _consent(said: Mapping[str, Any], channel: str) -> tuple[SourceConsent, ...]:
    state = word_at(said, "marketingState")
    if not state:
        return ()
    word = _CONSENT.get(state, ConsentWord.NEVER)
    return (SourceConsent(channel, "marketing", word, moment(said, "marketingUpdatedAt")),)


def value_of(said: Mapping[str, Any]) -> Value:
    """Return what a customer has spent here."""
    spent = decimal_of(object_at(said, "amountSpent").get("amount"))
    orders = count(said, "numberOfOrders")
    average = spent / orders if spent is not None and orders else None
    return Value(
        currency=currency_of(object_at(said, "amountSpent").get("currencyCode")),
        spent=spent,
        orders=orders,
        average_order=average if average is None else average.quantize(Decimal("0.01")),
    )


def order_of(said: Mapping[str, Any], shop: str = "") -> Order | None:
    """Return an order; None if it lacks what makes one.

    Args:
        said: The order, with as many of its lines as came along.
        shop: Where people see it: the shop's own address at Shopify.
    """
    order_id, created = id_at(said, "id"), moment(said, "createdAt")
    if not order_id or created is None:
        return None
    number = number_of(order_id)
    return Order(
        id=order_id,
        name=word_at(said, "name") or number,
        created_at=created,
        updated_at=moment(said, "updatedAt"),
        currency=currency_of(said.get("currencyCode")),
        total=amount(said, "currentTotalPriceSet"),
        subtotal=amount(said, "currentSubtotalPriceSet"),
        shipping=amount(said, "currentShippingPriceSet"),
        discount=amount(said, "currentTotalDiscountsSet"),
        tax=amount(said, "currentTotalTaxSet"),
        refunded=amount(said, "totalRefundedSet"),
        outstanding=amount(said, "totalOutstandingSet"),
        payment=word_at(said, "displayFinancialStatus").lower(),
        fulfilment=word_at(said, "displayFulfillmentStatus").lower(),
        returns=word_at(said, "returnStatus").lower(),
        items=items_of(said),
        has_more_items=is_true(object_at(said, "lineItems", "pageInfo"), "hasNextPage"),
        parcels=_parcels(said),
        address="\n".join(words(object_at(said, "shippingAddress"), "formatted")),
        note=text_at(said, "note"),
        tags=words(said, "tags"),
        email=word_at(said, "email"),
        cancelled_at=moment(said, "cancelledAt"),
        cancel_reason=word_at(said, "cancelReason").lower(),
        closed_at=moment(said, "closedAt"),
        is_editable=is_true(said, "merchantEditable"),
        not_editable=words(said, "merchantEditableErrors"),
        is_test=is_true(said, "test"),
        url=url_at(said, "statusPageUrl"),
        admin_url=f"https://{shop}/admin/orders/{number}" if shop and number else "",
    )


def items_of(said: Mapping[str, Any]) -> tuple[OrderItem, ...]:
    """Return the lines that came along with an order, those too of which none is left."""
    found = [_item(each) for each in objects_at(said, "lineItems", "nodes")]
    return tuple([each for each in found if each is not None])


def _item(said: Mapping[str, Any]) -> OrderItem | None:
    item_id, left = id_at(said, "id"), count(said, "currentQuantity")
    if not item_id or left is None:
        return None
    return OrderItem(
        id=item_id,
        title=word_at(said, "title"),
        quantity=left,
        price=amount(said, "discountedUnitPriceSet"),
        variant=variant_of(said),
        sku=word_at(said, "sku"),
        unfulfilled=count(said, "unfulfilledQuantity") or 0,
        is_editable=is_true(said, "merchantEditable"),
    )


def variant_of(said: Mapping[str, Any]) -> str:
    """Return which variant of a product a line is of; empty where there is only one."""
    variant = word_at(said, "variantTitle")
    return "" if variant == _NO_VARIANT else variant


def _parcels(said: Mapping[str, Any]) -> tuple[Tracking, ...]:
    found = []
    for each in objects_at(said, "fulfillments"):
        told: list[Mapping[str, Any]] = list(objects_at(each, "trackingInfo")) or [{}]
        found += [
            Tracking(
                company=word_at(info, "company"),
                number=word_at(info, "number"),
                url=url_at(info, "url"),
                status=word_at(each, "displayStatus").lower(),
                shipped_at=moment(each, "createdAt"),
                delivered_at=moment(each, "deliveredAt"),
                expected_at=moment(each, "estimatedDeliveryAt"),
            )
            for info in told
        ]
    return tuple(found)


def shown(text: str) -> str:
    """Return what Shopify says to people, as harmless lines."""
    return shorten(clean_lines(text), 500)
