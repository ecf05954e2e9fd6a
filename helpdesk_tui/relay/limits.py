"""How often an address or a session may do a thing; kept over a restart.

Each key has one number: the moment at which all it was allowed would be free again. That is a
token bucket which needs no timer and fills by itself. The numbers live in memory; the store gets
the changed ones together, so that an idle poll costs no write.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from helpdesk_tui.relay.config import Rate
from helpdesk_tui.relay.proxies import shared_by
from helpdesk_tui.relay.refusals import too_many

MOST_KEYS = 100_000
"""Kept at once: somebody with many addresses fills no memory."""
_KEPT_SECONDS = 1.0
"""A number whose key is free again sooner is not worth a write."""


class Buckets(Protocol):
    """The part of the relay's store that limits need; times in seconds since 1970."""

    def load_buckets(self) -> Mapping[str, float]:
        """Return what was kept."""

    def save_buckets(self, buckets: Mapping[str, float], now: float) -> None:
        """Keep these, and forget what is free again at ``now``."""


class Limits:
    """The limits of one relay; used from its event loop only."""

    def __init__(
        self,
        store: Buckets,
        *,
        pepper: str,
        now: Callable[[], float] = time.time,
        most: int = MOST_KEYS,
    ) -> None:
        self._store = store
        self._pepper = pepper.encode()
        self._now = now
        self._most = most
        self._free_at = dict(store.load_buckets())
        self._changed: set[str] = set()

    async def take(self, key: str, rate: Rate, *, keep: bool = True) -> float:
        """Count one; return the seconds to wait, 0 if it is allowed.

        Args:
            key: Who does what, as of :func:`address_key` and :func:`session_key`.
            rate: How often; an amount of zero allows everything.
            keep: Whether a restart should know of it.
        """
        if rate.amount <= 0:
            return 0.0
        now = self._now()
        # a clock that was put back makes nobody wait longer than the limit itself
        free_at = min(max(self._free_at.get(key, 0.0), now), now + rate.seconds)
        after = free_at + rate.seconds / rate.amount
        # half a thousandth: what sums of fractions lose
        if after > now + rate.seconds + 0.0005:
            return after - now - rate.seconds
        self._free_at[key] = after
        if keep and after - now >= _KEPT_SECONDS:
            self._changed.add(key)
        if len(self._free_at) > self._most:
            self._forget(now)
        return 0.0

    async def check(self, *takes: tuple[str, Rate], keep: bool = True) -> None:
        """Count one under each key.

        Raises:
            Refused: 429 with the seconds to wait, as soon as one has none left.
        """
        for key, rate in takes:
            wait = await self.take(key, rate, keep=keep)
            if wait > 0:
                raise too_many(wait)

    def address_key(self, action: str, address: str) -> str:
        """Return the key of what an address does; the address cannot be read from it."""
        return self._key(action, f"address {shared_by(address)}")

    def session_key(self, action: str, session: str) -> str:
        """Return the key of what a session does; the session cannot be read from it."""
        return self._key(action, f"session {session}")

    def flush(self) -> None:
        """Write what changed; called by the housekeeping each second, and at the end."""
        if not self._changed:
            return
        changed = {key: self._free_at[key] for key in self._changed if key in self._free_at}
        self._changed.clear()
        self._store.save_buckets(changed, self._now())

    def _key(self, action: str, who: str) -> str:
        digest = hmac.new(self._pepper, f"{action} {who}".encode(), hashlib.sha256)
        return f"{action}:{digest.hexdigest()[:32]}"

    def _forget(self, now: float) -> None:
        """Drop what is free again; if that is not enough, also what would be soonest."""
        ahead = sorted((at, key) for key, at in self._free_at.items() if at > now)
        self._free_at = {key: at for at, key in ahead[-(self._most * 3 // 4) :]}
