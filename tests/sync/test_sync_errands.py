"""What is fetched first, what only once, and what later."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from helpdesk_tui.sync.commerce.errands import Errand, Errands
from tests.support.waiting import PATIENCE, until

MATCH = Match("A1", MatchedBy.EMAIL, "ada@example.com")
OPENED, BESIDE = 0, 1


def errand(profile: int, *sections: Section, rank: int = OPENED, at: float = 0.0) -> Errand:
    """Return an errand for some sections."""
    return Errand(profile, MATCH, frozenset(sections), rank, at)


class Clock:
    """Seconds that go when told to."""

    now = 100.0

    def __call__(self):
        return self.now


def test_who_is_opened_comes_before_who_is_beside_then_in_order() -> None:
    errands = Errands()
    for profile, rank in ((1, BESIDE), (2, OPENED), (3, BESIDE), (4, OPENED)):
        errands.put(errand(profile, Section.EVENTS, rank=rank))
    taken = [errands.take() for _ in range(4)]
    assert [one.profile_id for one in taken if one] == [2, 4, 1, 3]


def test_nothing_is_fetched_twice_at_once() -> None:
    errands = Errands()
    errands.put(errand(1, Section.EVENTS))
    first = errands.take()
    assert first is not None
    errands.put(errand(1, Section.EVENTS, Section.VALUE))
    second = errands.take()
    assert second is not None
    assert second.sections == {Section.VALUE}
    errands.done(first)
    errands.done(second)
    assert errands.is_idle()
    errands.put(errand(1, Section.EVENTS))
    assert errands.take() is not None


def test_who_is_opened_meanwhile_moves_up() -> None:
    errands = Errands()
    errands.put(errand(1, Section.EVENTS, rank=BESIDE))
    errands.put(errand(2, Section.EVENTS, rank=BESIDE))
    errands.put(errand(2, Section.EVENTS, rank=OPENED))
    found = errands.take()
    assert found is not None
    assert (found.profile_id, found.rank) == (2, OPENED)


def test_what_follows_stays_held_until_it_is_done() -> None:
    errands = Errands()
    errands.put(errand(1, Section.PROFILE, Section.EVENTS))
    first = errands.take()
    assert first is not None
    errands.done(first, [errand(1, Section.EVENTS), errand(1)])
    errands.put(errand(1, Section.EVENTS))
    second = errands.take()
    assert second is not None
    errands.done(second)
    assert errands.is_idle()


def test_what_has_to_wait_lets_others_go_first() -> None:
    clock = Clock()
    errands = Errands(clock)
    errands.put(errand(1, Section.VALUE, at=107.0))
    errands.put(errand(2, Section.EVENTS, rank=BESIDE))
    found = errands.take()
    assert found is not None
    assert found.profile_id == 2
    clock.now = 107.0
    found = errands.take()
    assert found is not None
    assert found.profile_id == 1


def test_clearing_forgets_what_waits_and_closing_ends_the_wait() -> None:
    errands = Errands()
    errands.put(errand(1, Section.VALUE))
    errands.clear()
    assert errands.is_idle()
    ended: list[Errand | None] = []
    waiter = threading.Thread(target=lambda: ended.append(errands.take()))
    waiter.start()
    errands.close()
    waiter.join(PATIENCE)
    assert ended == [None]


def looked(profile: int, at: float, until: float = float("inf"), **fields: int) -> Errand:
    """Return an errand for somebody who was looked at at a moment."""
    return replace(errand(profile, Section.SEGMENTS, **fields), looked_at=at, until=until)


def test_of_those_who_are_open_the_newest_look_comes_first() -> None:
    errands = Errands(Clock())
    for each in (looked(1, 10.0), looked(2, 30.0), looked(3, 40.0, rank=BESIDE), looked(4, 20.0)):
        errands.put(each)
    # somebody goes back to the first one
    errands.put(looked(1, 50.0))
    taken = [errands.take_due() for _ in range(4)]
    assert [one.profile_id for one in taken if one] == [1, 2, 4, 3]


def test_whom_nobody_looks_at_any_more_is_dropped() -> None:
    clock = Clock()
    errands = Errands(clock)
    errands.put(looked(1, 100.0, until=160.0))
    errands.put(looked(2, 100.0, until=160.0))
    clock.now = 150.0
    errands.put(looked(2, 150.0, until=210.0))
    clock.now = 170.0
    found = errands.take_due()
    assert found is not None
    assert found.profile_id == 2
    errands.done(found)
    assert errands.is_idle()
    errands.put(looked(1, 170.0, until=230.0))
    assert errands.take_due() is not None


def test_look_at_somebody_who_is_being_asked_for_keeps_what_follows() -> None:
    clock = Clock()
    errands = Errands(clock)
    errands.put(looked(1, 100.0, until=160.0, rank=BESIDE))
    found = errands.take_due()
    assert found is not None
    errands.put(looked(1, 150.0, until=210.0))
    errands.done(found, [found])
    clock.now = 200.0
    again = errands.take_due()
    assert again is not None
    assert (again.rank, again.until) == (OPENED, 210.0)


def test_section_that_is_left_alone_keeps_no_other_waiting() -> None:
    clock = Clock()
    errands = Errands(clock)
    errands.put(errand(1, Section.SEGMENTS))
    errands.put(errand(2, Section.SEGMENTS))
    errands.put(errand(2, Section.EVENTS, rank=BESIDE))
    errands.defer(Section.SEGMENTS, 105.0)
    found = errands.take_due()
    assert found is not None
    assert found.sections == {Section.EVENTS}
    assert errands.take_due() is None
    clock.now = 105.0
    taken = [errands.take_due() for _ in range(2)]
    assert [one.profile_id for one in taken if one] == [1, 2]


def test_what_is_passed_on_is_held_until_all_of_it_is_done() -> None:
    errands = Errands()
    errands.put(errand(1, Section.PROFILE, Section.EVENTS))
    first = errands.take()
    assert first is not None
    errands.pass_on(first, [errand(1, Section.EVENTS), errand(1)])
    second = errands.take_due()
    assert second is not None
    assert second.sections == {Section.EVENTS}
    errands.done(first)
    errands.put(errand(1, Section.EVENTS))
    assert errands.take_due() is None
    errands.done(second)
    assert errands.is_idle()


def test_what_an_errand_shows_to_be_wanted_is_added_where_it_is_not_on_its_way() -> None:
    errands = Errands()
    errands.put(errand(1, Section.PROFILE, rank=BESIDE))
    first = errands.take()
    assert first is not None
    errands.put(errand(1, Section.EVENTS))
    errands.add_beside(first, [errand(1, Section.EVENTS), errand(1, Section.VALUE, rank=BESIDE)])
    errands.done(first)
    taken = [one for one in (errands.take_due() for _ in range(3)) if one is not None]
    assert [(one.sections, one.rank) for one in taken] == [
        (frozenset((Section.EVENTS,)), OPENED), (frozenset((Section.VALUE,)), OPENED),
    ]  # fmt: skip
    for each in taken:
        errands.done(each)
    assert errands.is_idle()


def test_whoever_worked_last_goes_first() -> None:
    errands = Errands()
    taken: list[tuple[int, int]] = []
    answered = threading.Event()

    def work(name: int) -> None:
        while (one := errands.take()) is not None:
            taken.append((name, one.profile_id))
            errands.done(one)
            answered.set()

    threads = [threading.Thread(target=work, args=(name,)) for name in range(3)]
    for each in threads:
        each.start()
        until(lambda: errands.resting == 1 + threads.index(each))  # noqa: B023 - called at once
    for profile in range(5):
        answered.clear()
        errands.put(errand(profile, Section.EVENTS))
        assert answered.wait(PATIENCE)
        until(lambda: errands.resting == len(threads))
    errands.close()
    for each in threads:
        each.join(PATIENCE)
    assert taken == [(2, profile) for profile in range(5)]


def test_what_waits_for_its_moment_is_seen_to_by_somebody_else() -> None:
    errands = Errands()
    taken: list[int] = []
    busy = threading.Event()

    def work() -> None:
        while (one := errands.take()) is not None:
            taken.append(one.profile_id)
            if one.profile_id == 1:
                busy.wait(PATIENCE)
            errands.done(one)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for each in threads:
        each.start()
    until(lambda: errands.resting == len(threads))
    errands.put(errand(2, Section.EVENTS, at=time.monotonic() + 0.2))
    errands.put(errand(1, Section.EVENTS))
    # whichever came first, where whoever puts them here is slow
    until(lambda: sorted(taken) == [1, 2])
    busy.set()
    errands.close()
    for each in threads:
        each.join(PATIENCE)


def test_what_nobody_waits_for_takes_some_of_the_threads_only() -> None:
    errands = Errands(most_ahead=2)
    for profile in (1, 2, 3):
        errands.put(errand(profile, Section.EVENTS, rank=BESIDE))
    first, second = errands.take_due(), errands.take_due()
    assert first is not None
    assert second is not None
    assert errands.take_due() is None
    errands.put(errand(4, Section.EVENTS))
    opened = errands.take_due()
    assert opened is not None
    assert opened.profile_id == 4
    errands.done(opened)
    assert errands.take_due() is None
    errands.done(first)
    third = errands.take_due()
    assert third is not None
    assert third.profile_id == 3


def test_a_thread_that_rests_hears_that_one_more_may_begin() -> None:
    errands, taken = Errands(most_ahead=1), []
    for profile in (1, 2):
        errands.put(errand(profile, Section.EVENTS, rank=BESIDE))
    first = errands.take_due()
    assert first is not None
    waiter = threading.Thread(target=lambda: taken.append(errands.take()), daemon=True)
    waiter.start()
    until(lambda: errands.resting == 1)
    errands.done(first)
    waiter.join(PATIENCE)
    assert [one.profile_id for one in taken if one] == [2]


def test_what_stood_back_does_so_no_longer_once_it_is_opened() -> None:
    clock = Clock()
    errands = Errands(clock)
    errands.put(errand(1, Section.EVENTS, rank=BESIDE, at=150.0))
    assert errands.take_due() is None
    errands.put(errand(1, Section.EVENTS))
    found = errands.take_due()
    assert found is not None
    assert found.rank == OPENED
