"""Requests for changes, made of what an agent chose and of what was on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest
from helpdesk_tui.domain.commerce.facts import Order, OrderItem, PlaceOption, Subscription
from helpdesk_tui.domain.commerce.subscription_changes import ACTIVE, CANCELLED, state_of
from helpdesk_tui.domain.errors import NotAllowed, UsageError
from helpdesk_tui.domain.money import decimal_of

CANCEL_REASONS = ("customer", "inventory", "declined", "fraud", "staff", "other")
"""Why an order is cancelled; the first is the usual one."""
LONGEST_NOTE = 255
_FURTHEST = 366 * 2


@dataclass(frozen=True, slots=True)
class Person:
    """Whose order or subscription it is, and where an agent came from to it."""

    profile_id: int
    name: str
    ticket_id: int | None = None
    agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as an agent saw it."""

    name: str
    """A code, or what a line of an order is called."""
    seen: str
    now: str


def order_request(
    kind: ActionKind,
    person: Person,
    source_id: int,
    order: Order,
    arguments: Mapping[str, Any],
    key: str,
) -> ActionRequest:
    """Return the request for a change of an order, with what is known of it now as expected."""
    expected: dict[str, Any] = {
        "updated_at": order.updated_at.isoformat() if order.updated_at else "",
        "total": _text(order.total),
        "currency": order.currency,
    }
    if kind is ActionKind.ORDER_EDIT:
        expected["items"] = {one.id: one.quantity for one in order.items}
    else:
        expected["fulfilment"] = order.fulfilment
    return ActionRequest(
        kind, source_id, order.id, order.name, arguments, expected, key,
        person.profile_id, person.ticket_id, person.agent_id,
    )  # fmt: skip


def subscription_request(
    kind: ActionKind,
    person: Person,
    source_id: int,
    subscription: Subscription,
    arguments: Mapping[str, Any],
    key: str,
) -> ActionRequest:
    """Return the request for a change of a subscription, with what is known of it as expected."""
    request = ActionRequest(
        kind, source_id, subscription.id, subscription.product, arguments, {}, key,
        person.profile_id, person.ticket_id, person.agent_id,
    )  # fmt: skip
    return replace(request, expected=state_of(request, subscription))


def least_of(item: OrderItem) -> int:
    """Return how many of a line are gone already, which no edit can take away."""
    return max(0, item.quantity - item.unfulfilled)


def why_locked(item: OrderItem) -> str:
    """Return the code of why a line cannot be edited; empty if it can."""
    if item.quantity == 0:
        return "item.removed"
    if not item.is_editable:
        return "item.not-editable"
    return "" if item.unfulfilled else "item.sent"


def has_left(order: Order) -> bool:
    """Return whether nothing of an order is in the house any more, as far as that is known."""
    if order.fulfilment == "fulfilled":
        return True
    left = [one for one in order.items if one.quantity]
    return bool(left) and not order.has_more_items and not any(one.unfulfilled for one in left)


def check_order(kind: ActionKind, order: Order) -> None:
    """Find out what speaks against a change of an order, as far as that is known here.

    Raises:
        NotAllowed: ``order.is-cancelled``, ``order.is-sent``, ``order.is-gone`` or
            ``order.no-editing``.
    """
    if order.cancelled_at is not None:
        raise NotAllowed("order.is-cancelled")
    if kind is not ActionKind.ORDER_EDIT:
        if has_left(order):
            raise NotAllowed("order.is-gone")
        return
    if order.not_editable and not order.is_editable:
        raise NotAllowed("order.no-editing", reason="; ".join(order.not_editable))
    if order.items and all(why_locked(one) for one in order.items):
        raise NotAllowed("order.is-sent")


def check_subscription(kind: ActionKind, one: Subscription) -> None:
    """Find out what speaks against a change of a subscription, as far as that is known here.

    Raises:
        NotAllowed: with a code of ``subscription.``.
    """
    if kind is ActionKind.SUBSCRIPTION_ACTIVATE:
        if one.status != CANCELLED:
            raise NotAllowed("subscription.not-cancelled", status=one.status)
    elif one.status != ACTIVE:
        raise NotAllowed("subscription.not-active", status=one.status)
    elif kind is ActionKind.SUBSCRIPTION_UNSKIP and one.skipped is None:
        raise NotAllowed("subscription.not-skipped")
    elif kind is ActionKind.SUBSCRIPTION_SKIP and one.charge is None:
        raise NotAllowed("subscription.no-charge")
    elif kind is ActionKind.SUBSCRIPTION_SKIP and not one.is_skippable:
        raise NotAllowed("subscription.not-skippable", name=one.product)
    elif kind is ActionKind.SUBSCRIPTION_ADDRESS and not other_places(one):
        raise NotAllowed("subscription.one-address")


def other_places(one: Subscription) -> tuple[PlaceOption, ...]:
    """Return the customer's addresses that a subscription does not go to now."""
    return tuple([each for each in one.places if each.id != one.address])


def parsed_date(text: str, today: date, before: date | None = None) -> date:
    """Return a day that was typed: ``2026-12-01``, or ``+7`` for so many days later.

    Args:
        text: What was typed.
        today: The day before the first that may be taken.
        before: What ``+7`` counts from; None counts from today.

    Raises:
        UsageError: ``subscription.bad-date``.
    """
    typed = text.strip()
    try:
        if typed.startswith("+"):
            day = (before or today) + timedelta(days=int(typed[1:]))
        else:
            day = date.fromisoformat(typed)
    except (ValueError, OverflowError):
        raise UsageError("subscription.bad-date", date=typed) from None
    if not 0 < (day - today).days <= _FURTHEST:
        raise UsageError("subscription.bad-date", date=day.isoformat())
    return day


# what is so now ----------------------------------------------------------------------------------


def differences(expected: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return what is not as it was seen, piece by piece; marks of change say nothing to people."""
    found: list[Difference] = []
    for name in now:
        seen, is_now = expected.get(name), now[name]
        if name in ("updated_at", "currency", "new_total", "outstanding"):
            continue
        if isinstance(seen, Mapping) and isinstance(is_now, Mapping):
            found += [
                Difference(str(key), _text(seen.get(key)), _text(is_now.get(key)))
                for key in {**seen, **is_now}
                if seen.get(key) != is_now.get(key)
            ]
        elif not _same(seen, is_now):
            found.append(Difference(name, _text(seen), _text(is_now)))
    return tuple(found)


def _same(seen: object, is_now: object) -> bool:
    one, other = decimal_of(seen), decimal_of(is_now)
    if one is not None and other is not None:
        return one == other
    return _text(seen) == _text(is_now)


def order_now(order: Order, now: Mapping[str, Any]) -> Order:
    """Return an order with what a source has said is so now."""
    items = now.get("items")
    if isinstance(items, Mapping):
        order = replace(
            order, items=tuple([_item_now(one, items.get(one.id)) for one in order.items])
        )
    total = decimal_of(now.get("total"))
    fulfilment = now.get("fulfilment")
    return replace(
        order,
        total=order.total if total is None else total,
        fulfilment=fulfilment if isinstance(fulfilment, str) else order.fulfilment,
    )


def _item_now(item: OrderItem, quantity: object) -> OrderItem:
    if not isinstance(quantity, int) or isinstance(quantity, bool):
        return item
    unfulfilled = max(0, item.unfulfilled + quantity - item.quantity)
    return replace(item, quantity=quantity, unfulfilled=unfulfilled)


def subscription_now(one: Subscription, now: Mapping[str, Any]) -> Subscription:
    """Return a subscription with what a source has said is so now."""
    quantity, every, unit = now.get("quantity"), now.get("every"), now.get("unit")
    day = _day(now.get("next_date"))
    return replace(
        one,
        status=str(now.get("status") or one.status),
        quantity=quantity if isinstance(quantity, int) else one.quantity,
        every=every if isinstance(every, int) else one.every,
        unit=unit if isinstance(unit, str) else one.unit,
        next_date=day or one.next_date,
        address=str(now.get("address") or one.address),
    )


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(sorted(_text(one) for one in value))
    return str(value)
