"""The numbers by which Twilio says what went wrong, and what follows from each.

Only numbers count: the words beside them change.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Meaning(StrEnum):
    """What an error means for whoever sends."""

    OPTED_OUT = "opted-out"
    """The customer wrote STOP: nothing goes to them from this number until they write START."""
    BAD_ADDRESS = "bad-address"
    """Nothing will ever arrive at this number."""
    LOGIN = "login"
    """The credentials are refused, or the account is shut: nothing goes until somebody acts."""
    BUSY = "busy"
    """Not done now; the same again later does."""
    SETUP = "setup"
    """Something has to be set up at Twilio first: an administrator has to know."""
    REFUSED = "refused"
    """This message, at this time, does not go."""


BUSY_SECONDS = 10.0
_MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    {
        21610: Meaning.OPTED_OUT,
        **dict.fromkeys((21211, 21614, 21635, 30005, 30006, 63003, 63024), Meaning.BAD_ADDRESS),
        **dict.fromkeys((20003, 20005, 30002), Meaning.LOGIN),
        **dict.fromkeys((20429, 21611, 30001, 63018), Meaning.BUSY),
        **dict.fromkeys((21408, 21606, 21608, 21612, 21660, 30034), Meaning.SETUP),
        **dict.fromkeys(
            (11751, 12300, 21617, 21620, 21656, 30003, 30004, 30007, 30008, 63016, 63019, 63034),
            Meaning.REFUSED,
        ),
    }
)
UNKNOWN = "twilio.error"
"""The code of all numbers that are not known here; the number stands in its values."""
_BEFORE = "twilio."


def meaning_of(number: int) -> Meaning:
    """Return what an error means."""
    return _MEANINGS.get(number, Meaning.REFUSED)


def code_of(number: int) -> str:
    """Return the code of an error of ours."""
    return f"{_BEFORE}{number}" if number in _MEANINGS else UNKNOWN


def meaning_of_code(code: str) -> Meaning | None:
    """Return what an error of ours means; None for one that is not of Twilio."""
    number = code.removeprefix(_BEFORE)
    if number == code:
        return None
    return meaning_of(int(number)) if number.isdecimal() else Meaning.REFUSED


def known_numbers() -> tuple[int, ...]:
    """Return the numbers that have a sentence of their own."""
    return tuple(_MEANINGS)
