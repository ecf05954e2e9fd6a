"""What is fetched first, what only once, and what later."""

from __future__ import annotations

import threading

from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from helpdesk_tui.sync.commerce.errands import Errand, Errands
from tests.support.waiting import PATIENCE

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
