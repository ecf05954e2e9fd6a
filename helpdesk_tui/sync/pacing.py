"""Keeping within what a provider allows: one pace for all threads that ask one account.

A pace is what the other side counts by: requests in windows, tokens in a bucket, points of cost.
Whoever wants to ask takes a turn::

    with pace.turn():
        answer = web.request(...)
    pace.heard(answer.headers)

A turn counts until a window after its end, as nobody knows when between its beginning and its end
the other side has counted it: so no window of theirs ever holds more than it may.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from helpdesk_tui.sync.channels.errors import Retry

PATIENCE = 15.0
"""Seconds that a thread waits for its turn; whoever would wait longer is told to come again."""
PACED = "provider.paced"
"""Code of having to come again: nothing is wrong, and nobody was asked."""
_LONGEST_PAUSE = 3_600.0
_TINY = 1e-6
"""Seconds below which nobody waits: what is left of sums of fractions."""
_BUSY = "provider.busy"

Limits = Sequence[tuple[int, float]]
"""(how many, in how many seconds) …"""
Timer = Callable[[], float]
"""Seconds of a clock that never goes back."""
Wait = Callable[[float], bool]
"""Waits so many seconds; true if all is to end."""


class _Modesty:
    """What work that nobody waits for leaves to others, until it has its first turn."""

    __slots__ = ("share",)

    def __init__(self, share: float) -> None:
        self.share = share


_modesty: ContextVar[_Modesty | None] = ContextVar("modesty", default=None)


@contextmanager
def modestly(share: float) -> Iterator[None]:
    """Ask in the block for what nobody waits for: it begins only where others keep a share.

    It does not wait for that but comes again. Once begun it goes on as all do: what was asked for
    by then would be asked for anew.

    Args:
        share: Of all that may be asked at once, what is left to others.
    """
    before = _modesty.set(_Modesty(share))
    try:
        yield
    finally:
        _modesty.reset(before)


class Pace:
    """What all paces share: turns, and being left alone for a while. Thread-safe."""

    def __init__(self, *, clock: Timer = time.monotonic, wait: Wait | None = None) -> None:
        self._clock = clock
        self._wait = wait or threading.Event().wait
        self._lock = threading.Lock()
        self._paused_until = clock()

    @contextmanager
    def turn(self, cost: float = 1.0, *, patience: float = PATIENCE) -> Iterator[None]:
        """Wait for a turn and take it for the block; a busy provider is left alone afterwards.

        Args:
            cost: How much of what is counted the request takes.
            patience: How many seconds to wait at most.

        Raises:
            Retry: ``provider.paced`` with ``after``, if the turn does not come in time.
        """
        began = self._take(cost, patience)
        try:
            yield
        except Retry as error:
            if error.code == _BUSY:
                self.pause(error.after or 1.0)
            raise
        finally:
            with self._lock:
                self._end(began, cost, self._clock())

    def pause(self, seconds: float) -> None:
        """Let nobody ask for so long; what was said before holds on where it is longer."""
        with self._lock:
            until = self._clock() + min(_LONGEST_PAUSE, max(0.0, seconds))
            self._paused_until = max(self._paused_until, until)

    def heard(self, told: Mapping[str, Any]) -> None:
        """Take in what an answer says of the rest; what is not understood counts for nothing."""

    def _take(self, cost: float, patience: float) -> float:
        """Wait until there is room, and take it; return when that was."""
        modesty = _modesty.get()
        left = modesty.share if modesty is not None else 0.0
        deadline = self._clock() + (0.0 if left else patience)
        while True:
            with self._lock:
                now = self._clock()
                needed = max(self._paused_until - now, self._room_in(cost, now, left))
                if needed <= _TINY:
                    self._begin(cost, now)
                    if modesty is not None:
                        modesty.share = 0.0
                    return now
            if now + needed > deadline or self._wait(needed):
                raise Retry(PACED, after=needed)

    def _room_in(self, cost: float, now: float, left: float) -> float:
        """Return the seconds until there is room for so much with a share left to others."""
        raise NotImplementedError

    def _begin(self, cost: float, now: float) -> None:
        raise NotImplementedError

    def _end(self, began: float, cost: float, now: float) -> None:
        """Count what has come back."""


class Windows(Pace):
    """So many in each window, of one or several sizes: ``Windows(((10, 1.0), (150, 60.0)))``.

    No span of time of that length holds more, wherever the other side's windows begin.
    """

    def __init__(
        self, limits: Limits, *, clock: Timer = time.monotonic, wait: Wait | None = None
    ) -> None:
        super().__init__(clock=clock, wait=wait)
        self._limits = limits
        self._most = max(limit for limit, _span in limits)
        self._ended: deque[float] = deque(maxlen=self._most)
        self._under_way = 0

    def heard(self, told: Mapping[str, Any]) -> None:
        """Take in ``RateLimit-Remaining`` and ``RateLimit-Reset``: somebody else may ask, too."""
        left, reset = number_in(told, "RateLimit-Remaining"), number_in(told, "RateLimit-Reset")
        if left is not None and left < 1 and reset is not None:
            self.pause(reset)

    def _room_in(self, cost: float, now: float, left: float) -> float:
        return max(
            self._window_in(max(1, int(limit * (1 - left))), span, now)
            for limit, span in self._limits
        )

    def _window_in(self, limit: int, span: float, now: float) -> float:
        """Return when a window has room: those under way fill it until they have ended."""
        free = limit - self._under_way
        if free <= 0:
            # the first one to come back may come back at any time
            return min(span, 0.05)
        if len(self._ended) < free:
            return 0.0
        return self._ended[-free] + span - now

    def _begin(self, cost: float, now: float) -> None:
        self._under_way += 1

    def _end(self, began: float, cost: float, now: float) -> None:
        self._under_way -= 1
        self._ended.append(now)


class Bucket(Pace):
    """A bucket that each request takes from and that fills again by so much a second.

    With :meth:`heard` the other side says how full it is: points of cost as Shopify counts them.
    """

    def __init__(
        self,
        size: float,
        per_second: float,
        *,
        reserve: float = 0.0,
        clock: Timer = time.monotonic,
        wait: Wait | None = None,
    ) -> None:
        """Begin with a full bucket.

        Args:
            size: How much it holds.
            per_second: How it fills.
            reserve: The share of it that is left to others who ask the same account.
            clock: What it counts by.
            wait: How it waits.
        """
        super().__init__(clock=clock, wait=wait)
        self._reserve = reserve
        self._size = size
        self._rate = per_second
        self._level = size
        self._at = self._clock()
        self._under_way = 0.0

    def heard(self, told: Mapping[str, Any]) -> None:
        """Take in a ``throttleStatus``: how large the bucket is, how full, and how it fills."""
        with self._lock:
            self._size = number_in(told, "maximumAvailable") or self._size
            self._rate = number_in(told, "restoreRate") or self._rate
            left = number_in(told, "currentlyAvailable")
            if left is not None:
                # what is still under way may not be counted yet over there
                self._level = min(self._size, left - self._under_way)
                self._at = self._clock()

    def _filled(self, now: float) -> float:
        return min(self._size, self._level + (now - self._at) * self._rate)

    def _room_in(self, cost: float, now: float, left: float) -> float:
        needed = min(cost + max(self._reserve, left) * self._size, self._size)
        return (needed - self._filled(now)) / self._rate

    def _begin(self, cost: float, now: float) -> None:
        self._level, self._at = self._filled(now) - cost, now
        self._under_way += cost

    def _end(self, began: float, cost: float, now: float) -> None:
        self._under_way -= cost


_P = TypeVar("_P", bound=Pace)


class Paces:
    """The paces of one account, by name: all who ask it share them. Thread-safe."""

    def __init__(
        self,
        *,
        reserve: float = 0.0,
        clock: Timer = time.monotonic,
        wait: Wait | None = None,
    ) -> None:
        """Keep none yet.

        Args:
            reserve: The share of each bucket that is left to others who ask the same account.
            clock: What all of them count by.
            wait: How they wait; it says whether all is to end.
        """
        self._reserve = reserve
        self._clock = clock
        self._wait = wait or threading.Event().wait
        self._lock = threading.Lock()
        self._kept: dict[str, Pace] = {}

    def windows(self, name: str, limits: Limits) -> Windows:
        """Return the windows of this name; made by whoever asks first."""
        return self._of(name, lambda: Windows(limits, clock=self._clock, wait=self._wait), Windows)

    def bucket(self, name: str, size: float, per_second: float) -> Bucket:
        """Return the bucket of this name; made by whoever asks first."""

        def make() -> Bucket:
            return Bucket(
                size, per_second, reserve=self._reserve, clock=self._clock, wait=self._wait
            )

        return self._of(name, make, Bucket)

    def _of(self, name: str, make: Callable[[], _P], kind: type[_P]) -> _P:
        with self._lock:
            found = self._kept.get(name)
            if not isinstance(found, kind):
                found = self._kept[name] = make()
            return found


def number_in(told: Mapping[str, Any], name: str) -> float | None:
    """Return a number of headers or of a JSON object; None if it is none."""
    found = told.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    try:
        number = float(found)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
