"""Amounts of money: always decimal, never a binary fraction."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MICROS = 1_000_000
"""Amounts are stored as whole millionths: sortable, and exact for every currency."""
_MOST = Decimal(10) ** 12
_LONGEST = 40
_USUAL_DIGITS = 2
_NONE = (
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
    "XAF", "XOF", "XPF",
)  # fmt: skip
_THREE = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_DIGITS = {**dict.fromkeys(_NONE, 0), **dict.fromkeys(_THREE, 3)}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217 code)."""

    amount: Decimal
    currency: str


def digits_of(currency: str) -> int:
    """Return how many digits amounts in a currency have behind the point (ISO 4217)."""
    return _DIGITS.get(currency.upper(), _USUAL_DIGITS)


def decimal_of(text: object) -> Decimal | None:
    """Return the amount that a provider wrote as text or number; None if that is none."""
    if isinstance(text, bool) or not isinstance(text, str | int | float | Decimal):
        return None
    written = str(text).strip()
    if len(written) > _LONGEST:
        return None
    try:
        amount = Decimal(written)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < _MOST else None


def to_micros(amount: Decimal) -> int:
    """Return an amount as whole millionths, rounded to even."""
    return int((amount * MICROS).to_integral_value())
