"""A small shop to try things out in: it holds no real orders, but really changes those it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.commerce.actions import ORDER_KINDS, ActionKind, ActionRequest, Preview
from helpdesk_tui.domain.commerce.facts import (
    BoxItem,
    CustomerEvent,
    NextCharge,
    Order,
    PlaceOption,
    ProfileFacts,
    Segment,
    Subscription,
    Value,
)
from helpdesk_tui.domain.commerce.sample_orders import changed_order, order_state, preview_order
from helpdesk_tui.domain.commerce.subscription_changes import (
    ACTIVE,
    CANCELLED,
    Impossible,
    later,
    preview_of,
    state_of,
)

_EVENTS = {
    ActionKind.ORDER_EDIT: "Edited Order",
    ActionKind.ORDER_CANCEL: "Cancelled Order",
    ActionKind.SUBSCRIPTION_SKIP: "Skipped Delivery",
    ActionKind.SUBSCRIPTION_UNSKIP: "Took Back Skip",
    ActionKind.SUBSCRIPTION_CHANGE: "Changed Subscription",
    ActionKind.SUBSCRIPTION_DATE: "Moved Delivery",
    ActionKind.SUBSCRIPTION_ADDRESS: "Changed Address",
    ActionKind.SUBSCRIPTION_CANCEL: "Cancelled Subscription",
    ActionKind.SUBSCRIPTION_ACTIVATE: "Reactivated Subscription",
}


@dataclass(frozen=True, slots=True)
class SampleCustomer:
    """A customer of the shop with all that it knows of them."""

    id: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    """Accounts of Instagram."""
    profile: ProfileFacts = field(default_factory=ProfileFacts)
    segments: tuple[Segment, ...] = ()
    value: Value | None = None
    """None: nothing is predicted for them."""
    orders: tuple[Order, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    events: tuple[CustomerEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleShop:
    """The whole shop."""

    name: str = "Sample shop"
    currency: str = "EUR"
    timezone: str = "UTC"
    customers: tuple[SampleCustomer, ...] = ()
    made: Mapping[str, Any] = field(default_factory=dict)
    """What came of each change, by its key: asked for twice, it is made once."""

    def customer(self, customer_id: str) -> SampleCustomer | None:
        """Return a customer; None: nobody of that id."""
        return next((one for one in self.customers if one.id == customer_id), None)

    def owner(self, request: ActionRequest) -> SampleCustomer:
        """Return whose order or subscription a change is about.

        Raises:
            Impossible: ``provider.gone``.
        """
        for one in self.customers:
            ids = [each.id for each in one.orders] + [each.id for each in one.subscriptions]
            if request.target in ids:
                return one
        raise Impossible("provider.gone")

    def preview(self, request: ActionRequest, now: datetime) -> Preview:
        """Return what a change would do.

        Raises:
            Impossible: with a code that says why.
        """
        owner = self.owner(request)
        if request.kind in ORDER_KINDS:
            return preview_order(request, _order(owner, request))
        return preview_of(request, _subscription(owner, request), now.date())

    def state(self, request: ActionRequest) -> dict[str, Any]:
        """Return what is so now, in the shape of ``expected``.

        Raises:
            Impossible: ``provider.gone``, or it can be no more of this kind of change.
        """
        owner = self.owner(request)
        if request.kind in ORDER_KINDS:
            return order_state(request, _order(owner, request))
        return state_of(request, _subscription(owner, request))

    def changed(self, request: ActionRequest, now: datetime) -> tuple[SampleShop, dict[str, Any]]:
        """Return the shop with a change made, and what came of it.

        Raises:
            Impossible: with a code that says why.
        """
        request = self.preview(request, now).request
        owner = self.owner(request)
        if request.kind in ORDER_KINDS:
            after, result = _with_order(owner, request, now)
        else:
            after, result = _with_subscription(owner, request, now)
        told = CustomerEvent(f"action-{request.key}", _EVENTS[request.kind], now, request.name)
        after = replace(after, events=(told, *after.events))
        customers = tuple([after if one.id == owner.id else one for one in self.customers])
        made = {**self.made, request.key: result}
        return replace(self, customers=customers, made=made), result


def with_boxes(customer: SampleCustomer) -> SampleCustomer:
    """Return a customer whose subscriptions know what leaves with them: same day, same address."""
    boxes: dict[tuple[str, date], list[Subscription]] = {}
    for one in customer.subscriptions:
        if one.status == ACTIVE and one.next_date is not None:
            boxes.setdefault((one.address, one.next_date), []).append(one)
    charges = {
        each.id: _charge(place, day, together)
        for (place, day), together in boxes.items()
        for each in together
    }
    return replace(
        customer,
        subscriptions=tuple(
            [replace(one, charge=charges.get(one.id)) for one in customer.subscriptions]
        ),
    )


def _charge(place: str, day: date, together: list[Subscription]) -> NextCharge:
    total = sum([(one.price or Decimal(0)) * one.quantity for one in together], Decimal(0))
    box = tuple([BoxItem(one.id, one.product, one.quantity) for one in together])
    return NextCharge(f"{place}-{day.isoformat()}", day, total, box)


def _order(owner: SampleCustomer, request: ActionRequest) -> Order:
    for one in owner.orders:
        if one.id == request.target:
            return one
    raise Impossible("provider.gone")


def _subscription(owner: SampleCustomer, request: ActionRequest) -> Subscription:
    for one in owner.subscriptions:
        if one.id == request.target:
            return one
    raise Impossible("provider.gone")


def _with_order(
    owner: SampleCustomer, request: ActionRequest, now: datetime
) -> tuple[SampleCustomer, dict[str, Any]]:
    before = _order(owner, request)
    after, result = changed_order(request, before, now)
    value = owner.value
    if value is not None and value.spent is not None:
        value = replace(value, spent=value.spent + _spent_on(after) - _spent_on(before))
    orders = tuple([after if one.id == after.id else one for one in owner.orders])
    return replace(owner, orders=orders, value=value), result


def _spent_on(order: Order) -> Decimal:
    """Return what an order is worth to the shop: money that was only owed back counts once."""
    return max(Decimal(0), (order.total or Decimal(0)) - (order.refunded or Decimal(0)))


def _with_subscription(
    owner: SampleCustomer, request: ActionRequest, now: datetime
) -> tuple[SampleCustomer, dict[str, Any]]:
    items = set(map(str, request.arguments.get("items") or [request.target]))
    change = _CHANGES[request.kind]
    subscriptions = tuple(
        [
            replace(change(one, request.arguments, now), updated_at=now) if one.id in items else one
            for one in owner.subscriptions
        ]
    )
    after = with_boxes(replace(owner, subscriptions=subscriptions))
    one = _subscription(after, request)
    day = one.next_date.isoformat() if one.next_date else ""
    return after, {"status": one.status, "quantity": one.quantity, "next_date": day}


def _skip(one: Subscription, given: Mapping[str, Any], now: datetime) -> Subscription:
    charge = one.charge
    if charge is None or charge.date is None:
        raise Impossible("subscription.no-charge")
    mine = tuple([item for item in charge.box if item.subscription == one.id])
    return replace(
        one,
        next_date=later(charge.date, one.every, one.unit),
        skipped=NextCharge(charge.id, charge.date, None, mine),
    )


def _unskip(one: Subscription, given: Mapping[str, Any], now: datetime) -> Subscription:
    if one.skipped is None:
        raise Impossible("subscription.not-skipped")
    return replace(one, next_date=one.skipped.date, skipped=None)


def _change(one: Subscription, given: Mapping[str, Any], now: datetime) -> Subscription:
    return replace(
        one,
        quantity=given.get("quantity", one.quantity),
        every=given.get("every", one.every),
        unit=given.get("unit", one.unit),
        variant_id=given.get("variant", one.variant_id),
    )


def _move(one: Subscription, given: Mapping[str, Any], now: datetime) -> Subscription:
    return replace(one, next_date=date.fromisoformat(given["date"]))


def _address(one: Subscription, given: Mapping[str, Any], now: datetime) -> Subscription:
    there = next(each for each in one.places if each.id == given["address"])
    here = PlaceOption(one.address, one.address_lines)
    places = tuple([each for each in (here, *one.places) if each.id != there.id])
    return replace(one, address=there.id, address_lines=there.lines, places=places)


def _cancel(one: Subscription, given: Mapping[str, Any], now: datetime) -> Subscription:
    reason = given["reason"] + (f": {given['comments']}" if given["comments"] else "")
    return replace(
        one, status=CANCELLED, next_date=None, cancelled_at=now, cancel_reason=reason, skipped=None
    )


def _activate(one: Subscription, given: Mapping[str, Any], now: datetime) -> Subscription:
    day = later(now.date(), one.every or 1, one.unit or "month")
    return replace(one, status=ACTIVE, next_date=day, cancelled_at=None, cancel_reason="")


_CHANGES: Mapping[
    ActionKind, Callable[[Subscription, Mapping[str, Any], datetime], Subscription]
] = {
    ActionKind.SUBSCRIPTION_SKIP: _skip,
    ActionKind.SUBSCRIPTION_UNSKIP: _unskip,
    ActionKind.SUBSCRIPTION_CHANGE: _change,
    ActionKind.SUBSCRIPTION_DATE: _move,
    ActionKind.SUBSCRIPTION_ADDRESS: _address,
    ActionKind.SUBSCRIPTION_CANCEL: _cancel,
    ActionKind.SUBSCRIPTION_ACTIVATE: _activate,
}
