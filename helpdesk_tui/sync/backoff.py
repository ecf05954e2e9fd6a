"""How long to wait after a failure."""

from __future__ import annotations

import random

FIRST = 1.0
LONGEST = 300.0


class Backoff:
    """Waits that double from one second to five minutes, with jitter so that nobody marches."""

    def __init__(self, first: float = FIRST, longest: float = LONGEST) -> None:
        self._first = first
        self._longest = longest
        self.failures = 0

    def next(self, at_least: float = 0.0) -> float:
        """Count a failure and return the seconds to wait."""
        # doubling further than 2^16 would only overflow
        wait = min(self._longest, self._first * 2.0 ** min(self.failures, 16))
        self.failures += 1
        return max(at_least, wait * (0.5 + random.random() / 2))  # noqa: S311 - jitter, no secret

    def clear(self) -> None:
        """Begin anew after a success."""
        self.failures = 0
