"""The numbers by which Meta says what went wrong, and what each is to us.

Only numbers count: the words beside them change with language and season.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from helpdesk_tui.domain.json_fields import object_at, word_at


class Meaning(StrEnum):
    """What to do after an error of Meta."""

    LOGIN = "login"
    """The token is refused, or lacks a permission: nothing goes until somebody signs in anew."""
    BUSY = "busy"
    """Not done now; the same again later does."""
    PERSON = "person"
    """Too fast to this one person; again after some seconds."""
    TROUBLE = "trouble"
    """Trouble at Meta with this one message, which may pass or not: worth a few tries."""
    GONE = "gone"
    """What was asked for is not there."""
    REFUSED = "refused"
    """Refused for good."""


PERSON_SECONDS = 6.0
"""How long Meta wants between two messages to the same person."""
BUSY_SECONDS = 30.0

_LOGIN = (0, 3, 10, 102, 190, 200, 368, 131005, 131031)
_BUSY = (4, 17, 32, 341, 613, 80002, 80006, 80007, 80008, 130429, 131057, 133004)
_TROUBLE = (1, 2, 131000, 131016)
_MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    {
        **dict.fromkeys(_LOGIN, Meaning.LOGIN),
        **dict.fromkeys(_BUSY, Meaning.BUSY),
        **dict.fromkeys(_TROUBLE, Meaning.TROUBLE),
        131056: Meaning.PERSON,
        131052: Meaning.GONE,
    }
)
_SUBCODES: Mapping[int, tuple[str, Meaning]] = MappingProxyType(
    {
        33: ("meta.gone", Meaning.GONE),
        2018001: ("meta.no-such-person", Meaning.REFUSED),
        2018278: ("meta.outside-window", Meaning.REFUSED),
        2534014: ("meta.551", Meaning.REFUSED),
        2534022: ("meta.outside-window", Meaning.REFUSED),
    }
)
"""Second numbers that say more than the first ones."""


def code_of(error: Mapping[str, Any]) -> str:
    """Return the code of an error of ours: ``meta.`` and Meta's number, or what it stands for."""
    number, second = _number(error, "code"), _number(error, "error_subcode")
    if second is not None and second in _SUBCODES:
        return _SUBCODES[second][0]
    return "meta.unknown" if number is None else f"meta.{number}"


def meaning_of(error: Mapping[str, Any]) -> Meaning:
    """Return what an error (the object ``error`` of an answer) means for whoever asked."""
    number, second = _number(error, "code"), _number(error, "error_subcode")
    if second is not None and second in _SUBCODES:
        return _SUBCODES[second][1]
    found = None if number is None else _MEANINGS.get(number)
    if found is None:
        return Meaning.BUSY if error.get("is_transient") is True else Meaning.REFUSED
    return found


def error_in(answer: object) -> Mapping[str, Any]:
    """Return the error that an answer holds, or an empty object."""
    return object_at(answer, "error")


def words_of(error: Mapping[str, Any]) -> str:
    """Return what Meta says beside the numbers, for the log and for codes without a sentence."""
    return (
        word_at(error, "error_data", "details")
        or word_at(error, "error_user_msg")
        or word_at(error, "message")
    )


def _number(error: Mapping[str, Any], name: str) -> int | None:
    found = error.get(name)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 10**9:
        return None
    return found
