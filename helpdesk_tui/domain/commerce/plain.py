"""Facts about customers as JSON for scripts: every field is there, what nobody knows is null."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from helpdesk_tui.domain.times import rfc3339


def as_plain(value: Any) -> Any:
    """Return a value of facts as plain JSON: amounts as decimal text, moments in UTC."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: as_plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(as_plain(name)): as_plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [as_plain(one) for one in value]
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value
