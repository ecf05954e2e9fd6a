"""What a change of a subscription means: whether it can be made, what it does, what it expects.

Pure, and the same for every source that has subscriptions: how a change is asked for over there is
theirs alone.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest, AmountLine, Preview
from helpdesk_tui.domain.commerce.facts import UNITS, NextCharge, Subscription
from helpdesk_tui.domain.errors import HelpdeskError

ACTIVE = "active"
CANCELLED = "cancelled"
_MOST_QUANTITY = 999
_MOST_EVERY = 365
_LONGEST_COMMENT = 1_024
_LATEST = timedelta(days=3 * 366)


class Impossible(HelpdeskError):
    """A change that cannot be made; the code says why."""

    exit_code = 3


def later(day: date, every: int, unit: str) -> date:
    """Return the day an interval after another; the last of a month where that is shorter."""
    if unit == "month":
        months = day.year * 12 + day.month - 1 + every
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return day + timedelta(days=every * (7 if unit == "week" else 1))


def interval(every: int, unit: str) -> str:
    """Return an interval as previews hold it: ``30 day``."""
    return f"{every} {unit}"


def charge_of(request: ActionRequest, subscription: Subscription) -> NextCharge | None:
    """Return the charge that a skip, or the taking back of one, is about."""
    is_back = request.kind is ActionKind.SUBSCRIPTION_UNSKIP
    return subscription.skipped if is_back else subscription.charge


def state_of(request: ActionRequest, subscription: Subscription) -> dict[str, Any]:
    """Return what is so now, in the shape of ``expected``."""
    one, kind = subscription, request.kind
    if kind in (ActionKind.SUBSCRIPTION_SKIP, ActionKind.SUBSCRIPTION_UNSKIP):
        charge = charge_of(request, one)
        state: dict[str, Any] = {
            "charge": charge.id if charge else "",
            "date": _day(charge.date if charge else None),
        }
        if kind is ActionKind.SUBSCRIPTION_SKIP:
            state["items"] = sorted(item.subscription for item in charge.box) if charge else []
        return state
    state = {"status": one.status}
    if kind is ActionKind.SUBSCRIPTION_CHANGE:
        state |= {"quantity": one.quantity, "every": one.every, "unit": one.unit}
        if "variant" in request.arguments:
            state["variant"] = one.variant_id
    elif kind in (ActionKind.SUBSCRIPTION_DATE, ActionKind.SUBSCRIPTION_CANCEL):
        state["next_date"] = _day(one.next_date)
    elif kind is ActionKind.SUBSCRIPTION_ADDRESS:
        state["address"] = one.address
    return state


def wanted_of(request: ActionRequest) -> dict[str, Any]:
    """Return what is to be so afterwards, in the shape of ``expected``; only what changes."""
    given = request.arguments
    if request.kind is ActionKind.SUBSCRIPTION_CHANGE:
        names = ("quantity", "every", "unit", "variant")
        return {name: given[name] for name in names if name in given}
    if request.kind is ActionKind.SUBSCRIPTION_DATE:
        return {"next_date": given.get("date")}
    if request.kind is ActionKind.SUBSCRIPTION_ADDRESS:
        return {"address": given.get("address")}
    status = CANCELLED if request.kind is ActionKind.SUBSCRIPTION_CANCEL else ACTIVE
    return {"status": status}


def is_as_expected(request: ActionRequest, now: Mapping[str, Any]) -> bool:
    """Tell whether all is still as the agent saw it; what nobody has seen is not."""
    seen = request.expected
    return bool(seen) and all(name in now and _same(now[name], each) for name, each in seen.items())


def _same(now: object, seen: object) -> bool:
    if isinstance(now, list) and isinstance(seen, list):
        return sorted(map(str, now)) == sorted(map(str, seen))
    return now == seen


def preview_of(request: ActionRequest, subscription: Subscription, today: date) -> Preview:
    """Return what a change would do.

    Args:
        request: The change; what it leaves open, such as the charge, is filled in.
        subscription: As it is now.
        today: By the shop's calendar.

    Raises:
        Impossible: with a code that says why.
    """
    preview = _PREVIEWS[request.kind](request, subscription, today)
    expected = state_of(preview.request, subscription)
    warnings = preview.warnings
    if subscription.is_prepaid:
        warnings = (*warnings, ("subscription.prepaid", {}))
    return replace(preview, request=replace(preview.request, expected=expected), warnings=warnings)


def _skip(request: ActionRequest, one: Subscription, today: date) -> Preview:
    charge = charge_of(request, one)
    is_back = request.kind is ActionKind.SUBSCRIPTION_UNSKIP
    _need_active(one)
    if charge is None:
        raise Impossible("subscription.not-skipped" if is_back else "subscription.no-charge")
    if not is_back and not one.is_skippable:
        raise Impossible("subscription.not-skippable", name=one.product)
    named = sorted({str(each) for each in request.arguments.get("items") or [one.id]})
    box = {item.subscription: item for item in charge.box}
    if strangers := [each for each in named if each not in box]:
        raise Impossible("subscription.not-in-box", items=", ".join(strangers))
    amounts: tuple[AmountLine, ...] = ()
    if one.price is not None and named == [one.id]:
        line = "charged-again" if is_back else "not-charged"
        amounts = (AmountLine(line, str(one.price * one.quantity), one.currency),)
    return Preview(
        replace(request, arguments={"charge": charge.id, "items": named}),
        amounts,
        (("next-date", _day(one.next_date), _day(_after(one, charge, is_back=is_back))),),
        tuple([_shown(item) for item in charge.box if item.subscription not in named]),
        notifies=False,
    )


def _after(one: Subscription, charge: NextCharge, *, is_back: bool) -> date | None:
    if is_back or charge.date is None or not one.every or not one.unit:
        return charge.date if is_back else None
    return later(charge.date, one.every, one.unit)


def _change(request: ActionRequest, one: Subscription, today: date) -> Preview:
    _need_active(one)
    given = request.arguments
    quantity = given.get("quantity", one.quantity)
    every, unit = given.get("every", one.every), given.get("unit", one.unit)
    if not _is_count(quantity, _MOST_QUANTITY):
        raise Impossible("subscription.bad-quantity", quantity=quantity)
    is_moved = (every, unit) != (one.every, one.unit)
    if is_moved and not (_is_count(every, _MOST_EVERY) and unit in UNITS):
        raise Impossible("subscription.bad-interval", interval=f"{every} {unit}")
    changes = [
        ("quantity", str(one.quantity), str(quantity)),
        ("interval", interval(one.every, one.unit), interval(every, unit)),
    ]
    if "variant" in given:
        if not one.is_swappable:
            raise Impossible("subscription.not-swappable", name=one.product)
        changes.append(("variant", one.variant_id, str(given["variant"])))
    changes = [each for each in changes if each[1] != each[2]]
    if not changes:
        raise Impossible("action.nothing")
    # what is sent is what differs: another agent's change of the rest stays
    arguments: dict[str, Any] = {"quantity": quantity} if quantity != one.quantity else {}
    arguments |= {"every": every, "unit": unit} if is_moved else {}
    arguments |= {"variant": str(given["variant"])} if "variant" in given else {}
    warnings: list[tuple[str, Mapping[str, str]]] = []
    if is_moved:
        warnings.append(("subscription.moves-dates", {}))
    if "variant" in given:
        warnings.append(("subscription.price-unknown", {}))
    amounts = () if "variant" in given else _totals(one, quantity)
    return Preview(
        replace(request, arguments=arguments), amounts, tuple(changes), warnings=tuple(warnings),
        notifies=False,
    )  # fmt: skip


def _totals(one: Subscription, quantity: int) -> tuple[AmountLine, ...]:
    if one.price is None or quantity == one.quantity:
        return ()
    before, after = one.price * one.quantity, one.price * Decimal(quantity)
    lines = (("total-before", before), ("total-after", after), ("difference", after - before))
    return tuple([AmountLine(name, str(amount), one.currency) for name, amount in lines])


def _date(request: ActionRequest, one: Subscription, today: date) -> Preview:
    _need_active(one)
    try:
        day = date.fromisoformat(str(request.arguments.get("date")))
    except ValueError:
        raise Impossible("subscription.bad-date", date=request.arguments.get("date")) from None
    if not today < day < today + _LATEST:
        raise Impossible("subscription.bad-date", date=day.isoformat())
    if day == one.next_date:
        raise Impossible("action.nothing")
    amounts: tuple[AmountLine, ...] = ()
    beside: tuple[str, ...] = ()
    if one.charge is not None:
        beside = tuple([_shown(item) for item in one.charge.box if item.subscription != one.id])
    changes = (("next-date", _day(one.next_date), day.isoformat()),)
    return Preview(
        replace(request, arguments={"date": day.isoformat()}), amounts, changes, beside,
        notifies=False,
    )  # fmt: skip


def _address(request: ActionRequest, one: Subscription, today: date) -> Preview:
    _need_active(one)
    there = str(request.arguments.get("address") or "")
    if there == one.address:
        raise Impossible("action.nothing")
    place = next((each for each in one.places if each.id == there), None)
    if place is None:
        raise Impossible("subscription.bad-address")
    changes = (("address", one.address_lines, place.lines),)
    return Preview(replace(request, arguments={"address": there}), changes=changes, notifies=False)


def _cancel(request: ActionRequest, one: Subscription, today: date) -> Preview:
    _need_active(one)
    reason = str(request.arguments.get("reason") or "").strip()
    comments = str(request.arguments.get("comments") or "").strip()
    if not reason:
        raise Impossible("subscription.no-reason")
    if len(comments) > _LONGEST_COMMENT:
        raise Impossible("subscription.long-comments", most=_LONGEST_COMMENT)
    notify = request.arguments.get("notify", True) is not False
    arguments = {"reason": reason, "comments": comments, "notify": notify}
    changes = (("status", one.status, CANCELLED), ("next-date", _day(one.next_date), ""))
    return Preview(replace(request, arguments=arguments), changes=changes, notifies=notify)


def _activate(request: ActionRequest, one: Subscription, today: date) -> Preview:
    if one.status != CANCELLED:
        raise Impossible("subscription.not-cancelled", status=one.status)
    changes = (("status", one.status, ACTIVE),)
    return Preview(replace(request, arguments={}), changes=changes, notifies=False)


_PREVIEWS: Mapping[ActionKind, Callable[[ActionRequest, Subscription, date], Preview]] = {
    ActionKind.SUBSCRIPTION_SKIP: _skip,
    ActionKind.SUBSCRIPTION_UNSKIP: _skip,
    ActionKind.SUBSCRIPTION_CHANGE: _change,
    ActionKind.SUBSCRIPTION_DATE: _date,
    ActionKind.SUBSCRIPTION_ADDRESS: _address,
    ActionKind.SUBSCRIPTION_CANCEL: _cancel,
    ActionKind.SUBSCRIPTION_ACTIVATE: _activate,
}


def _need_active(one: Subscription) -> None:
    if one.status != ACTIVE:
        raise Impossible("subscription.not-active", status=one.status)


def _is_count(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _shown(item: Any) -> str:
    return f"{item.quantity} × {item.title}"


def was_made(request: ActionRequest, now: Mapping[str, Any]) -> bool | None:
    """Tell whether a change of the subscription itself has been made; None: nobody can tell.

    Args:
        request: The change that was asked for, with what was so before.
        now: What is so now, in the shape of ``expected``.
    """
    wanted = wanted_of(request)
    if all(now.get(name) == each for name, each in wanted.items()):
        return True
    differing = [name for name, each in wanted.items() if request.expected.get(name) != each]
    if all(now.get(name) == request.expected.get(name) for name in differing):
        return False
    # somebody has changed it to a third thing since: ours may have come before that
    return None
