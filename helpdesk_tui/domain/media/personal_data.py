"""What in a text looks like somebody's private data: asked about before it leaves.

Found are payment card numbers whose check digit is right (ISO/IEC 7812-1, Luhn), IBANs that pass
mod 97 (ISO 13616), and e-mail addresses. All patterns are linear on any text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

_CARD = re.compile(r"(?<![\w.,+\-])\d(?:[ \-]?\d){12,18}(?![\w\-])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30}(?![A-Za-z0-9])", re.I)
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,200}\.[A-Za-z]{2,24}")
_CARDS = range(13, 20)
_FIRST = "23456"
"""Digits that numbers of payment cards begin with: travel, banking, petrol."""
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30,
    "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
    "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28,
    "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
"""Characters of an IBAN by its country, as SWIFT's registry of them says."""
_MOST = 50
"""Findings that are worth naming."""


class DataKind(StrEnum):
    """What something looks like."""

    CARD = "card"
    IBAN = "iban"
    EMAIL = "email"
    """Of somebody who is a customer, and not the one of this ticket."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Something in a text, or in the name of a file."""

    kind: DataKind
    text: str
    """As it is written there."""
    start: int
    end: int
    where: str = ""
    """Name of the file; empty for the text itself."""

    @property
    def masked(self) -> str:
        """The same with its middle hidden, to be shown to whoever looks over a shoulder."""
        if self.kind is DataKind.EMAIL:
            return self.text
        plain = re.sub(r"[^A-Za-z0-9]", "", self.text)
        return f"{plain[:4]}…{plain[-4:]}"


def personal_data(text: str, where: str = "") -> tuple[PersonalData, ...]:
    """Return the card numbers and IBANs of a text, in their order."""
    found: list[PersonalData] = []
    for match in _IBAN.finditer(text):
        end = _iban_end(match[0])
        if end:
            start = match.start()
            found.append(PersonalData(DataKind.IBAN, match[0][:end], start, start + end, where))
    taken = [(each.start, each.end) for each in found]
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        is_inside = any(start < match.end() and match.start() < end for start, end in taken)
        if not is_inside and is_card(digits):
            found.append(PersonalData(DataKind.CARD, match[0], match.start(), match.end(), where))
    return tuple(sorted(found, key=lambda each: each.start)[:_MOST])


def addresses(text: str) -> tuple[tuple[str, int, int], ...]:
    """Return the e-mail addresses of a text in lower case, with their places."""
    return tuple((match[0].lower(), match.start(), match.end()) for match in _MAIL.finditer(text))[
        :_MOST
    ]


def strange_addresses(
    text: str, known: Collection[str], others: Iterable[str], where: str = ""
) -> tuple[PersonalData, ...]:
    """Return addresses of other customers.

    Args:
        text: What is about to leave.
        known: Addresses, in lower case, that this conversation knows, and our own.
        others: Those of the text's addresses that are other customers'.
        where: Name of the file whose name this is.
    """
    strangers = {each.lower() for each in others} - set(known)
    return tuple(
        PersonalData(DataKind.EMAIL, text[start:end], start, end, where)
        for address, start, end in addresses(text)
        if address in strangers
    )


def without_known(found: Iterable[PersonalData], thread: str) -> tuple[PersonalData, ...]:
    """Leave out what the conversation knows already: it gives nothing away."""
    plain = re.sub(r"[ \-]", "", thread).lower()
    return tuple(each for each in found if re.sub(r"[ \-]", "", each.text).lower() not in plain)


def is_card(digits: str) -> bool:
    """Tell whether digits can be the number of a payment card."""
    if len(digits) not in _CARDS or digits[0] not in _FIRST or len(set(digits)) < 2:
        return False
    return passes_luhn(digits)


def passes_luhn(digits: str) -> bool:
    """Tell whether the last digit is the check digit of those before it (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_iban(text: str) -> bool:
    """Tell whether text without spaces is an IBAN."""
    if len(text) != _LENGTHS.get(text[:2]) or not text.isascii() or not text.isalnum():
        return False
    number = "".join(str(int(char, 36)) for char in text[4:] + text[:4])
    return int(number) % 97 == 1


def _iban_end(written: str) -> int:
    """Return how much of what may be an IBAN is one: words after it look like a part of it."""
    groups = [match.end() for match in re.finditer(r"[A-Za-z0-9]+", written)]
    for end in reversed(groups):
        if is_iban(written[:end].replace(" ", "").upper()):
            return end
    return 0
