"""The searches an agent made last: what the search line brings back."""

from __future__ import annotations

from typing import Any

SEARCH_HISTORY = "search-history"
"""Name of the setting of an agent that holds the list of them, the last one first."""
_KEPT = 50
_LONGEST = 500


def remembered(stored: Any) -> tuple[str, ...]:
    """Return the searches that a stored value holds, whatever it is; the last one first."""
    if not isinstance(stored, list):
        return ()
    return tuple(one for one in stored if isinstance(one, str) and one.strip())[:_KEPT]


def with_search(history: tuple[str, ...], query: str) -> tuple[str, ...]:
    """Return the searches with one more; one that was made before moves to the front."""
    made = query.strip()
    if not made or len(made) > _LONGEST:
        return history
    return (made, *(one for one in history if one != made))[:_KEPT]
