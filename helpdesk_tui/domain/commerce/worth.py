"""What a customer is worth over several accounts and sources: sums where they add up, else a pick.

Amounts of different currencies are never added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from helpdesk_tui.domain.commerce.facts import Value


@dataclass(frozen=True, slots=True)
class Worth:
    """The numbers that searches compare and rules go by."""

    ltv: Decimal | None = None
    """What they will have spent in all, as predicted; so far, where nobody predicts."""
    churn: Decimal | None = None
    orders: int | None = None


def known_fields(value: Value) -> int:
    """Return how much a source knows."""
    return sum(getattr(value, each.name) not in (None, "") for each in fields(value))


def together(values: Sequence[Value]) -> Value:
    """Return what one source says of the several accounts that one customer has there."""
    first, *others = sorted(values, key=known_fields, reverse=True)
    for other in others:
        if other.currency != first.currency and other.currency and first.currency:
            continue
        first = replace(
            first,
            currency=first.currency or other.currency,
            spent=_sum(first.spent, other.spent),
            predicted=_sum(first.predicted, other.predicted),
            total=_sum(first.total, other.total),
            orders=_count(first.orders, other.orders),
            predicted_orders=_sum(first.predicted_orders, other.predicted_orders),
            average_order=None,
            days_between_orders=None,
            # whoever comes back on one account comes back
            churn=_least(first.churn, other.churn),
            next_order=min(
                (each for each in (first.next_order, other.next_order) if each), default=None
            ),
        )
    return first


def worth_of(predicting: Sequence[Value], shops: Sequence[Value]) -> Worth:
    """Return the numbers of a customer over all sources.

    Args:
        predicting: What sources say that are no shops themselves, whoever knows most first.
        shops: What shops say of their own orders, likewise.
    """
    everyone = (*predicting, *shops)
    spent = None
    for each in shops:
        if each.spent is not None and each.currency == shops[0].currency:
            spent = _sum(spent, each.spent)
    orders = None
    for each in shops:
        orders = _count(orders, each.orders)
    if orders is None:
        orders = next((each.orders for each in predicting if each.orders is not None), None)
    total = next((each.total for each in everyone if each.total is not None), None)
    if total is None:
        total = spent
    if total is None:
        total = next((each.spent for each in everyone if each.spent is not None), None)
    churn = next((each.churn for each in everyone if each.churn is not None), None)
    return Worth(total, churn, orders)


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other


def _count(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other


def _least(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
