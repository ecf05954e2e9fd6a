"""Customers as a shop of one's own tells of them: one JSON object each, by an endpoint or a file.

The fields are those of :mod:`facts`, by the same names. Who writes such a program wants to know
what is wrong with it: so what does not fit is refused with the place where it stands.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from helpdesk_tui.domain.commerce.facts import (
    UNITS,
    CustomerEvent,
    EventsPage,
    Facts,
    Failure,
    Order,
    OrderItem,
    ProfileFacts,
    Section,
    Segment,
    Subscription,
    Tracking,
    Value,
)
from helpdesk_tui.domain.commerce.reading import currency_of, moment_at, zone_name
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messaging.people import is_number
from helpdesk_tui.domain.money import decimal_of
from helpdesk_tui.domain.text import clean, clean_lines, shorten
from helpdesk_tui.domain.web_addresses import parts_of

MOST: Mapping[Section, int] = {
    Section.SEGMENTS: 200,
    Section.ORDERS: 250,
    Section.SUBSCRIPTIONS: 250,
    Section.EVENTS: 1_000,
}
"""How many of each are taken; what comes behind is left out."""
RECORDS: Mapping[Section, Any] = {
    Section.PROFILE: ProfileFacts,
    Section.SEGMENTS: Segment,
    Section.VALUE: Value,
    Section.ORDERS: Order,
    Section.SUBSCRIPTIONS: Subscription,
    Section.EVENTS: CustomerEvent,
}
"""What each section is made of."""
NOT_TOLD: Mapping[type[Any], frozenset[str]] = {
    # nothing is changed there from here, so nobody has to say what could be
    Order: frozenset({"is_editable", "not_editable", "has_more_items", "is_test"}),
    OrderItem: frozenset({"is_editable", "unfulfilled"}),
    Subscription: frozenset(
        {"charge", "skipped", "places", "is_skippable", "is_swappable", "is_prepaid", "customer",
         "address", "variant_id"}
    ),
    CustomerEvent: frozenset({"sent", "campaign_id", "campaign", "channel"}),
}  # fmt: skip
"""Fields of facts that are for sources that can do more."""
_LISTS = (Section.SEGMENTS, Section.ORDERS, Section.SUBSCRIPTIONS, Section.EVENTS)
_LONGEST = 500
_LONGEST_LINES = 4_000
_MOST_INSIDE = 200
_LINES = ("note", "address", "address_lines")
_ADDRESSES = ("url", "admin_url")
STATUSES = ("active", "cancelled", "expired")

_Read = Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class OwnCustomer:
    """A customer of a shop of one's own."""

    id: str
    facts: Facts
    emails: tuple[str, ...] = ()
    """In lower case."""
    phones: tuple[str, ...] = ()
    """E.164."""


def read_customer(said: Any, wanted: frozenset[Section] = frozenset(Section)) -> OwnCustomer:
    """Return what an object says of a customer; a section that does not fit is a failed one.

    Raises:
        UsageError: ``own-data.bad`` if not even who it is can be read.
    """
    if not isinstance(said, dict):
        raise _bad("customer", said)
    external_id = _word(said.get("id"), "id")
    if not external_id:
        raise _bad("id", said.get("id"))
    told: dict[Section, Any] = {}
    failed: dict[Section, Failure] = {}
    for section in wanted:
        found = said.get(section.value)
        if found is None:
            continue
        try:
            told[section] = _section(section, found)
        except UsageError as error:
            values = {name: str(value) for name, value in error.values.items()}
            failed[section] = Failure(error.code, values)
    facts = _facts(told, failed, wanted, said)
    return OwnCustomer(external_id, facts, _emails(said), _phones(said))


def _facts(
    told: Mapping[Section, Any],
    failed: Mapping[Section, Failure],
    wanted: frozenset[Section],
    said: Mapping[str, Any],
) -> Facts:
    events = told.get(Section.EVENTS)
    page = None
    if events is not None:
        newest_first = sorted(events[0], key=lambda one: one.at, reverse=True)
        page = EventsPage(tuple(newest_first), not (events[1] or said.get("has_more_events")))
    orders, is_cut = told.get(Section.ORDERS) or (None, False)
    return Facts(
        profile=told.get(Section.PROFILE),
        segments=told[Section.SEGMENTS][0] if Section.SEGMENTS in told else None,
        value=told.get(Section.VALUE),
        orders=orders,
        has_more_orders=is_cut or said.get("has_more_orders") is True,
        subscriptions=told[Section.SUBSCRIPTIONS][0] if Section.SUBSCRIPTIONS in told else None,
        events=page,
        not_available=wanted - frozenset(told) - frozenset(failed),
        failed=failed,
    )


def _section(section: Section, said: Any) -> Any:
    """Return a section; of one that is a list, also whether something was left out."""
    read = _reader(RECORDS[section])
    if section not in _LISTS:
        return read(said, section.value)
    if not isinstance(said, list):
        raise _bad(section.value, said)
    most = MOST[section]
    found = [read(one, f"{section.value}[{at}]") for at, one in enumerate(said[:most])]
    return tuple(found), len(said) > most


def _emails(said: Mapping[str, Any]) -> tuple[str, ...]:
    found = [*_texts(said.get("emails")), *_texts(_inside(said, "email"))]
    return tuple(dict.fromkeys(one.lower() for one in found if "@" in one))


def _phones(said: Mapping[str, Any]) -> tuple[str, ...]:
    found = [*_texts(said.get("phones")), *_texts(_inside(said, "phone"))]
    return tuple(dict.fromkeys(one for one in found if is_number(one)))


def _inside(said: Mapping[str, Any], name: str) -> Any:
    profile = said.get(Section.PROFILE.value)
    return profile.get(name) if isinstance(profile, dict) else None


def _texts(said: Any) -> list[str]:
    many = said if isinstance(said, list) else [said]
    return [clean(one).strip() for one in many[:_MOST_INSIDE] if isinstance(one, str)]


# readers of fields ---------------------------------------------------------------------------


def named(kind: type[Any]) -> tuple[tuple[str, Any, bool], ...]:
    """Return the fields of a record that are told: name, type, and whether it has to be there."""
    hints = get_type_hints(kind)
    left = NOT_TOLD.get(kind, frozenset())
    return tuple(
        (one.name, hints[one.name], one.default is MISSING and one.default_factory is MISSING)
        for one in fields(kind)
        if one.name not in left
    )


@cache
def _reader(kind: Any) -> _Read:
    """Return what reads a record; made once for each kind."""
    readers = [(name, _field(kind, name, hint), needed) for name, hint, needed in named(kind)]

    def read(said: Any, place: str) -> Any:
        if not isinstance(said, dict):
            raise _bad(place, said)
        found = {}
        for name, field, is_needed in readers:
            value, where = said.get(name), f"{place}.{name}"
            if value is not None:
                found[name] = field(value, where)
            if is_needed and found.get(name, "") == "":
                raise _bad(where, value)
        return kind(**found)

    return read


def _field(kind: type[Any], name: str, hint: Any) -> _Read:
    special = _SPECIAL.get((kind, name)) or _BY_NAME.get(name)
    if special is not None:
        return special
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = [one for one in get_args(hint) if one is not type(None)]
    if get_origin(hint) is tuple:
        return _list_of(_plain(get_args(hint)[0]))
    return _plain(hint)


def _plain(hint: Any) -> _Read:
    if is_dataclass(hint):
        return _record(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _choice(hint)
    if get_origin(hint) is not None:
        return _details
    return _PLAIN[hint]


def _record(kind: Any) -> _Read:
    return _reader(kind)


def _list_of(read: _Read) -> _Read:
    def found(said: Any, place: str) -> Any:
        if not isinstance(said, list):
            raise _bad(place, said)
        return tuple([read(one, f"{place}[{at}]") for at, one in enumerate(said[:_MOST_INSIDE])])

    return found


def _choice(kind: type[Enum]) -> _Read:
    def found(said: Any, place: str) -> Any:
        try:
            return kind(said)
        except ValueError:
            raise _bad(place, said) from None

    return found


def _one_of(*known: str) -> _Read:
    def found(said: Any, place: str) -> str:
        if said not in known:
            raise _bad(place, said)
        return str(said)

    return found


def _word(said: Any, place: str) -> str:
    """Return a text of one line; ids may be numbers."""
    if isinstance(said, int) and not isinstance(said, bool):
        said = str(said)
    if not isinstance(said, str):
        if said is None:
            return ""
        raise _bad(place, said)
    return shorten(clean(said).strip(), _LONGEST)


def _lines(said: Any, place: str) -> str:
    if not isinstance(said, str):
        raise _bad(place, said)
    return shorten(clean_lines(said).strip(), _LONGEST_LINES)


def _address(said: Any, place: str) -> str:
    text = _word(said, place)
    if text and parts_of(text) is None:
        raise _bad(place, said)
    return text


def _amount(said: Any, place: str) -> Decimal:
    found = decimal_of(said)
    if found is None:
        raise _bad(place, said)
    return found


def _share(said: Any, place: str) -> Decimal:
    found = _amount(said, place)
    if not 0 <= found <= 1:
        raise _bad(place, said)
    return found


def _count(said: Any, place: str) -> int:
    if isinstance(said, bool) or not isinstance(said, int) or not 0 <= said <= 1_000_000:
        raise _bad(place, said)
    return said


def _moment(said: Any, place: str) -> datetime:
    found = moment_at(said)
    if found is None:
        raise _bad(place, said)
    return found


def _day(said: Any, place: str) -> date:
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError):
        raise _bad(place, said) from None


def _switch(said: Any, place: str) -> bool:
    if not isinstance(said, bool):
        raise _bad(place, said)
    return said


def _currency(said: Any, place: str) -> str:
    found = currency_of(said)
    if said and not found:
        raise _bad(place, said)
    return found


def _zone(said: Any, place: str) -> str:
    found = zone_name(said)
    if said and not found:
        raise _bad(place, said)
    return found


def _details(said: Any, place: str) -> Mapping[str, str]:
    if not isinstance(said, dict):
        raise _bad(place, said)
    some = list(said.items())[:_MOST_INSIDE]
    return {_word(name, place): _word(value, f"{place}.{name}") for name, value in some}


def _bad(place: str, said: Any) -> UsageError:
    shown = "–" if said is None else shorten(clean(str(said)), 60)
    return UsageError("own-data.bad", place=clean(place), value=shown)


_PLAIN: Mapping[Any, _Read] = {
    str: _word, int: _count, bool: _switch, Decimal: _amount, datetime: _moment, date: _day,
}  # fmt: skip
_BY_NAME: Mapping[str, _Read] = {
    **dict.fromkeys(_LINES, _lines),
    **dict.fromkeys(_ADDRESSES, _address),
    "currency": _currency,
    "timezone": _zone,
    "churn": _share,
}
_SPECIAL: Mapping[tuple[type[Any], str], _Read] = {
    (Subscription, "unit"): _one_of(*UNITS),
    (Subscription, "status"): _one_of(*STATUSES),
    (Tracking, "url"): _address,
    (Segment, "kind"): _one_of("segment", "list"),
}
