"""Guesses the charset of a few undeclared bytes from their shape alone.

Statistical detection needs more text than a subject, a name or a file name has. But in Western
text accented letters stand alone between others, while elsewhere most bytes are beyond ASCII:
in pairs where the writing is Chinese, Japanese or Korean, and in letters otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_RUN = re.compile(rb"[\x80-\xff]+")
_MIN_BYTES = 4
_MIN_RUN = 3
_ENOUGH = 0.85
_WESTERN = frozenset("ÄÖÜäöüßÅåÆæØøÉéÈèÀàÇç".encode("latin-1"))
_FREQUENT = frozenset("이가다는의을에하고지한은로기서사리자도시아인수정주문해니있")
_CYRILLIC = frozenset(range(0xC0, 0x100)) | {0xA3, 0xA8, 0xB3, 0xB8}


def shaped(data: bytes) -> str | None:
    """Return the text of bytes that are not Western, or nothing where they may be."""
    runs = _RUN.findall(data[:1000])
    beyond = b"".join(runs)
    if len(beyond) < _MIN_BYTES or len(beyond) < _MIN_RUN * len(runs):
        return None
    if _WESTERN.issuperset(beyond):
        return None
    if len(beyond) > _MIN_BYTES and _part_of(beyond, _CYRILLIC) >= _ENOUGH:
        return _decoded(data, "cp1251" if _is_lower_high(beyond) else "koi8_r")
    best = max(_EAST_ASIAN, key=lambda each: each[1](data))
    return _decoded(data, best[0]) if best[1](data) >= _ENOUGH else None


def _part_of(beyond: bytes, wanted: frozenset[int]) -> float:
    return sum(map(wanted.__contains__, beyond)) / len(beyond)


def _is_lower_high(beyond: bytes) -> bool:
    """Tell where the small letters lie: most letters of a text are small ones."""
    return _part_of(beyond, frozenset(range(0xE0, 0x100))) > 0.5


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeError:
        return None


def _share(data: bytes, name: str, is_common: Callable[[str], bool]) -> float:
    """Return how much of the text beyond ASCII, read in a charset, is everyday writing of it."""
    text = _decoded(data, name)
    letters = [char for char in text or "" if char > "\x7f"]
    return sum(map(is_common, letters)) / len(letters) if letters else 0.0


def _is_kana(char: str) -> bool:
    return "\u3000" <= char <= "\u30ff"


def _korean(data: bytes) -> float:
    # stricter than the others, because short Chinese text may pass for rare Korean syllables
    every = _share(data, "cp949", lambda char: "\uac00" <= char <= "\ud7a3") == 1.0
    return float(every and _share(data, "cp949", _FREQUENT.__contains__) >= 0.15)


def _japanese(name: str) -> Callable[[bytes], float]:
    def score(data: bytes) -> float:
        share = _share(data, name, _is_kana)
        written = _share(data, name, lambda char: _is_kana(char) or "\u4e00" <= char <= "\u9fff")
        return written + share if share >= 0.25 else 0.0

    return score


def _leads(name: str, low: int, high: int) -> Callable[[bytes], float]:
    """Score a charset by the rows in which its frequent characters and punctuation stand."""

    def is_common(char: str) -> bool:
        encoded = char.encode(name)
        return len(encoded) == 2 and (low <= encoded[0] <= high or encoded[0] in (0xA1, 0xA3))

    return lambda data: _share(data, name, is_common)


_EAST_ASIAN: tuple[tuple[str, Callable[[bytes], float]], ...] = (
    ("cp949", _korean),
    ("euc_jp", _japanese("euc_jp")),
    ("cp932", _japanese("cp932")),
    ("gb18030", _leads("gb18030", 0xB0, 0xD7)),
    ("big5", _leads("big5", 0xA4, 0xC6)),
)
"""Charsets in pairs of bytes, and how well bytes fit them; of equals the first counts."""
