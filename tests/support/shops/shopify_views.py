"""The simulated shop as Shopify's schema shows it: plain values, and functions where it asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from graphql import GraphQLError

from tests.support.shops.shopify import Refused, ShopifyShop, SimCustomer
from tests.support.shops.shopify_orders import SimEdit, SimJob, SimLine, SimOrder, SimParcel

View = dict[str, Any]


def gid(kind: str, number: int) -> str:
    """Return an id as Shopify writes it."""
    return f"gid://shopify/{kind}/{number}"


def number_in(told: str, kind: str) -> int:
    """Return the number of an id; 0 if it is of another kind."""
    head, _, number = told.rpartition("/")
    return int(number) if head == f"gid://shopify/{kind}" and number.isdigit() else 0


def stamp(at: datetime | None) -> str | None:
    """Return a moment as Shopify writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def money(amount: Decimal, currency: str) -> View:
    """Return an amount: text, with one figure behind the point at least, as Shopify has it."""
    text = f"{amount:.2f}"
    return {"amount": text.removesuffix("0"), "currencyCode": currency}


def bag(amount: Decimal, currency: str) -> View:
    """Return an amount in both currencies of an order."""
    told = money(amount, currency)
    return {"shopMoney": told, "presentmentMoney": told}


def page(
    found: Sequence[Any],
    view: Callable[[Any], View],
    first: int | None,
    after: str | None,
) -> View:
    """Return a page of a list."""
    if first is None:
        raise GraphQLError("you must provide one of first or last")
    start = int(after.removeprefix("at-")) if after else 0
    some = [view(one) for one in found[start : start + first]]
    end = start + len(some)
    info = {
        "hasNextPage": end < len(found),
        "hasPreviousPage": start > 0,
        "startCursor": f"at-{start}" if some else None,
        "endCursor": f"at-{end}" if some else None,
    }
    return {"nodes": some, "pageInfo": info}


class Views:
    """Shows one shop to one token."""

    def __init__(self, shop: ShopifyShop) -> None:
        self._shop = shop

    def root(self) -> View:
        """Return what questions and changes begin with."""
        return {
            "shop": self._about(),
            "customer": lambda info, **given: self._customer_by(number_in(given["id"], "Customer")),
            "customerByIdentifier": lambda info, identifier: self._identified(identifier),
            "customers": self._customers,
            "order": self._order_by,
            "orders": self._orders,
            "job": lambda info, **given: self._job(
                self._shop.jobs.get(number_in(given["id"], "Job"))
            ),
            "node": self._node,
            "orderEditBegin": self._begin,
            "orderEditSetQuantity": self._set,
            "orderEditCommit": self._commit,
            "orderCancel": self._cancel,
        }

    def need(self, scope: str, field: str) -> None:
        """Refuse what the token has no right to, as Shopify words it."""
        if scope in self._shop.scopes:
            return
        required = f"`{scope}` access scope."
        raise GraphQLError(
            f"Access denied for {field} field. Required access: {required}",
            extensions={
                "code": "ACCESS_DENIED",
                "documentation": "https://shopify.dev/api/usage/access-scopes",
                "requiredAccess": required,
            },
        )

    def _about(self) -> View:
        return {
            "name": "Acme Tea",
            "currencyCode": "EUR",
            "ianaTimezone": "Europe/Berlin",
            "myshopifyDomain": self._shop.domain,
            "createdAt": "2021-01-05T10:00:00Z",
        }

    # customers

    def _may_see_customers(self, field: str) -> None:
        self.need("read_customers", field)
        if not self._shop.is_approved:
            raise GraphQLError(
                "This app is not approved to access the Customer object. See"
                " https://shopify.dev/docs/apps/launch/protected-customer-data for more details.",
                extensions={"code": "ACCESS_DENIED"},
            )

    def _customer_by(self, number: int) -> View | None:
        self._may_see_customers("customer")
        return self._customer(self._shop.customers.get(number))

    def _identified(self, identifier: View) -> View | None:
        self._may_see_customers("customerByIdentifier")
        if "id" in identifier:
            return self._customer_by(number_in(identifier["id"], "Customer"))
        email = identifier.get("emailAddress", "").lower()
        phone = identifier.get("phoneNumber", "")
        for one in self._shop.customers.values():
            if (email and one.email.lower() == email) or (phone and one.phone == phone):
                return self._customer(one)
        return None

    def _customers(self, info: Any, first: int | None = None, **_: Any) -> View:
        self._may_see_customers("customers")
        found = list(self._shop.customers.values())
        return page(found, lambda one: self._customer(one) or {}, first, None)

    def _customer(self, one: SimCustomer | None) -> View | None:
        if one is None:
            return None
        theirs = [each for each in self._shop.orders.values() if each.customer == one.number]
        spent = sum([each.net for each in theirs], Decimal(0))
        email = one.email and {
            "emailAddress": one.email,
            "marketingState": one.email_state,
            "marketingUpdatedAt": "2025-02-03T04:05:06Z",
        }
        phone = one.phone and {
            "phoneNumber": one.phone,
            "marketingState": one.sms_state,
            "marketingUpdatedAt": None,
        }
        return {
            "id": gid("Customer", one.number),
            "legacyResourceId": str(one.number),
            "displayName": one.name,
            "locale": "de",
            "createdAt": stamp(one.created),
            "note": one.note or None,
            "tags": one.tags,
            "numberOfOrders": str(len(theirs)),
            "amountSpent": money(spent, "EUR"),
            "defaultEmailAddress": email or None,
            "defaultPhoneNumber": phone or None,
            "defaultAddress": {
                "city": one.city,
                "country": one.country,
                "province": None,
                "timeZone": "Europe/Berlin",
            },
            "orders": lambda info, **given: self._orders(info, customer=one.number, **given),
        }

    # orders

    def _orders(
        self,
        info: Any,
        first: int | None = None,
        after: str | None = None,
        reverse: bool = False,
        customer: int | None = None,
        query: str | None = None,
        **_: Any,
    ) -> View:
        self.need("read_orders", "orders")
        found = self._shop.seen_orders(customer)
        if query is not None:
            # as over there: what is looked for, and what only begins alike
            names = re.findall(r'name:"([^"]*)"', query)
            found = [each for each in found if each.name.startswith(tuple(names))]
        return page(found[::-1] if reverse else found, self._order, first, after)

    def _order_by(self, info: Any, id: str) -> View | None:
        self.need("read_orders", "order")
        found = self._shop.order(number_in(id, "Order"))
        return None if found is None else self._order(found)

    def _order(self, one: SimOrder) -> View:
        def amount(value: Decimal) -> View:
            return bag(value, one.currency)

        return {
            "id": gid("Order", one.number),
            "legacyResourceId": str(one.number),
            "name": one.name,
            "createdAt": stamp(one.created),
            "updatedAt": stamp(one.updated),
            "cancelledAt": stamp(one.cancelled),
            "cancelReason": one.reason or None,
            "closedAt": stamp(one.closed),
            "currencyCode": one.currency,
            "test": False,
            "note": one.note or None,
            "tags": one.tags,
            "email": one.email or None,
            "statusPageUrl": f"https://{self._shop.domain}/orders/{one.number}",
            "edited": one.is_edited,
            "canNotifyCustomer": bool(one.email),
            "displayFinancialStatus": one.financial,
            "displayFulfillmentStatus": one.fulfilment,
            "returnStatus": one.returns,
            "paymentGatewayNames": one.gateways,
            "merchantEditable": not one.locks(),
            "merchantEditableErrors": one.locks(),
            "currentTotalPriceSet": amount(one.total),
            "currentSubtotalPriceSet": amount(one.subtotal),
            "currentShippingPriceSet": amount(one.shipping),
            "currentTotalDiscountsSet": amount(Decimal(0)),
            "currentTotalTaxSet": amount(one.tax),
            "totalRefundedSet": amount(one.refunded),
            "totalOutstandingSet": amount(one.outstanding),
            "netPaymentSet": amount(one.net),
            "shippingAddress": {
                "formatted": lambda info, **_: ["Ada Lovelace", "Teestr. 1", "10115 Berlin"]
            },
            "fulfillments": lambda info, first=None, **_: [
                self._parcel(each, one) for each in one.parcels[:first]
            ],
            "lineItems": lambda info, first=None, after=None, **_: page(
                one.lines, lambda line: self._line(line, one), first, after
            ),
        }

    def _parcel(self, one: SimParcel, order: SimOrder) -> View:
        told = {"company": one.company, "number": one.number, "url": one.url or None}
        return {
            "displayStatus": one.status,
            "createdAt": stamp(one.at or order.created),
            "deliveredAt": stamp(one.at) if one.status == "DELIVERED" else None,
            "estimatedDeliveryAt": None,
            "trackingInfo": lambda info, first=None: [told] if one.number else [],
        }

    def _line(self, one: SimLine, order: SimOrder) -> View:
        return {
            "id": gid("LineItem", one.number),
            "title": one.title,
            "variantTitle": one.variant,
            "sku": one.sku or None,
            "quantity": one.ordered,
            "currentQuantity": one.current,
            "unfulfilledQuantity": 0 if order.cancelled else one.unfulfilled,
            "merchantEditable": one.is_editable and not order.locks(),
            "discountedUnitPriceSet": bag(one.price, order.currency),
        }

    # editing

    def _node(self, info: Any, id: str) -> View | None:
        edit = self._shop.edits.get(number_in(id, "CalculatedOrder"))
        return None if edit is None else self._edit(edit)

    def _edit(self, one: SimEdit) -> View:
        currency = one.order.currency

        def line(each: SimLine) -> View:
            count = one.quantity(each)
            return {
                "id": gid("CalculatedLineItem", each.number),
                "title": each.title,
                "variantTitle": each.variant,
                "sku": each.sku or None if self._shop.sessions_tell_skus else None,
                "quantity": count,
                "editableQuantity": max(0, count - each.fulfilled) if each.is_editable else 0,
                "restockable": True,
                "discountedUnitPriceSet": bag(each.price, currency),
            }

        return {
            "__typename": "CalculatedOrder",
            "id": gid("CalculatedOrder", one.number),
            "totalPriceSet": bag(one.total, currency),
            "totalOutstandingSet": bag(one.outstanding, currency),
            "lineItems": lambda info, first=None, after=None, **_: page(
                one.order.lines, line, first, after
            ),
            "line": line,
        }

    def _begin(self, info: Any, id: str) -> View:
        self.need("write_order_edits", "orderEditBegin")
        try:
            edit = self._shop.begin(number_in(id, "Order"))
        except Refused as error:
            return _refusal(error)
        return {"calculatedOrder": self._edit(edit), "userErrors": []}

    def _set(
        self, info: Any, id: str, lineItemId: str, quantity: int, restock: bool | None = None
    ) -> View:
        self.need("write_order_edits", "orderEditSetQuantity")
        edit = self._shop.edits.get(number_in(id, "CalculatedOrder"))
        if edit is None:
            return _refusal(Refused("The calculated order does not exist."))
        number = number_in(lineItemId, "CalculatedLineItem")
        try:
            self._shop.set_quantity(edit, number, quantity, restock=restock is True)
        except Refused as error:
            return _refusal(error)
        shown = self._edit(edit)
        line = next(one for one in edit.order.lines if one.number == number)
        return {
            "calculatedLineItem": shown["line"](line),
            "calculatedOrder": shown,
            "userErrors": [],
        }

    def _commit(
        self,
        info: Any,
        id: str,
        notifyCustomer: bool | None = None,
        staffNote: str | None = None,
    ) -> View:
        self.need("write_order_edits", "orderEditCommit")
        edit = self._shop.edits.get(number_in(id, "CalculatedOrder"))
        if edit is None:
            return _refusal(Refused("The calculated order does not exist."))
        try:
            self._shop.commit(edit, notify=notifyCustomer is True)
        except Refused as error:
            return _refusal(error)
        return {"order": self._order(edit.order), "userErrors": []}

    # cancelling

    def _cancel(
        self,
        info: Any,
        orderId: str,
        reason: str,
        restock: bool,
        refundMethod: View | None = None,
        notifyCustomer: bool = False,
        **_: Any,
    ) -> View:
        self.need("write_orders", "orderCancel")
        refunds = (refundMethod or {}).get("originalPaymentMethodsRefund") is True
        try:
            job = self._shop.cancel(
                number_in(orderId, "Order"),
                reason,
                refunds=refunds,
                restocks=restock,
                notify=notifyCustomer,
            )
        except Refused as error:
            told = {"field": ["orderId"], "message": error.message, "code": error.code}
            return {"job": None, "orderCancelUserErrors": [told]}
        return {"job": self._job(job), "orderCancelUserErrors": []}

    def _job(self, job: SimJob | None) -> View | None:
        return None if job is None else {"id": gid("Job", job.number), "done": job.is_done}


def _refusal(error: Refused) -> View:
    return {"userErrors": [{"field": ["id"], "message": error.message}]}
