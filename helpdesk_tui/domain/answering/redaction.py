"""What names a person or an order is taken out of a text before it leaves the box."""

from __future__ import annotations

import re

from helpdesk_tui.domain.media.personal_data import passes_luhn

MAIL, CARD, PHONE, ORDER = "[e-mail]", "[card]", "[phone]", "[number]"

_MAIL = re.compile(r"[^\s@<>\"'(),;:]{1,64}@[^\s@<>\"'(),;:]{1,255}")
_LINK_VALUES = re.compile(r"(https?://[^\s?#]{1,500})[?#]\S{0,2000}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_DIGITS = re.compile(r"(?<![\w.])\+?\d(?:[ \t()./\-]{0,2}\d){4,29}(?!\w)")
_NUMBERED = re.compile(
    r"(?<!\w)#\s?[A-Za-z0-9-]{3,30}|\b(?=[A-Z0-9-]{0,26}\d)[A-Z]{1,6}-?\d{3,20}\b"
)
_LONGEST_PHONE = 15
_CARD_LENGTHS = range(13, 20)


def redacted(text: str) -> str:
    """Return a text without addresses, cards, phones and order numbers; each leaves its kind."""
    text = _LINK_VALUES.sub(r"\1", text)
    text = _MAIL.sub(MAIL, text)
    text = _IBAN.sub(CARD, text)
    text = _NUMBERED.sub(ORDER, text)
    return _DIGITS.sub(lambda found: _kind(found[0]), text)


def _kind(written: str) -> str:
    digits = "".join(char for char in written if char.isdigit())
    if written.startswith(("+", "00")) and len(digits) <= _LONGEST_PHONE:
        return PHONE
    if len(digits) in _CARD_LENGTHS and passes_luhn(digits):
        return CARD
    is_phone = any(char in " ()-/." for char in written)
    if is_phone and 7 <= len(digits) <= _LONGEST_PHONE:
        return PHONE
    return ORDER
