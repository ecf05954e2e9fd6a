"""How many parts a text message is sent in: GSM 7-bit if that has every character, else UCS-2."""

from __future__ import annotations

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Characters that take two places."""


@dataclass(frozen=True, slots=True)
class Segments:
    """The size of a text message."""

    encoding: str
    """``GSM-7`` or ``UCS-2``."""
    units: int
    """Places taken: septets, or 16-bit units."""
    segments: int
    left: int
    """Places left in the last segment."""


def count_segments(text: str) -> Segments:
    """Return in how many segments a text travels."""
    if all(char in _BASIC or char in _EXTENDED for char in text):
        sizes = [2 if char in _EXTENDED else 1 for char in text]
        return _count("GSM-7", sizes, alone=160, joined=153)
    sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
    return _count("UCS-2", sizes, alone=70, joined=67)


def first_outside_gsm(text: str) -> str:
    """Return the first character that GSM 7-bit has not; empty where it has them all."""
    return next((char for char in text if char not in _BASIC and char not in _EXTENDED), "")


def _count(encoding: str, sizes: list[int], *, alone: int, joined: int) -> Segments:
    total = sum(sizes)
    if total <= alone:
        return Segments(encoding, total, 1 if total else 0, alone - total)
    segments, used = 1, 0
    for size in sizes:
        # a character is never cut in two
        if used + size > joined:
            segments, used = segments + 1, 0
        used += size
    return Segments(encoding, total, segments, joined - used)
