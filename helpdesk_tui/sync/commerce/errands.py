"""What is to be fetched from one source: in order, nothing twice, some of it later."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.commerce.identities import Match


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to be fetched of one customer; moments are of the monotonic clock."""

    profile_id: int
    match: Match | None
    """Who they are there; None: to be looked up first."""
    sections: frozenset[Section]
    rank: int
    """How near they are to an agent; the lower, the sooner."""
    not_before: float = 0.0
    is_again: bool = False
    """They were gone from there, and are looked up anew."""
    looked_at: float = 0.0
    """When somebody looked at them last: of those that are equally urgent the newest comes first,
    because whoever looked long ago may look elsewhere by now."""
    until: float = float("inf")
    """Nobody waits for it any more from then on."""


class Errands:
    """A queue of errands that several threads take from. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._news = threading.Condition()
        self._waiting: list[Errand] = []
        self._held: dict[int, set[Section]] = {}
        """What waits or is under way of each customer."""
        self._looks: dict[int, Errand] = {}
        """The last look at each of them."""
        self._deferred: dict[Section, float] = {}
        """From when on the source may be asked for sections again."""
        self._is_closed = False

    def put(self, errand: Errand) -> None:
        """Add an errand but for what is wanted already; that becomes as urgent as this."""
        with self._news:
            self._waiting = [_hurried(one, errand) for one in self._waiting]
            held = self._held.get(errand.profile_id, set())
            self._add(replace(errand, sections=errand.sections - held))
            if errand.profile_id in self._held:
                self._looks[errand.profile_id] = errand

    def take(self) -> Errand | None:
        """Wait for the next errand; None once all is closed."""
        with self._news:
            while not self._is_closed:
                found = self._due()
                if found is not None:
                    return found
                soonest = min((self._due_at(one) for one in self._waiting), default=None)
                self._news.wait(None if soonest is None else soonest - self._clock())
        return None

    def take_due(self) -> Errand | None:
        """Return the next errand; None if nothing is to be done now."""
        with self._news:
            return self._due()

    def done(self, errand: Errand, following: Iterable[Errand] = ()) -> None:
        """End an errand; what follows from it takes its place."""
        with self._news:
            look = self._looks.get(errand.profile_id, errand)
            self._forget(errand)
            for each in following:
                self._add(_hurried(each, look))
            if errand.profile_id in self._held:
                self._looks[errand.profile_id] = look

    def defer(self, section: Section, until: float) -> None:
        """Leave a section alone for a while, whoever it is wanted of."""
        with self._news:
            self._deferred[section] = until

    def clear(self) -> None:
        """Forget all that waits; what is under way goes on."""
        with self._news:
            for each in self._waiting:
                self._forget(each)
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

    def __len__(self) -> int:
        """Return how many errands wait."""
        return len(self._waiting)

    def _due(self) -> Errand | None:
        now = self._clock()
        late = [one for one in self._waiting if one.until < now]
        for each in late:
            self._waiting.remove(each)
            self._forget(each)
        due = [one for one in self._waiting if self._due_at(one) <= now]
        if not due:
            return None
        # min keeps the order of those that are equally urgent
        found = min(due, key=lambda one: (one.rank, -one.looked_at))
        self._waiting.remove(found)
        return found

    def _due_at(self, errand: Errand) -> float:
        if errand.match is None or len(errand.sections) != 1:
            return errand.not_before
        (section,) = errand.sections
        return max(errand.not_before, self._deferred.get(section, 0.0))

    def _add(self, errand: Errand) -> None:
        if not errand.sections:
            return
        self._held.setdefault(errand.profile_id, set()).update(errand.sections)
        self._waiting.append(errand)
        self._news.notify_all()

    def _forget(self, errand: Errand) -> None:
        held = self._held.get(errand.profile_id, set())
        held -= errand.sections
        if not held:
            self._held.pop(errand.profile_id, None)
            self._looks.pop(errand.profile_id, None)


def _hurried(one: Errand, look: Errand) -> Errand:
    """Return an errand as urgent as a look at the same customer."""
    if one.profile_id != look.profile_id:
        return one
    return replace(
        one,
        rank=min(one.rank, look.rank),
        looked_at=max(one.looked_at, look.looked_at),
        until=max(one.until, look.until),
    )
