"""Editing and cancelling orders of the sample shop: what it would do, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest, AmountLine, Preview
from helpdesk_tui.domain.commerce.facts import Order, OrderItem
from helpdesk_tui.domain.commerce.subscription_changes import Impossible

_MOST = 999
_NOTHING = Decimal(0)
_CENT = Decimal("0.01")


def preview_order(request: ActionRequest, order: Order) -> Preview:
    """Return what a change of an order would do.

    Raises:
        Impossible: with a code that says why.
    """
    if order.cancelled_at is not None:
        raise Impossible("order.is-cancelled")
    if request.kind is ActionKind.ORDER_EDIT:
        preview = _edit(request, order)
    else:
        preview = _cancel(request, order)
    expected = order_state(preview.request, order)
    return replace(preview, request=replace(preview.request, expected=expected))


def order_state(request: ActionRequest, order: Order) -> dict[str, Any]:
    """Return what is so now, in the shape of ``expected``."""
    state: dict[str, Any] = {
        "updated_at": order.updated_at.isoformat() if order.updated_at else "",
        "total": _text(order.total),
        "currency": order.currency,
    }
    if request.kind is ActionKind.ORDER_EDIT:
        difference = _difference(order, _wanted(request))
        return state | {
            "items": {one.id: one.quantity for one in order.items},
            "new_total": _text((order.total or _NOTHING) + difference),
            "outstanding": _text((order.outstanding or _NOTHING) + difference),
        }
    return state | {"refund": _text(_refund(request, order)), "fulfilment": order.fulfilment}


def changed_order(
    request: ActionRequest, order: Order, now: datetime
) -> tuple[Order, dict[str, Any]]:
    """Return an order with a change made, and what came of it; it was previewed before."""
    if request.kind is ActionKind.ORDER_EDIT:
        return _edited(request, order, now)
    refund = _refund(request, order)
    reason = str(request.arguments.get("reason") or "other")
    after = replace(
        order,
        cancelled_at=now,
        cancel_reason=reason,
        refunded=(order.refunded or _NOTHING) + refund,
        outstanding=_NOTHING,
        payment="refunded" if refund else "voided" if order.payment == "pending" else order.payment,
        items=tuple([replace(one, unfulfilled=0, is_editable=False) for one in order.items]),
        is_editable=False,
        updated_at=now,
    )
    return after, {"refund": _text(refund), "currency": order.currency}


def _edit(request: ActionRequest, order: Order) -> Preview:
    if not order.is_editable:
        raise Impossible("order.no-editing", reason="; ".join(order.not_editable) or "-")
    items = {one.id: one for one in order.items}
    wanted = _wanted(request)
    for item_id, quantity in wanted.items():
        _check(items.get(item_id), item_id, quantity)
    wanted = {name: each for name, each in wanted.items() if each != items[name].quantity}
    if not wanted:
        raise Impossible("action.nothing")
    request = replace(request, arguments={**request.arguments, "items": wanted})
    difference = _difference(order, wanted)
    before = order.total or _NOTHING
    outstanding = (order.outstanding or _NOTHING) + difference
    lines = [("total-before", before), ("total-after", before + difference)]
    lines.append(("difference", difference))
    if outstanding:
        lines.append(("to-pay", outstanding) if outstanding > 0 else ("owed", -outstanding))
    changes = [
        (items[each].name, str(items[each].quantity), str(count)) for each, count in wanted.items()
    ]
    return Preview(
        request,
        tuple([AmountLine(name, _text(amount), order.currency) for name, amount in lines]),
        tuple(changes),
        notifies=request.arguments.get("notify", True) is not False,
    )


def _check(item: OrderItem | None, item_id: str, quantity: object) -> None:
    if item is None:
        raise Impossible("order.no-item", item=item_id)
    if not isinstance(quantity, int) or isinstance(quantity, bool) or not 0 <= quantity <= _MOST:
        raise Impossible("order.bad-quantity", quantity=quantity)
    if quantity == item.quantity:
        return
    if not item.is_editable:
        raise Impossible("order.item-not-editable", item=item.name)
    if quantity < item.quantity - item.unfulfilled:
        raise Impossible("order.is-sent")


def _cancel(request: ActionRequest, order: Order) -> Preview:
    if order.items and not any(one.unfulfilled for one in order.items):
        raise Impossible("order.is-sent")
    refund = _refund(request, order)
    lines = [("total-before", order.total or _NOTHING), ("refund", refund)]
    changes = [(one.name, str(one.quantity), "0") for one in order.items if one.quantity]
    return Preview(
        request,
        tuple([AmountLine(name, _text(amount), order.currency) for name, amount in lines]),
        tuple(changes),
        notifies=request.arguments.get("notify", True) is not False,
    )


def _edited(request: ActionRequest, order: Order, now: datetime) -> tuple[Order, dict[str, Any]]:
    wanted = _wanted(request)
    difference = _difference(order, wanted)
    items = tuple([_with(one, wanted.get(one.id, one.quantity)) for one in order.items])
    total = (order.total or _NOTHING) + difference
    tax = order.tax
    if tax is not None and order.total:
        tax = (tax * total / order.total).quantize(_CENT)
    after = replace(
        order,
        items=items,
        total=total,
        subtotal=None if order.subtotal is None else order.subtotal + difference,
        tax=tax,
        outstanding=(order.outstanding or _NOTHING) + difference,
        payment="partially_paid" if difference > 0 and order.payment == "paid" else order.payment,
        updated_at=now,
    )
    result = {
        "total": _text(total), "difference": _text(difference), "currency": order.currency,
        "outstanding": _text(after.outstanding),
    }  # fmt: skip
    return after, result


def _with(item: OrderItem, quantity: int) -> OrderItem:
    more = quantity - item.quantity
    return replace(item, quantity=quantity, unfulfilled=max(0, item.unfulfilled + more))


def _wanted(request: ActionRequest) -> dict[str, int]:
    given = request.arguments.get("items")
    return dict(given) if isinstance(given, Mapping) else {}


def _difference(order: Order, wanted: Mapping[str, int]) -> Decimal:
    return sum(
        [
            (one.price or _NOTHING) * (wanted[one.id] - one.quantity)
            for one in order.items
            if isinstance(wanted.get(one.id), int)
        ],
        _NOTHING,
    )


def _refund(request: ActionRequest, order: Order) -> Decimal:
    if request.arguments.get("refund") != "original" or order.payment == "pending":
        return _NOTHING
    # what an edit made cheaper is owed as well, and what it made dearer was never paid
    paid = (order.total or _NOTHING) - (order.outstanding or _NOTHING)
    return max(_NOTHING, paid - (order.refunded or _NOTHING))


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)
