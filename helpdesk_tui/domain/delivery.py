"""When a message that could not be delivered is tried again."""

from __future__ import annotations

from datetime import timedelta

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
FIRST_LIVE_DELAY = timedelta(seconds=1)
LONGEST_LIVE_DELAY = timedelta(seconds=30)
"""Of channels on which somebody waits in front of a screen."""
GIVE_UP_AFTER = timedelta(days=2)
"""A message that was refused for now this long has failed."""


def retry_delay(
    attempts: int, jitter: float, told: timedelta | None = None, *, is_live: bool = False
) -> timedelta:
    """Return how long to wait before the next attempt.

    Args:
        attempts: How many have been made (at least one).
        jitter: From 0 to 1; spreads the waiting by up to a quarter, so that many messages refused
            together do not come back together.
        told: What the other side asked for; never undercut.
        is_live: Both sides of the channel are there at once.
    """
    first, longest = FIRST_DELAY, LONGEST_DELAY
    if is_live:
        first, longest = FIRST_LIVE_DELAY, LONGEST_LIVE_DELAY
    doubled = first * (1 << min(max(attempts, 1) - 1, 16))
    delay = min(doubled, longest) * (1 + jitter / 4)
    return max(delay, told) if told is not None else delay


def has_expired(age: timedelta) -> bool:
    """Tell whether a message is no longer tried."""
    return age >= GIVE_UP_AFTER
