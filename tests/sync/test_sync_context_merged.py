"""Customers who were merged at a source: they are found anew, and nothing late undoes that."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from helpdesk_tui.domain.commerce.facts import Facts, ProfileFacts, Section
from helpdesk_tui.domain.commerce.identities import Identities, Match, MatchedBy
from helpdesk_tui.domain.commerce.wants import REFRESH
from helpdesk_tui.sync.channels.errors import Gone
from helpdesk_tui.sync.providers.source import Found
from tests.support.waiting import PATIENCE, until
from tests.sync.test_sync_context_loop import ALL, Scripted, World, _served, _world, nothing

__all__ = ["_served", "_world"]


class Merging(Scripted):
    """A source that knows a customer under another number by now, and says of events late."""

    def __init__(self) -> None:
        super().__init__()
        self.is_merged = False
        self.let = threading.Event()

    def find(self, identities: Identities, sections: object) -> Found:
        number = "B2" if self.is_merged else "A1"
        return Found(Match(number, MatchedBy.EMAIL, identities.emails[0]))

    def fetch(
        self, external_id: str, sections: set[Section], tell: Callable[[Facts], None]
    ) -> None:
        if sections == {Section.PROFILE}:
            if self.is_merged and external_id == "A1":
                raise Gone("provider.gone")
            tell(Facts(profile=ProfileFacts(name="Ada Byron" if external_id == "B2" else "Ada")))
            return
        if self.is_merged and external_id == "A1":
            # events of a number that is gone are none, and no error
            assert self.let.wait(PATIENCE)
        tell(nothing(sections))


class MergingMeanwhile(Scripted):
    """A source that merges a customer once all but their profile was told under the old number."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, Section]] = []

    @property
    def is_merged(self) -> bool:
        return {section for number, section in self.told if number == "A1"} == ALL - {
            Section.PROFILE
        }

    def find(self, identities: Identities, sections: object) -> Found:
        number = "B2" if self.is_merged else "A1"
        return Found(Match(number, MatchedBy.EMAIL, identities.emails[0]))

    def fetch(
        self, external_id: str, sections: set[Section], tell: Callable[[Facts], None]
    ) -> None:
        if (external_id, sections) == ("A1", {Section.PROFILE}):
            until(lambda: self.is_merged)
            raise Gone("provider.gone")
        tell(nothing(sections))
        self.told += [(external_id, each) for each in sections]


def test_what_was_told_under_a_number_that_is_gone_is_asked_for_again_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    merging = MergingMeanwhile()
    monkeypatch.setattr(
        "helpdesk_tui.sync.commerce.context_loop.connect", lambda *given, **named: merging
    )
    profile = world.customer("ada@example.com")
    with world.worker() as loop:
        world.look(profile)
        until(lambda: merging.is_merged and set(world.states(profile)) == ALL and loop.is_idle())
    assert sorted(merging.told) == sorted(
        [("B2", each) for each in ALL] + [("A1", each) for each in ALL - {Section.PROFILE}]
    )


class Restless(Scripted):
    """A source that calls a customer something else at each look, and then knows nobody of it."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = 0
        self.told = 0

    def find(self, identities: Identities, sections: object) -> Found:
        self.numbers += 1
        return Found(Match(f"A{self.numbers}", MatchedBy.EMAIL, identities.emails[0]))

    def fetch(
        self, external_id: str, sections: set[Section], tell: Callable[[Facts], None]
    ) -> None:
        if external_id == "A1":
            raise Gone("provider.gone")
        self.told += 1
        tell(nothing(sections))


def test_a_source_that_never_settles_is_not_asked_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    restless = Restless()
    monkeypatch.setattr(
        "helpdesk_tui.sync.commerce.context_loop.connect", lambda *given, **named: restless
    )
    profile = world.customer("ada@example.com")
    with world.worker() as loop:
        world.look(profile)
        until(lambda: restless.told and loop.is_idle())
    # each part looks once more, and brings at most once what the others had told
    assert restless.told <= len(ALL) ** 2


def test_customer_who_was_merged_over_there_is_found_anew(world: World) -> None:
    first = world.sim.has("ada@example.com", first_name="Ada")
    profile = world.customer("ada@example.com")
    with world.worker() as loop:
        world.look(profile)
        until(lambda: set(world.states(profile)) == ALL and loop.is_idle())
        del world.sim.profiles[first.id]
        second = world.sim.has("ada@example.com", first_name="Ada Byron")
        world.look(profile, REFRESH)
        until(lambda: [one.name for _, one in world.known(profile).profiles] == ["Ada Byron"])
    assert [match.external_id for _, match in world.known(profile).matches] == [second.id]


def test_what_comes_late_under_a_number_that_is_gone_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    merging = Merging()
    monkeypatch.setattr(
        "helpdesk_tui.sync.commerce.context_loop.connect", lambda *given, **named: merging
    )
    profile = world.customer("ada@example.com")
    with world.worker() as loop:
        world.look(profile)
        until(lambda: set(world.states(profile)) == ALL and loop.is_idle())
        merging.is_merged = True
        world.look(profile, REFRESH)
        until(lambda: [one.name for _, one in world.known(profile).profiles] == ["Ada Byron"])
        merging.let.set()
        until(lambda: set(world.states(profile)) == ALL and loop.is_idle())
    found = world.known(profile)
    assert [one.name for _, one in found.profiles] == ["Ada Byron"]
    assert [match.external_id for _, match in found.matches] == ["B2"]
