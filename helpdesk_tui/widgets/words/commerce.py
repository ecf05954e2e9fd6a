"""The words of orders, of subscriptions, of what a customer is worth, and of amounts of money.

What a shop says in its own codes is looked up here; a code that nobody knows is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Order, Subscription, Tracking
from helpdesk_tui.domain.money import digits_of
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.words.language import N_, Marked, _, ngettext, pgettext
from helpdesk_tui.widgets.words.locale_forms import date_and_year, day_month, number

COMMERCE_SENTENCES: Marked[Mapping[str, str]] = {
    "event-filter.empty": "a filter of events needs a name and at least one kind of event",
    "event-filter.no-name": "a filter of events needs a name",
    "event-filter.taken": "another filter of yours is called {name}",
    "event-filter.missing": "there is no filter of events {id} of yours",
}
"""Sentences of the filters of events."""

_SYMBOLS: Mapping[str, str] = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
"""Signs that mean one currency; of all others the code is shown."""

_FULFILMENT: Marked[Mapping[str, str]] = {
    "fulfilled": "fulfilled",
    "in_progress": "being packed",
    "on_hold": "on hold",
    "open": "still open",
    "partially_fulfilled": "partly sent",
    "pending_fulfillment": "being packed",
    "restocked": "restocked",
    "scheduled": "scheduled",
    "unfulfilled": "not sent yet",
    "request_declined": "declined",
}
_PARCELS: Marked[Mapping[str, str]] = {
    "attempted_delivery": "nobody was home",
    "canceled": "parcel cancelled",
    "confirmed": "announced",
    "delayed": "delayed",
    "delivered": "delivered",
    "failure": "not delivered",
    "fulfilled": "sent",
    "in_transit": "on its way",
    "label_printed": "label printed",
    "label_purchased": "label bought",
    "marked_as_fulfilled": "sent",
    "not_delivered": "not delivered",
    "out_for_delivery": "out for delivery",
    "picked_up": "picked up",
    "carrier_picked_up": "on its way",
    "ready_for_pickup": "ready for pickup",
    "submitted": "announced",
}
_PAYMENT: Marked[Mapping[str, str]] = {
    "authorized": "authorised",
    "expired": "payment expired",
    "paid": "paid",
    "partially_paid": "partly paid",
    "partially_refunded": "partly refunded",
    "pending": "not paid yet",
    "refunded": "refunded",
    "voided": "payment voided",
}
_STATUS: Mapping[str, str] = N_(
    {
        "active": "active",
        "cancelled": "cancelled",
        "expired": "expired",
        "paused": "paused",
    },
    context="subscription",
)
_GOOD = frozenset({"fulfilled", "delivered", "picked_up"})
_BAD = frozenset({"failure", "not_delivered", "attempted_delivery", "request_declined"})
_WAITS = frozenset(
    {"on_hold", "partially_fulfilled", "delayed", "ready_for_pickup", "pending", "expired",
     "partially_paid", "authorized"}
)  # fmt: skip

_CHURN: Marked[Mapping[Ink, str]] = {
    Ink.GOOD: "low",
    Ink.WAITING: "medium",
    Ink.BAD: "high",
}
_CHURN_BELOW = ((Decimal("0.34"), Ink.GOOD), (Decimal("0.67"), Ink.WAITING))


def money_words(
    amount: Decimal | None, currency: str, *, whole: bool = False, plain: bool = False
) -> str:
    """Return an amount as people write it: ``€89.00``, ``-€5.00``, ``120.00 PLN``.

    Args:
        amount: the amount; None is a dash.
        currency: the code of its currency; may be empty.
        whole: without the small change.
        plain: no sign of a currency, for terminals that have letters only.
    """
    if amount is None:
        return "–"
    code = clean(currency).upper()
    digits = 0 if whole else digits_of(code)
    written = number(float(abs(amount)), digits) if amount.is_finite() else "–"
    minus = "-" if amount < 0 and round(amount, digits) else ""
    symbol = "" if plain else _SYMBOLS.get(code, "")
    if symbol:
        # translators: an amount of money with the sign of its currency
        return minus + pgettext("money", "{symbol}{amount}").format(symbol=symbol, amount=written)
    return f"{minus}{written} {code}".rstrip()


def code_words(code: str) -> str:
    """Return the code of a provider that nobody has a word for, as it is readable."""
    return clean(code).replace("_", " ").lower()


def fulfilment_words(code: str) -> str:
    """Return how far an order was sent, in words."""
    return _(_FULFILMENT[code]) if code in _FULFILMENT else code_words(code)


def parcel_words(parcel: Tracking) -> str:
    """Return where a parcel is, in words; empty where nobody knows."""
    code = "delivered" if parcel.delivered_at is not None else parcel.status
    return _(_PARCELS[code]) if code in _PARCELS else code_words(code)


def payment_words(code: str) -> str:
    """Return how an order was paid, in words."""
    return _(_PAYMENT[code]) if code in _PAYMENT else code_words(code)


def order_state(order: Order) -> tuple[str, Ink]:
    """Return the one word that says most of where an order stands, and its ink."""
    if order.cancelled_at is not None:
        return _("cancelled"), Ink.BAD
    known = [one for one in order.parcels if one.status or one.delivered_at is not None]
    if known and order.fulfilment in ("fulfilled", ""):
        # of several parcels the one that came least far
        late = next((one for one in known if one.delivered_at is None), known[0])
        code = "delivered" if late.delivered_at is not None else late.status
        return parcel_words(late), _ink_of(code)
    return fulfilment_words(order.fulfilment) or "–", _ink_of(order.fulfilment)


def payment_state(order: Order) -> tuple[str, Ink] | None:
    """Return what is unusual about the payment of an order; None where it is simply paid."""
    if order.payment in ("", "paid"):
        return None
    return payment_words(order.payment), _ink_of(order.payment)


def _ink_of(code: str) -> Ink:
    if code in _GOOD:
        return Ink.GOOD
    if code in _BAD:
        return Ink.BAD
    return Ink.WAITING if code in _WAITS else Ink.SOFT


def item_count(order: Order) -> str:
    """Return how many things are in an order."""
    count = sum([max(0, one.quantity) for one in order.items])
    if order.has_more_items:
        return _("more than {count} items").format(count=count)
    return ngettext("{count} item", "{count} items", count).format(count=count)


def every_words(every: int, unit: str) -> str:
    """Return how often something comes: ``monthly``, ``every 2 weeks``; empty where unknown."""
    if every < 1 or unit not in ("day", "week", "month"):
        return ""
    if every == 1:
        return {"day": _("daily"), "week": _("weekly"), "month": _("monthly")}[unit]
    form = {
        "day": ngettext("every {count} day", "every {count} days", every),
        "week": ngettext("every {count} week", "every {count} weeks", every),
        "month": ngettext("every {count} month", "every {count} months", every),
    }[unit]
    return form.format(count=every)


def status_words(code: str) -> str:
    """Return how a subscription stands, in words."""
    return pgettext("subscription", _STATUS[code]) if code in _STATUS else code_words(code)


def subscription_status(subscription: Subscription) -> tuple[str, Ink]:
    """Return where a subscription stands, and its ink."""
    code = subscription.status
    inks = {"active": Ink.GOOD, "cancelled": Ink.BAD, "expired": Ink.DIM}
    return status_words(code), inks.get(code, Ink.WAITING)


def churn_words(risk: Decimal) -> tuple[str, Ink]:
    """Return what a risk of 0 to 1 is called, and its ink."""
    ink = next((ink for below, ink in _CHURN_BELOW if risk < below), Ink.BAD)
    return _(_CHURN[ink]), ink


def percent(share: Decimal) -> str:
    """Return a share of 1 as ``18 %``."""
    return _("{number} %").format(number=number(float(share * 100)))


def coming_day(day: date, today: date) -> str:
    """Return a day, with its year where that is not this one."""
    return day_month(day) if day.year == today.year else date_and_year(day)


def source_label(source: ConnectedSource, others: tuple[ConnectedSource, ...] = ()) -> str:
    """Return what a source is called: its kind, or its own name where that would not tell."""
    is_alone = sum([one.kind == source.kind for one in others]) < 2
    if is_alone and source.kind not in ("endpoint", "table"):
        return _(source.spec.label)
    return clean(source.name)
