"""Reading JSON of Recharge: nothing is believed to be there, or to be of the type it should be.

Its prices are text, its intervals text or numbers, its moments without a zone: they are of the
shop's own. One odd field must not cost the subscription it stands in; one without an id does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, tzinfo
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.commerce.facts import UNITS, BoxItem, NextCharge, PlaceOption, Subscription
from helpdesk_tui.domain.commerce.reading import currency_of, day_of, moment_at, whole_of
from helpdesk_tui.domain.json_fields import id_at, is_true, objects_at, text_at, word_at
from helpdesk_tui.domain.money import decimal_of

_PLACE = ("address1", "address2")


@dataclass(frozen=True, slots=True)
class RechargeCustomer:
    """Whom Recharge has found."""

    id: str
    email: str
    subscriptions: int | None
    """How many there are, cancelled ones too; None: it does not say."""
    active: int


@dataclass(frozen=True, slots=True)
class ChargeItem:
    """One thing that a charge is for."""

    subscription: str
    title: str
    quantity: int
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class RechargeCharge:
    """A charge with all that leaves in its box."""

    id: str
    status: str
    date: date | None
    total: Decimal | None
    currency: str
    items: tuple[ChargeItem, ...]

    def has(self, subscription: str) -> bool:
        """Tell whether a subscription is in it."""
        return any(one.subscription == subscription for one in self.items)

    @property
    def ids(self) -> list[str]:
        """The subscriptions in it, in order."""
        return sorted({one.subscription for one in self.items if one.subscription})

    def shown(self) -> NextCharge:
        """Return it as everything else knows charges."""
        box = [BoxItem(one.subscription, one.title, one.quantity) for one in self.items]
        return NextCharge(self.id, self.date, self.total, tuple(box))


def read_customer(said: Mapping[str, Any]) -> RechargeCustomer | None:
    """Return whom a body is about; None where it names nobody."""
    found = id_at(said, "id")
    if not found:
        return None
    active = whole_of(said.get("subscriptions_active_count"))
    total = whole_of(said.get("subscriptions_total_count"))
    return RechargeCustomer(found, word_at(said, "email").lower(), total, active or 0)


def read_charge(said: Mapping[str, Any]) -> RechargeCharge | None:
    """Return a charge; None where it has no id."""
    found = id_at(said, "id")
    if not found:
        return None
    return RechargeCharge(
        found,
        word_at(said, "status").lower(),
        day_of(said.get("scheduled_at")),
        decimal_of(said.get("total_price")),
        currency_of(said.get("currency")),
        tuple([_item(one) for one in objects_at(said, "line_items")]),
    )


def read_place(said: Mapping[str, Any]) -> PlaceOption | None:
    """Return an address something can be sent to; None where it has no id."""
    found = id_at(said, "id")
    return PlaceOption(found, _lines(said)) if found else None


def read_subscription(
    said: Mapping[str, Any], *, zone: tzinfo = UTC, currency: str = ""
) -> Subscription | None:
    """Return a subscription; None where it has no id.

    Args:
        said: As Recharge tells it.
        zone: Of the shop, in which its moments are.
        currency: Of the shop, where the subscription names none.
    """
    found = id_at(said, "id")
    if not found:
        return None
    unit = word_at(said, "order_interval_unit").lower()
    return Subscription(
        id=found,
        product=word_at(said, "product_title"),
        status=word_at(said, "status").lower(),
        quantity=whole_of(said.get("quantity")) or 0,
        variant=word_at(said, "variant_title"),
        variant_id=id_at(said, "external_variant_id", "ecommerce"),
        sku=word_at(said, "sku"),
        price=decimal_of(said.get("price")),
        currency=currency_of(said.get("presentment_currency")) or currency,
        every=whole_of(said.get("order_interval_frequency")) or 0,
        unit=unit if unit in UNITS else "",
        next_date=day_of(said.get("next_charge_scheduled_at")),
        is_skippable=said.get("is_skippable") is not False,
        is_swappable=is_true(said, "is_swappable"),
        is_prepaid=is_true(said, "is_prepaid"),
        customer=id_at(said, "customer_id"),
        address=id_at(said, "address_id"),
        started_at=moment_at(said.get("created_at"), zone),
        cancelled_at=moment_at(said.get("cancelled_at"), zone),
        cancel_reason=_reason(said),
        updated_at=moment_at(said.get("updated_at"), zone),
    )


def with_charges(
    subscription: Subscription,
    queued: Sequence[RechargeCharge],
    skipped: Iterable[RechargeCharge],
    places: Sequence[PlaceOption],
) -> Subscription:
    """Return a subscription with what is charged next for it, and where it goes."""
    mine = [one for one in queued if one.has(subscription.id)]
    gone = [one for one in skipped if one.has(subscription.id)]
    charge = min(mine, key=_by_date, default=None)
    # the one that was skipped last lies right before the next one: only that is taken back
    former = max(gone, key=_by_date, default=None)
    lines = next((one.lines for one in places if one.id == subscription.address), "")
    return replace(
        subscription,
        charge=_shown(charge, subscription),
        skipped=_shown(former, subscription),
        currency=subscription.currency or (charge.currency if charge else ""),
        address_lines=lines,
        places=tuple([one for one in places if one.id != subscription.address]),
    )


def _shown(charge: RechargeCharge | None, subscription: Subscription) -> NextCharge | None:
    """Return a charge; what it does not name itself is called as it is subscribed to."""
    if charge is None:
        return None
    found = charge.shown()
    box = [
        replace(one, title=subscription.product)
        if not one.title and one.subscription == subscription.id
        else one
        for one in found.box
    ]
    return replace(found, box=tuple(box))


def reasons_of(said: object) -> str:
    """Return what a refusal says, field by field, in one line."""
    errors = said.get("errors") if isinstance(said, Mapping) else None
    if isinstance(errors, Mapping):
        told = [f"{field}: {_one_line(each)}" for field, each in list(errors.items())[:8]]
        return word_at({"text": "; ".join(told)}, "text")
    return word_at({"text": _one_line(errors)}, "text") or word_at(said, "error")


def _one_line(said: object) -> str:
    if isinstance(said, list):
        return ", ".join([str(each) for each in said[:8]])
    return said if isinstance(said, str) else ""


def _item(said: Mapping[str, Any]) -> ChargeItem:
    title = word_at(said, "title") or word_at(said, "sku")
    count = whole_of(said.get("quantity"))
    variant = word_at(said, "variant_title")
    return ChargeItem(
        id_at(said, "purchase_item_id"),
        f"{title} {variant}".strip() if variant and variant != title else title,
        # what is in a box is there at least once
        1 if count is None else count,
        decimal_of(said.get("total_price")),
    )


def _lines(said: Mapping[str, Any]) -> str:
    name = f"{word_at(said, 'first_name')} {word_at(said, 'last_name')}".strip()
    town = f"{word_at(said, 'zip')} {word_at(said, 'city')}".strip()
    lines = [
        name,
        word_at(said, "company"),
        *(word_at(said, each) for each in _PLACE),
        town,
        f"{word_at(said, 'province')} {word_at(said, 'country_code')}".strip(),
    ]
    return "\n".join([line for line in lines if line])


def _reason(said: Mapping[str, Any]) -> str:
    reason = word_at(said, "cancellation_reason")
    more = text_at(said, "cancellation_reason_comments")
    return f"{reason}: {more}" if reason and more else reason or more


def _by_date(charge: RechargeCharge) -> date:
    return charge.date or date.max
