"""Paces: no window of the other side ever holds more than it may."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.pacing import PACED, Bucket, Pace, Paces, Windows, modestly
from helpdesk_tui.sync.providers.together import together


class Clock:
    """A clock that moves by waiting."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.ends = False

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return self.ends


def windows(clock: Clock, *limits: tuple[int, float]) -> Windows:
    return Windows(limits, clock=clock, wait=clock.wait)


def times(pace: Pace, clock: Clock, count: int, lasts: float = 0.0) -> list[float]:
    found = []
    for _ in range(count):
        with pace.turn(patience=1_000):
            found.append(clock.now)
            clock.now += lasts
    return found


def most_in(found: list[float], span: float) -> int:
    return max(sum(1 for other in found if 0 <= other - one < span - 1e-6) for one in found)


def test_the_first_ones_go_at_once():
    clock = Clock()
    assert times(windows(clock, (10, 1.0), (150, 60.0)), clock, 10) == [1_000.0] * 10


def test_no_span_holds_more_whatever_its_beginning():
    clock = Clock()
    chance = random.Random(3)
    pace, found = windows(clock, (3, 1.0), (20, 60.0)), []
    for _ in range(200):
        clock.now += chance.choice((0.0, 0.0, 0.1, 0.7, 3.0))
        found += times(pace, clock, 1, lasts=chance.random() / 3)
    assert most_in(found, 1.0) <= 3
    assert most_in(found, 60.0) <= 20


def test_what_is_under_way_counts_until_a_window_after_its_end():
    clock = Clock()
    pace = windows(clock, (1, 1.0))
    with pace.turn():
        clock.now += 0.9
    assert times(pace, clock, 1) == [pytest.approx(1_001.9)]


def test_whoever_would_wait_too_long_is_told_to_come_again():
    clock = Clock()
    pace = windows(clock, (1, 60.0))
    times(pace, clock, 1)
    with pytest.raises(Retry) as caught, pace.turn(patience=10):
        pass
    assert caught.value.code == PACED
    assert caught.value.after == pytest.approx(60.0)
    assert clock.now == 1_000.0


def test_the_end_of_all_ends_the_wait():
    clock = Clock()
    pace = windows(clock, (1, 5.0))
    times(pace, clock, 1)
    clock.ends = True
    with pytest.raises(Retry, match=PACED), pace.turn():
        pass


@pytest.mark.parametrize(("after", "waits"), [(7.0, 7.0), (0.0, 1.0)])
def test_a_busy_provider_is_left_alone(after: float, waits: float):
    clock = Clock()
    pace = windows(clock, (100, 1.0))
    with pytest.raises(Retry), pace.turn():
        raise Retry("provider.busy", after=after)
    assert times(pace, clock, 1) == [1_000.0 + waits]


def test_other_trouble_holds_nobody():
    clock = Clock()
    pace = windows(clock, (100, 1.0))
    with pytest.raises(Retry), pace.turn():
        raise Retry("provider.slow", after=9.0)
    assert times(pace, clock, 1) == [1_000.0]


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "12"}, 12.0),
        ({"RateLimit-Remaining": "1", "RateLimit-Reset": "12"}, 0.0),
        ({"RateLimit-Remaining": "none", "RateLimit-Reset": "12"}, 0.0),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "nan"}, 0.0),
        ({"RateLimit-Remaining": "0"}, 0.0),
        ({}, 0.0),
    ],
)
def test_what_others_have_taken_is_heard_of(headers: dict[str, str], waits: float):
    clock = Clock()
    pace = windows(clock, (100, 1.0))
    pace.heard(headers)
    assert times(pace, clock, 1) == [1_000.0 + waits]


def test_a_pause_lasts_an_hour_at_most():
    clock = Clock()
    pace = windows(clock, (100, 1.0))
    pace.pause(1e9)
    with pytest.raises(Retry) as caught, pace.turn():
        pass
    assert caught.value.after == 3_600.0


def test_a_bucket_gives_what_it_has_and_then_as_it_fills():
    clock = Clock()
    pace = Bucket(40, 2.0, clock=clock, wait=clock.wait)
    found = times(pace, clock, 44)
    assert found[:40] == [1_000.0] * 40
    assert found[40:] == [1_000.5, 1_001.0, 1_001.5, 1_002.0]


def test_a_bucket_counts_by_what_the_other_side_says():
    clock = Clock()
    pace = Bucket(1_000, 50.0, clock=clock, wait=clock.wait)
    pace.heard({"maximumAvailable": 2000.0, "currentlyAvailable": 10, "restoreRate": 100.0})
    with pace.turn(110):
        assert clock.now == 1_001.0
    pace.heard({"currentlyAvailable": "nonsense"})
    with pace.turn(1):
        assert clock.now == pytest.approx(1_001.01)


def test_what_is_left_to_others_is_there_for_them():
    clock = Clock()
    readers = Paces(reserve=0.25, clock=clock, wait=clock.wait).bucket("cost", 1_000, 50.0)
    changes = Paces(clock=clock, wait=clock.wait).bucket("cost", 1_000, 50.0)
    with readers.turn(750):
        assert clock.now == 1_000.0
    # the shop counts all who ask it, and says so to each
    changes.heard({"currentlyAvailable": 250})
    with changes.turn(250):
        assert clock.now == 1_000.0
    readers.heard({"currentlyAvailable": 0})
    with readers.turn(50):
        assert clock.now == 1_006.0


def test_a_request_larger_than_the_bucket_goes_when_it_is_full():
    clock = Clock()
    pace = Bucket(100, 10.0, clock=clock, wait=clock.wait)
    with pace.turn(100):
        pass
    with pace.turn(5_000, patience=60):
        assert clock.now == 1_010.0


def test_whoever_asks_the_same_account_shares_a_pace():
    paces = Paces()
    first = paces.windows("events", ((10, 1.0),))
    assert paces.windows("events", ((10, 1.0),)) is first
    assert paces.windows("lists", ((10, 1.0),)) is not first
    assert paces.bucket("cost", 10, 1.0) is paces.bucket("cost", 10, 1.0)


def test_many_threads_together_keep_within_a_window():
    counted, lock = [0], threading.Lock()
    most = [0]
    pace = Windows(((5, 30.0),))

    def ask() -> bool:
        try:
            with pace.turn(patience=0.2), lock:
                counted[0] += 1
                most[0] = max(most[0], counted[0])
        except Retry:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        done = list(pool.map(lambda _number: ask(), range(40)))
    assert sum(done) == 5 == most[0]


def modest_turns(pace: Pace) -> int:
    """Return how many begin of work that nobody waits for, one piece after the other."""
    for count in range(1_000):
        try:
            with modestly(0.5), pace.turn():
                pass
        except Retry as error:
            return count if error.code == PACED and error.after else -1
    return 1_000


def full_bucket(clock: Clock) -> Pace:
    return Bucket(10, 1.0, clock=clock, wait=clock.wait)


@pytest.mark.parametrize(
    "pace", [full_bucket, lambda clock: windows(clock, (10, 60.0))], ids=["bucket", "windows"]
)
def test_what_nobody_waits_for_leaves_a_share_and_does_not_wait(pace):
    clock = Clock()
    made = pace(clock)
    assert modest_turns(made) == 5
    assert clock.now == 1_000.0
    assert times(made, clock, 5) == [1_000.0] * 5


def test_the_smallest_window_has_room_for_what_nobody_waits_for():
    clock = Clock()
    assert modest_turns(windows(clock, (1, 1.0), (15, 60.0))) == 1


def test_what_has_begun_goes_on_as_all_do():
    clock = Clock()
    bucket = full_bucket(clock)
    with modestly(0.5):
        for _ in range(10):
            with bucket.turn():
                pass
    assert clock.now == 1_000.0


def test_what_is_asked_beside_is_as_modest():
    clock = Clock()
    first, second = full_bucket(clock), full_bucket(clock)
    times(second, clock, 6)

    def ask(pace: Pace) -> None:
        with pace.turn():
            pass

    with modestly(0.5), pytest.raises(Retry):
        together(lambda: None, lambda: ask(second))
    with modestly(0.5):
        together(lambda: ask(first), lambda: ask(first))
