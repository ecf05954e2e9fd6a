"""Which message of a customer answers which campaign or flow: a pure rule.

Of all that a person received, the last one counts, and only the first message after it. So each
send owns the time from its delivery to the next one's, cut off by the window, and the first word in
that time is its answer; who came first to this store plays no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

KINDS = ("campaign", "flow")


@dataclass(frozen=True, slots=True)
class Send:
    """A marketing message to one person."""

    id: int
    delivered_at: datetime | None
    """None: it never arrived, and nothing answers it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A message of that person that is no keyword, by the provider's clock."""

    id: int
    at: datetime


def answers(sends: Iterable[Send], words: Iterable[Word], window: timedelta) -> Mapping[int, int]:
    """Return the message that answers each send, by the ids of both.

    Args:
        sends: What one person was sent, of either kind.
        words: What that person wrote.
        window: How long after its delivery a send is answered.
    """
    arrived = sorted(
        ((each.delivered_at, each.id) for each in sends if each.delivered_at is not None),
    )
    spoken = sorted((each.at, each.id) for each in words)
    found: dict[int, int] = {}
    position = 0
    for number, (begin, send) in enumerate(arrived):
        following = arrived[number + 1][0] if number + 1 < len(arrived) else None
        while position < len(spoken) and spoken[position][0] < begin:
            position += 1
        if position == len(spoken):
            break
        at, word = spoken[position]
        is_before_next = following is None or at < following
        if is_before_next and at - begin <= window:
            found[send] = word
    return found
