"""When a provider is asked what became of a message: soon at first, then ever less often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from helpdesk_tui.domain.messages import Delivery

_FIRST = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))
_THEN = timedelta(hours=1)
_UNTIL = timedelta(days=1)


def next_check(
    begun_at: datetime, now: datetime, state: Delivery, *, has_read_marks: bool = False
) -> datetime | None:
    """Return when to ask again what became of a message; None: not any more.

    Args:
        begun_at: When it was sent.
        now: The present moment; it was asked for just now.
        state: How far it is.
        has_read_marks: The provider says when it was read: what has arrived is no end.
    """
    if state in (Delivery.FAILED, Delivery.READ):
        return None
    if state is Delivery.DELIVERED and not has_read_marks:
        return None
    return next((at for at in _times(begun_at) if at > now), None)


def _times(begun_at: datetime) -> Iterator[datetime]:
    yield from (begun_at + each for each in _FIRST)
    at = begun_at + _THEN
    while at <= begun_at + _UNTIL:
        yield at
        at += _THEN
