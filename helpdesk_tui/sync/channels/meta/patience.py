"""How often a message is tried that Meta has trouble with: never for ever, it may be the cause."""

from __future__ import annotations

from helpdesk_tui.sync.channels.errors import ChannelError, Rejected
from helpdesk_tui.sync.channels.meta.graph import Troubled

_MOST_KNOWN = 1_000
_LONGEST = 600.0
_TRIES = 8
_FEWER = {"meta.2": 2}
"""Trouble that may as well be that the customer has blocked us is tried only once more."""


class Patience:
    """Counts the trouble of each part; used by one thread."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def judged(self, reference: str, error: Troubled) -> ChannelError:
        """Return what trouble with a part means: wait, longer each time, or give it up.

        Args:
            reference: Of the part.
            error: What Meta says.
        """
        count = self._counts.pop(reference, 0) + 1
        if count >= _FEWER.get(error.code, _TRIES):
            return Rejected(error.code, **error.values)
        while len(self._counts) >= _MOST_KNOWN:
            self._counts.pop(next(iter(self._counts)))
        self._counts[reference] = count
        after = min(_LONGEST, error.after * 2.0 ** (count - 1))
        return Troubled(error.code, after=after, **error.values)
