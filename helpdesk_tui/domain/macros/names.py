"""The names that macros may use: roots, their fields, and of what kind each value is.

A name that is not in this table is an error when a macro is saved; one that is in the table and has
no value for a ticket is a hole when the macro is filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a value is; decides which filters fit."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MONEY = "money"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Group:
    """Named fields, and what one of its numbered items is, if it has such."""

    fields: Mapping[str, Kind | Group] = field(default_factory=dict)
    item: Group | None = None


Known = Kind | Group


def _texts(names: str) -> dict[str, Known]:
    return dict.fromkeys(names.split(), Kind.TEXT)


_PERSON = Group(_texts("name first_name last_name email"))
_ORDER = Group(
    {
        **_texts(
            "name number status payment_status shipping_status tracking_number tracking_url"
            " tracking_company address note url"
        ),
        **dict.fromkeys(("created_at", "shipped_at", "delivered_at", "cancelled_at"), Kind.DATE),
        **dict.fromkeys(("total", "subtotal", "shipping", "discount", "refunded"), Kind.MONEY),
        "items": Kind.LIST,
    }
)
_SUBSCRIPTION = Group(
    {
        **_texts("product variant status interval url"),
        **dict.fromkeys(("next_date", "started_at", "cancelled_at"), Kind.DATE),
        "price": Kind.MONEY,
        "quantity": Kind.NUMBER,
    }
)


def _many(item: Group) -> Group:
    """Return a group that is the newest item itself, and holds ``last``, ``first`` and numbers."""
    more: dict[str, Known] = {"last": item, "first": item, "count": Kind.NUMBER}
    return Group({**item.fields, **more}, item)


ROOTS: Mapping[str, Group] = {
    "customer": Group(
        {**_texts("name first_name last_name email phone location timezone"),
         "ticket_count": Kind.NUMBER}
    ),
    "ticket": Group(
        {
            **_texts("id subject channel status priority recipient team"),
            "tags": Kind.LIST,
            **dict.fromkeys(("created_at", "last_message_at", "waiting_since"), Kind.DATE),
            "assignee": _PERSON,
        }
    ),
    "agent": _PERSON,
    "team": Group(_texts("name")),
    "store": Group(_texts("name url email")),
    "organization": Group(_texts("name prefix")),
    "support": Group(_texts("name email")),
    "order": _many(_ORDER),
    "subscription": _many(_SUBSCRIPTION),
    "message": Group({**_texts("text subject author"), "sent_at": Kind.DATE}),
    "hours": Group(_texts("next")),
    "link": Group(_texts("shop account order_status returns review")),
}  # fmt: skip
"""Every name there is."""

PROVIDED = ("order", "subscription", "link")
"""Roots whose values come from a connected shop or subscription service."""


def names() -> Iterator[tuple[str, Kind]]:
    """Yield every plain name with its kind, as ``customer.first_name``, for completion."""
    for root, group in ROOTS.items():
        yield from _names(root, group)


def _names(path: str, group: Group) -> Iterator[tuple[str, Kind]]:
    for name, known in group.fields.items():
        if isinstance(known, Group):
            yield from _names(f"{path}.{name}", known)
        else:
            yield f"{path}.{name}", known
