"""What is to be fetched from one source: in order, nothing twice, some of it later."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.commerce.identities import Match


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to be fetched of one customer."""

    profile_id: int
    match: Match | None
    """Who they are there; None: to be looked up first."""
    sections: frozenset[Section]
    rank: int
    """How near they are to an agent; the lower, the sooner."""
    not_before: float = 0.0
    """By the monotonic clock."""
    is_again: bool = False
    """They were gone from there, and are looked up anew."""


class Errands:
    """A queue of errands that several threads take from. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._news = threading.Condition()
        self._waiting: list[Errand] = []
        self._held: dict[tuple[int, Section], int] = {}
        """What waits or is under way, with its rank."""
        self._is_closed = False

    def put(self, errand: Errand) -> None:
        """Add an errand but for what is wanted already; that becomes as urgent as this."""
        with self._news:
            self._hurry(errand)
            new = frozenset(
                one for one in errand.sections if (errand.profile_id, one) not in self._held
            )
            if new:
                self._add(replace(errand, sections=new))

    def take(self) -> Errand | None:
        """Wait for the next errand; None once all is closed."""
        with self._news:
            while not self._is_closed:
                now = self._clock()
                due = [one for one in self._waiting if one.not_before <= now]
                if due:
                    # min keeps the order of those that are equally urgent
                    found = min(due, key=lambda one: one.rank)
                    self._waiting.remove(found)
                    return found
                soonest = min((one.not_before for one in self._waiting), default=None)
                self._news.wait(None if soonest is None else soonest - now)
        return None

    def done(self, errand: Errand, following: Iterable[Errand] = ()) -> None:
        """End an errand; what follows from it takes its place."""
        with self._news:
            self._forget(errand.profile_id, errand.sections)
            for each in following:
                self._add(each)

    def clear(self) -> None:
        """Forget all that waits; what is under way goes on."""
        with self._news:
            for each in self._waiting:
                self._forget(each.profile_id, each.sections)
            self._waiting.clear()

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._news:
            self._is_closed = True
            self._news.notify_all()

    def is_idle(self) -> bool:
        """Tell whether nothing waits and nothing is under way."""
        with self._news:
            return not self._held

    def _add(self, errand: Errand) -> None:
        if not errand.sections:
            return
        self._held |= {(errand.profile_id, one): errand.rank for one in errand.sections}
        self._waiting.append(errand)
        self._news.notify_all()

    def _hurry(self, errand: Errand) -> None:
        self._waiting = [
            replace(one, rank=errand.rank)
            if one.profile_id == errand.profile_id and errand.rank < one.rank
            else one
            for one in self._waiting
        ]

    def _forget(self, profile: int, sections: Collection[Section]) -> None:
        for each in sections:
            self._held.pop((profile, each), None)
