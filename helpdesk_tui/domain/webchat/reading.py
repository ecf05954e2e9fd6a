"""Reading what came over the line: the sender is believed in nothing that was not looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from helpdesk_tui.domain.errors import RemoteError

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class WireError(RemoteError):
    """The other end said something that this program does not understand."""


def is_id(value: str) -> bool:
    """Tell whether a text can be an id: letters, digits, ``_`` and ``-``, at most 128."""
    return _ID.fullmatch(value) is not None


def moment_text(moment: datetime) -> str:
    """Return an aware instant as it is written on the wire."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(value: object) -> datetime:
    """Return an instant of the wire.

    Raises:
        WireError: ``relay.nonsense`` if it is none.
    """
    try:
        found = datetime.fromisoformat(str(value))
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        # the first and the last day there are end before they are over in another zone
        raise WireError("relay.nonsense", what="at") from None
    raise WireError("relay.nonsense", what="at")


def object_of(value: object, what: str) -> Mapping[str, Any]:
    """Return an object; raises WireError."""
    if not isinstance(value, Mapping):
        raise WireError("relay.nonsense", what=what)
    return value


def list_of(said: Mapping[str, Any], name: str, most: int) -> Sequence[Any]:
    """Return a list of at most so many; one that is missing is empty. Raises WireError."""
    value = said.get(name, [])
    if not isinstance(value, list) or len(value) > most:
        raise WireError("relay.nonsense", what=name)
    return value


def text_of(said: Mapping[str, Any], name: str, most: int = 200) -> str:
    """Return a text of at most so many characters; one that is missing is empty.

    Raises:
        WireError: ``relay.nonsense`` with the name of the field.
    """
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > most or not is_storable(value):
        raise WireError("relay.nonsense", what=name)
    return value


def is_storable(text: str) -> bool:
    """Tell whether a text is one: an escape of JSON can stand for half of a character."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def id_of(said: Mapping[str, Any], name: str) -> str:
    """Return an id; one that is missing is empty. Raises WireError."""
    value = text_of(said, name, 128)
    if value and not is_id(value):
        raise WireError("relay.nonsense", what=name)
    return value


def whole_of(said: Mapping[str, Any], name: str) -> int:
    """Return a whole number that a store can hold; raises WireError."""
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise WireError("relay.nonsense", what=name)
    return value


def is_true(value: object, name: str) -> bool:
    """Tell whether an object says yes to something."""
    return isinstance(value, Mapping) and value.get(name) is True
