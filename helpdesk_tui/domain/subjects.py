"""Subjects as threading sees them: without the prefixes of answers and forwards."""

from __future__ import annotations

import re

_PREFIX = re.compile(
    r"\s*(?:(?:re|aw|sv|vs|odp|ref|rif|res|antw|ynt|rv|enc|wg|tr|fwd?|vb|pd|doorst|i|r|回复|答复|转发|回覆|轉寄)"
    r"(?:\s*[\[(]\d{1,3}[\])]|\s*\^?\d{0,2})\s*[:：]|\[#\d{1,18}\])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\[#(\d{1,18})\]")
_MAX_PREFIXES = 20
_MOST_DIGITS = 12


def base_subject(subject: str) -> str:
    """Return a subject without prefixes such as ``Re:``, case and extra blanks."""
    position = 0
    for _ in range(_MAX_PREFIXES):
        match = _PREFIX.match(subject, position)
        if match is None:
            break
        position = match.end()
    return " ".join(subject[position:].split()).casefold()


def ticket_number(subject: str) -> int | None:
    """Return the number of a ``[#123]`` in a subject; a hint, never a proof."""
    match = _NUMBER.search(subject)
    return int(match[1]) if match else None


def typed_number(text: str) -> int | None:
    """Return the ticket that a person means by ``12`` or ``#12``; None for any other text."""
    digits = text.strip().removeprefix("#")
    is_one = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
    return int(digits) if is_one else None
