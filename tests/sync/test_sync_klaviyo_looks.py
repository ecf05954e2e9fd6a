"""A hundred agents and few calls: what is looked at now comes first, by a clock of ours."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field, replace

import pytest

from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.commerce.context_loop import LOOKED_FOR
from helpdesk_tui.sync.commerce.errands import Errand, Errands
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.klaviyo import calls
from helpdesk_tui.sync.providers.klaviyo.calls import Call
from tests.support.shops.klaviyo import Windows

ASKED: dict[Section, tuple[Call, ...]] = {
    Section.EVENTS: (calls.EVENTS,),
    Section.VALUE: (calls.ANALYTICS,),
    Section.SEGMENTS: (calls.SEGMENTS, calls.LISTS),
}
COUNTED = {
    calls.ANALYTICS.name: ("analytics", "profile analytics"),
    calls.SEGMENTS.name: ("groups", "segments"),
    calls.LISTS.name: ("groups", "lists"),
    calls.EVENTS.name: ("events", "events"),
}


@dataclass
class Desk:
    """Agents who go from ticket to ticket, the worker's queue, and the account."""

    now: float = 0.0
    on: dict[int, int] = field(default_factory=dict)
    """Whom each agent looks at."""
    waits: dict[Section, list[float]] = field(default_factory=dict)
    """How long those who still looked had waited."""
    in_vain: int = 0
    """Calls for somebody whom nobody looked at any more."""
    unseen: int = 0
    """Customers who were left without their segments being known."""

    def __post_init__(self) -> None:
        self.errands = Errands(lambda: self.now)
        self.paces = Paces(clock=lambda: self.now, wait=lambda _seconds: True)
        self.account = Windows(lambda: self.now)
        self.waits = {each: [] for each in ASKED}
        self._known: set[int] = set()

    def opens(self, agent: int, profile: int) -> None:
        """Let an agent look at somebody new."""
        left = self.on.get(agent)
        self.unseen += left is not None and left not in self._known
        self.on[agent] = profile
        for section in ASKED:
            self.errands.put(
                Errand(
                    profile, Match(str(profile), MatchedBy.EMAIL, "x"), frozenset((section,)), 0,
                    looked_at=self.now, until=self.now + LOOKED_FOR,
                )
            )  # fmt: skip

    def work(self) -> None:
        """Do what can be done at this moment."""
        while (errand := self.errands.take_due()) is not None:
            (section,) = errand.sections
            after = self._ask(section)
            if after:
                self.errands.defer(section, self.now + after)
                self.errands.done(errand, [replace(errand)])
                continue
            self.errands.done(errand)
            if section is Section.SEGMENTS:
                self._known.add(errand.profile_id)
            if errand.profile_id in self.on.values():
                self.waits[section].append(self.now - errand.looked_at)
            else:
                self.in_vain += section is Section.SEGMENTS

    def _ask(self, section: Section) -> float:
        """Make the calls of a section; return in how many seconds to come again."""
        for call in ASKED[section]:
            pace = self.paces.windows(call.name, call.limits)
            try:
                with pace.turn(patience=0):
                    is_free, told = self.account.take(*COUNTED[call.name])
            except Retry as error:
                return max(error.after, 0.01)
            assert is_free, call.name
            pace.heard(told)
        return 0.0


@pytest.mark.parametrize(
    ("each_seconds", "median", "most", "in_vain", "unseen"),
    [
        # fifty new people a minute: all of them are asked for
        pytest.param(120.0, 1.0, 90.0, 0.02, 0.02, id="within"),
        # more than the account lets be asked: those who are looked at now come first
        pytest.param(90.0, 15.0, 90.0, 0.03, 0.15, id="beyond"),
    ],
)
def test_hundred_agents_see_segments_of_whom_they_look_at(
    each_seconds: float, median: float, most: float, in_vain: float, unseen: float
) -> None:
    chance, desk = random.Random(1), Desk()
    # all of them begin at once, as after a break
    turns = [(0.0, agent) for agent in range(100)]
    opened = 0
    while desk.now < 600.0:
        while turns and turns[0][0] <= desk.now:
            _at, agent = heapq.heappop(turns)
            opened += 1
            desk.opens(agent, opened)
            heapq.heappush(turns, (desk.now + chance.uniform(0.5, 1.5) * each_seconds, agent))
        desk.work()
        desk.now += 0.05
    assert desk.account.refused == 0
    waited = {section: sorted(each) for section, each in desk.waits.items()}
    assert waited[Section.EVENTS][-1] < 0.1
    assert _at_share(waited[Section.VALUE], 0.95) < 30
    assert _at_share(waited[Section.SEGMENTS], 0.5) < median
    assert _at_share(waited[Section.SEGMENTS], 0.99) < most
    assert desk.in_vain <= opened * in_vain
    assert desk.unseen <= opened * unseen


def _at_share(waited: list[float], share: float) -> float:
    return waited[int(len(waited) * share)]
