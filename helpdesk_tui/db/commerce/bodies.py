"""Values of facts as JSON in a column, and back: exact amounts, aware moments.

What is read may have been written by another version: a field that is missing takes its default,
one that is unknown is left out.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.times import rfc3339

_T = TypeVar("_T")
_Read = Callable[[Any], Any]


def to_body(value: Any) -> str:
    """Return a value of facts as JSON text; what is at its default is left out."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def from_body(kind: type[_T], text: str) -> _T:
    """Return the value that :func:`to_body` made JSON text of.

    Raises:
        StoreError: ``store.broken`` if it is none of this kind at all.
    """
    try:
        wanted: Any = kind
        found: _T = _reader(wanted)(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation) as error:
        raise StoreError("store.broken", path="", reason=f"{kind.__name__}: {error}") from error
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        found = {each.name: getattr(value, each.name) for each in fields(value)}
        left = _defaults(type(value))
        return {
            name: _plain(one)
            for name, one in found.items()
            if name not in left or left[name] != one
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(_plain(name)): _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat() if value.microsecond else rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@cache
def _defaults(kind: Any) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for each in fields(kind):
        if each.default is not MISSING:
            found[each.name] = each.default
        elif each.default_factory is not MISSING:
            found[each.name] = each.default_factory()
    return found


@cache
def _reader(kind: Any) -> _Read:
    """Return what turns JSON into one kind of value; made once per kind."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        (inner,) = [one for one in get_args(kind) if one is not type(None)]
        read = _reader(inner)
        return lambda found: None if found is None else read(found)
    if origin is tuple:
        return _tuple_reader(get_args(kind))
    if origin is not None and issubclass(origin, Mapping):
        return dict
    if is_dataclass(kind):
        return _record_reader(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    if kind in (Any, str, int, bool, float):
        return lambda found: found
    plain: _Read = kind
    return plain


def _tuple_reader(inner: tuple[Any, ...]) -> _Read:
    if len(inner) == 2 and inner[1] is Ellipsis:
        read = _reader(inner[0])
        return lambda found: tuple([read(one) for one in found])
    readers = [_reader(one) for one in inner]
    return lambda found: tuple([read(one) for read, one in zip(readers, found, strict=True)])


def _record_reader(kind: Any) -> _Read:
    hints = get_type_hints(kind)
    readers = {each.name: _reader(hints[each.name]) for each in fields(kind)}

    def read(found: Any) -> Any:
        return kind(**{name: readers[name](one) for name, one in found.items() if name in readers})

    return read
