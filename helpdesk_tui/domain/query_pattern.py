"""Regular expressions in queries: only those that cannot run for long on any text."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 200
"""Characters of an expression."""
SEEN = 500
"""Characters of a text that an expression is held against."""
_MOST_REPEATS = 2
_MOST_CHOICES = 8
_PIECE = re.compile(
    r"\\(?P<escaped>.)|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<repeat>[*+]\??|\{\d*,?\d*\}\??)"
    r"|(?P<maybe>\?\??)|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<choice>\|)|(?P<other>.)",
    re.DOTALL,
)


def is_safe(pattern: str) -> bool:
    """Tell whether an expression is one, and one that ends soon whatever text it meets.

    It may repeat at most two things, and only single characters or sets of them, and has at most
    eight places to choose; no groups are repeated, and nothing looks around or back.
    """
    if len(pattern) > LONGEST or "(?" in pattern.replace("(?:", ""):
        return False
    repeats = choices = 0
    before = ""
    for piece in _PIECE.finditer(pattern):
        kind = piece.lastgroup or ""
        if kind == "escaped" and piece["escaped"].isdigit():
            return False
        if kind in ("repeat", "maybe") and before in ("close", "repeat"):
            return False
        repeats += kind == "repeat"
        choices += kind in ("choice", "maybe")
        before = kind
    if repeats > _MOST_REPEATS or choices > _MOST_CHOICES:
        return False
    try:
        compiled(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


@lru_cache(maxsize=64)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return an expression that :func:`is_safe`, ready for use; case does not matter."""
    return re.compile(pattern, re.IGNORECASE)


def matches(pattern: str, text: object) -> bool:
    """Tell whether an expression is found in a text."""
    return isinstance(text, str) and compiled(pattern).search(text[:SEEN]) is not None
