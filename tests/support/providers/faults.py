"""How providers misbehave: on purpose once, or by chance at a rate."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class Fault(StrEnum):
    """What goes wrong with one request."""

    BUSY = "busy"
    """429 with ``Retry-After`` in seconds; nothing has been done."""
    BUSY_UNTIL = "busy-until"
    """The same with a date."""
    BROKEN = "broken"
    """500; nothing has been done."""
    CUT = "cut"
    """The connection is dropped before anything is done."""
    BROKEN_AFTER = "broken-after"
    """It is done, and answered with 500."""
    CUT_AFTER = "cut-after"
    """It is done, and the connection dropped without an answer."""
    SILENT_AFTER = "silent-after"
    """It is done, and no answer ever comes."""
    REDIRECTED = "redirected"
    """A redirect to another host, which nobody should follow with credentials."""


BEFORE = frozenset({Fault.BUSY, Fault.BUSY_UNTIL, Fault.BROKEN, Fault.CUT, Fault.REDIRECTED})
"""Those that come before anything is done."""
AFTER = frozenset(Fault) - BEFORE
"""Those that leave us in doubt."""


@dataclass(slots=True)
class _Planned:
    operation: str
    fault: Fault
    left: int
    skip: int


class Faults:
    """What is to go wrong. Thread-safe."""

    def __init__(self, seed: int = 0) -> None:
        self.retry_after = 1
        """Seconds that a busy provider asks for."""
        self.counts: dict[str, int] = {}
        """How often each one came, by ``operation fault``."""
        self._planned: list[_Planned] = []
        self._rates: list[tuple[str, float, tuple[Fault, ...]]] = []
        self._delays: list[tuple[str, float]] = []
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self.is_hurried = False
        """What is being answered slowly is answered now."""

    def next(self, operation: str, fault: Fault, *, times: int = 1, skip: int = 0) -> None:
        """Let the next requests of an operation (a pattern) fail, after ``skip`` good ones."""
        with self._lock:
            self._planned.append(_Planned(operation, fault, times, skip))

    def at_rate(self, operation: str, share: float, *kinds: Fault) -> None:
        """Let a share of the requests of an operation (a pattern) fail, by chance."""
        with self._lock:
            self._rates.append((operation, share, kinds or tuple(Fault)))

    def slow(self, operation: str, seconds: float) -> None:
        """Let every answer of an operation (a pattern) take so long, until :meth:`stop`."""
        with self._lock:
            self.is_hurried = False
            self._delays.append((operation, seconds))

    def hurry(self) -> None:
        """Be slow no more, not even with what has been asked before."""
        with self._lock:
            self._delays.clear()
            self.is_hurried = True

    def delay(self, operation: str) -> float:
        """Return the seconds that an answer takes."""
        with self._lock:
            found = [each for pattern, each in self._delays if fnmatchcase(operation, pattern)]
        return max(found, default=0.0)

    def stop(self) -> None:
        """Be well again."""
        with self._lock:
            self._planned.clear()
            self._rates.clear()
            self._delays.clear()

    def draw(self, operation: str) -> Fault | None:
        """Return what goes wrong with a request that has just come."""
        with self._lock:
            fault = self._drawn(operation)
            if fault is not None:
                name = f"{operation} {fault}"
                self.counts[name] = self.counts.get(name, 0) + 1
            return fault

    def _drawn(self, operation: str) -> Fault | None:
        for planned in self._planned:
            if fnmatchcase(operation, planned.operation) and planned.left:
                if planned.skip:
                    planned.skip -= 1
                    continue
                planned.left -= 1
                return planned.fault
        for pattern, share, kinds in self._rates:
            if fnmatchcase(operation, pattern) and self._random.random() < share:
                return self._random.choice(kinds)
        return None
