"""Regular expressions in queries: only those that cannot run for long on any text."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

LONGEST = 200
"""Characters of an expression."""
SEEN = 500
"""Characters of a text that an expression is held against; fewer for one that tries much."""
_LEAST_SEEN = 90
_MOST_TRIES = 4_000_000
"""Places tried in one text, at worst: some milliseconds, in which nothing else of us can run."""
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
    eight places to choose, fewer the more it repeats; no groups are repeated, and nothing looks
    around or back.
    """
    if len(pattern) > LONGEST or "(?" in pattern.replace("(?:", ""):
        return False
    before = ""
    for piece in _PIECE.finditer(pattern):
        kind = piece.lastgroup or ""
        if kind == "escaped" and piece["escaped"].isdigit():
            return False
        if kind in ("repeat", "maybe") and before in ("close", "repeat"):
            return False
        before = kind
    if seen_of(pattern) < _LEAST_SEEN:
        return False
    try:
        compiled(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


@lru_cache(maxsize=64)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return an expression that :func:`is_safe`, ready for use; case does not matter."""
    with warnings.catch_warnings():
        # what a later Python may read in another way is no news for the agent's terminal
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=64)
def seen_of(pattern: str) -> int:
    """Return how many characters of a text an expression may be held against; 0 for none."""
    kinds = [piece.lastgroup or "" for piece in _PIECE.finditer(pattern)]
    repeats = kinds.count("repeat")
    choices = kinds.count("choice") + kinds.count("maybe")
    if repeats > _MOST_REPEATS or choices > _MOST_CHOICES:
        return 0
    fits = _MOST_TRIES >> choices
    return min(SEEN, int(fits ** (1 / (repeats + 1))))


def matches(pattern: str, text: object) -> bool:
    """Tell whether an expression is found in a text."""
    return isinstance(text, str) and compiled(pattern).search(text[: seen_of(pattern)]) is not None
