"""The JSON schema (2020-12) of customers as a shop of one's own tells of them.

It is made of the values of facts, so that it says what is read, no more and no less.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin

from helpdesk_tui.domain.commerce.facts import UNITS, Segment, Subscription
from helpdesk_tui.domain.commerce.own_data import MOST, RECORDS, STATUSES, named

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer", "minimum": 0, "maximum": 1_000_000},
    bool: {"type": "boolean"},
    Decimal: {"type": ["string", "number"], "description": "an amount: better as text, '9.50'"},
    datetime: {"type": "string", "description": "ISO 8601; without a zone it is UTC"},
    date: {"type": "string", "format": "date"},
}
_BY_NAME: Mapping[str, Mapping[str, Any]] = {
    "id": {"type": ["string", "integer"]},
    "currency": {"type": "string", "description": "ISO 4217: EUR"},
    "timezone": {"type": "string", "description": "IANA name: Europe/Warsaw"},
    "churn": {"type": ["string", "number"], "description": "the risk, from 0 to 1"},
    "url": {"type": "string", "description": "http or https"},
    "admin_url": {"type": "string", "description": "http or https"},
}
_SPECIAL: Mapping[tuple[Any, str], Mapping[str, Any]] = {
    (Subscription, "unit"): {"enum": list(UNITS)},
    (Subscription, "status"): {"enum": list(STATUSES)},
    (Segment, "kind"): {"enum": ["segment", "list"]},
}


def customer_schema() -> dict[str, Any]:
    """Return the schema of one customer: of the endpoint's answer, and of a line of a file."""
    texts = {"type": "array", "items": {"type": "string"}}
    properties: dict[str, Any] = {
        "id": {"type": ["string", "integer"], "description": "your own number of the customer"},
        "emails": {**texts, "description": "all addresses that are surely theirs"},
        "phones": {**texts, "description": "all numbers that are surely theirs: +15550001111"},
    }
    for section, record in RECORDS.items():
        found: dict[str, Any] = _record(record)
        if section in MOST:
            most = f"the newest {MOST[section]} are taken"
            found = {"type": "array", "items": found, "description": most}
        properties[section.value] = found
    more = {"type": "boolean", "description": "you have more than you told"}
    properties |= {"has_more_orders": more, "has_more_events": more}
    return {
        "$schema": _DIALECT,
        "title": "A customer of a shop, for helpdesk-tui",
        "type": "object",
        "required": ["id"],
        "properties": properties,
    }


def _record(kind: Any) -> dict[str, Any]:
    properties, needed = {}, []
    for name, hint, is_needed in named(kind):
        properties[name] = dict(_SPECIAL.get((kind, name)) or _BY_NAME.get(name) or _of(hint))
        if is_needed:
            needed.append(name)
    found: dict[str, Any] = {"type": "object", "properties": properties}
    if needed:
        found["required"] = needed
    return found


def _of(hint: Any) -> Mapping[str, Any]:
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = [one for one in get_args(hint) if one is not type(None)]
        return _or_nothing(_of(hint))
    if get_origin(hint) is tuple:
        return {"type": "array", "items": dict(_of(get_args(hint)[0]))}
    if get_origin(hint) is not None:
        return {"type": "object", "additionalProperties": {"type": ["string", "integer"]}}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [one.value for one in hint]}
    return _record(hint) if is_dataclass(hint) else _PLAIN[hint]


def _or_nothing(found: Mapping[str, Any]) -> Mapping[str, Any]:
    known = found.get("type", "object")
    kinds = known if isinstance(known, list) else [known]
    return {**found, "type": [*kinds, "null"]}
