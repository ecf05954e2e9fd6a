"""What is to be fetched from one source: in order, nothing twice, some of it later."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.commerce.identities import Match
from helpdesk_tui.domain.commerce.wants import BESIDE


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
    is_refill: bool = False
    """It brings again what went with their number of before; nothing more follows from it."""
    looked_at: float = 0.0
    """When somebody looked at them last: of those that are equally urgent the newest comes first,
    because whoever looked long ago may look elsewhere by now."""
    until: float = float("inf")
    """Nobody waits for it any more from then on."""

    @property
    def is_ahead(self) -> bool:
        """Whether nobody waits for it yet: it is fetched for the case that somebody will."""
        return self.rank >= BESIDE


class Errands:
    """A queue of errands that several threads take from. Thread-safe."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, most_ahead: int = 1_000
    ) -> None:
        """Begin empty.

        Args:
            clock: What moments are of.
            most_ahead: How many errands that nobody waits for may be under way at a time.
        """
        self._clock = clock
        self._most_ahead = most_ahead
        self._ahead = 0
        self._news = threading.RLock()
        self._resting: list[threading.Condition] = []
        """The threads that have nothing to do, whoever worked last at the end."""
        self._waiting: list[Errand] = []
        self._held: dict[int, Counter[Section]] = {}
        """What waits or is under way of each customer, in how many errands."""
        self._looks: dict[int, Errand] = {}
        """The last look at each of them."""
        self._deferred: dict[Section, float] = {}
        """From when on the source may be asked for sections again."""
        self._is_closed = False

    def put(self, errand: Errand) -> None:
        """Add an errand but for what is wanted already; that becomes as urgent as this."""
        with self._news:
            held = self._held.get(errand.profile_id)
            if held is not None:
                self._waiting = [_hurried(one, errand) for one in self._waiting]
                errand = replace(errand, sections=errand.sections.difference(held))
            self._add(errand)
            if errand.profile_id in self._held:
                self._looks[errand.profile_id] = errand

    def take(self) -> Errand | None:
        """Wait for the next errand; None once all is closed.

        Of several who wait whoever waits the shortest goes first: their connection is still open.
        """
        with self._news:
            while not self._is_closed:
                found = self._due()
                if found is not None:
                    if self._waiting:
                        # somebody else sees to what is to be done at its moment
                        self._wake_one()
                    return found
                moments = [self._due_at(one) for one in self._waiting if self._may_begin(one)]
                soonest = min(moments, default=None)
                self._rest(None if soonest is None else soonest - self._clock())
        return None

    def take_due(self) -> Errand | None:
        """Return the next errand; None if nothing is to be done now."""
        with self._news:
            return self._due()

    def pass_on(self, errand: Errand, following: Iterable[Errand]) -> None:
        """Let others begin what follows from an errand while it is still under way."""
        with self._news:
            look = self._looks.get(errand.profile_id, errand)
            for each in following:
                self._add(_hurried(each, look))

    def add_beside(self, errand: Errand, wanted: Iterable[Errand]) -> None:
        """Add what else an errand has shown to be wanted, but for what is on its way already."""
        with self._news:
            look = self._looks.get(errand.profile_id, errand)
            for each in wanted:
                held = self._held.get(each.profile_id, Counter())
                left = replace(each, sections=each.sections.difference(held))
                self._add(_hurried(left, look))

    def done(self, errand: Errand, following: Iterable[Errand] = ()) -> None:
        """End an errand; what follows from it takes its place."""
        with self._news:
            look = self._looks.get(errand.profile_id, errand)
            self._forget(errand)
            self._ahead -= errand.is_ahead
            for each in following:
                self._add(_hurried(each, look))
            if errand.profile_id in self._held:
                self._looks[errand.profile_id] = look
            if errand.is_ahead and self._waiting:
                self._wake_one()

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
            while self._resting:
                self._wake_one()

    def is_idle(self) -> bool:
        """Tell whether nothing waits and nothing is under way."""
        with self._news:
            return not self._held

    def __len__(self) -> int:
        """Return how many errands wait."""
        return len(self._waiting)

    @property
    def resting(self) -> int:
        """How many threads have nothing to do."""
        return len(self._resting)

    def _due(self) -> Errand | None:
        now = self._clock()
        late = [one for one in self._waiting if one.until < now]
        for each in late:
            self._waiting.remove(each)
            self._forget(each)
        due = [one for one in self._waiting if self._may_begin(one) and self._due_at(one) <= now]
        if not due:
            return None
        # min keeps the order of those that are equally urgent
        found = min(due, key=lambda one: (one.rank, -one.looked_at))
        self._waiting.remove(found)
        self._ahead += found.is_ahead
        return found

    def _may_begin(self, errand: Errand) -> bool:
        return not errand.is_ahead or self._ahead < self._most_ahead

    def _due_at(self, errand: Errand) -> float:
        if errand.match is None or len(errand.sections) != 1:
            return errand.not_before
        (section,) = errand.sections
        return max(errand.not_before, self._deferred.get(section, 0.0))

    def _add(self, errand: Errand) -> None:
        if not errand.sections:
            return
        self._held.setdefault(errand.profile_id, Counter()).update(errand.sections)
        self._waiting.append(errand)
        self._wake_one()

    def _rest(self, seconds: float | None) -> None:
        turn = threading.Condition(self._news)
        self._resting.append(turn)
        turn.wait(seconds)
        if turn in self._resting:
            self._resting.remove(turn)

    def _wake_one(self) -> None:
        if self._resting:
            self._resting.pop().notify()

    def _forget(self, errand: Errand) -> None:
        # without what is held no longer
        held = self._held.get(errand.profile_id, Counter()) - Counter(errand.sections)
        if held:
            self._held[errand.profile_id] = held
        else:
            self._held.pop(errand.profile_id, None)
            self._looks.pop(errand.profile_id, None)


def _hurried(one: Errand, look: Errand) -> Errand:
    """Return an errand as urgent as a look at the same customer."""
    if one.profile_id != look.profile_id:
        return one
    return replace(
        one,
        rank=min(one.rank, look.rank),
        # what is fetched ahead stands back for others; what somebody waits for need not
        not_before=0.0 if look.rank < one.rank else one.not_before,
        looked_at=max(one.looked_at, look.looked_at),
        until=max(one.until, look.until),
    )
