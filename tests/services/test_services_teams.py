"""Teams and availability, and tickets that are a team's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_tui.db.reads.people import load_agents
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind, Role
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.tickets import Status, View, ViewFilter
from helpdesk_tui.services.facts import ticket_facts
from helpdesk_tui.services.inbox import Inbox
from helpdesk_tui.services.teams import Teams
from helpdesk_tui.services.threads import Threads
from helpdesk_tui.services.triage import Triage
from tests.support.mailboxes import rows
from tests.support.store import FakeClock, add_agent, add_ticket, make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def anna(store: Store) -> Actor:
    return Actor(ActorKind.AGENT, add_agent(store, "anna"), "anna", Role.ADMIN)


@pytest.fixture
def teams(store: Store, anna: Actor) -> Teams:
    return Teams(store, anna, now=FakeClock())


def test_a_team_has_members_who_come_and_go(store: Store, teams: Teams) -> None:
    add_agent(store, "ben")
    team = teams.add("returns")
    assert teams.add_member("returns", "ben")
    assert not teams.add_member("returns", "ben")
    assert teams.add_member("returns", "anna")
    assert teams.team("returns").members == ("anna", "ben")
    assert teams.remove_member("returns", "ben")
    assert not teams.remove_member("returns", "ben")
    assert [(each.id, each.name, each.members) for each in teams.all()] == [
        (team, "returns", ("anna",))]  # fmt: skip


def test_who_has_left_is_no_member_any_more(store: Store, teams: Teams) -> None:
    add_agent(store, "ben")
    teams.add("returns")
    teams.add_member("returns", "ben")
    with store.write() as connection:
        connection.execute("UPDATE agent SET active = 0 WHERE name = 'ben'")
    assert teams.team("returns").members == ()
    with pytest.raises(NotFound):
        teams.add_member("returns", "ben")
    assert teams.remove_member("returns", "ben")


@pytest.mark.parametrize("name", ["", "A", "9x", "a b", "me", "none", "team", "x" * 33])
def test_some_words_cannot_name_a_team(teams: Teams, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        teams.add(name)
    assert caught.value.code == "team.bad-name"


def test_names_are_unique_and_unknown_ones_are_errors(teams: Teams) -> None:
    teams.add("returns")
    with pytest.raises(UsageError) as caught:
        teams.add("returns")
    assert caught.value.code == "team.exists"
    for call in (teams.team, teams.remove, lambda name: teams.add_member(name, "anna")):
        with pytest.raises(NotFound):
            call("nobody")


def test_a_team_with_tickets_stays(store: Store, teams: Teams, anna: Actor) -> None:
    team, ticket = teams.add("returns"), add_ticket(store)
    triage = Triage(store, anna)
    triage.assign_team([ticket], team)
    with pytest.raises(NotAllowed) as caught:
        teams.remove("returns")
    assert caught.value.values["count"] == 1
    triage.assign([ticket], None)
    teams.remove("returns")
    assert teams.all() == ()


def test_only_administrators_arrange_teams(store: Store) -> None:
    ben = Actor(ActorKind.AGENT, add_agent(store, "ben"), "ben")
    teams = Teams(store, ben)
    for call in (
        lambda: teams.add("x"),
        lambda: teams.remove("x"),
        lambda: teams.add_member("x", "ben"),
        lambda: teams.remove_member("x", "ben"),
    ):
        with pytest.raises(NotAllowed) as caught:
            call()
        assert caught.value.code == "role.admin-needed"
    assert Teams(store, SYSTEM).add("x")


def test_everybody_says_for_themselves_whether_they_are_there(store: Store, anna: Actor) -> None:
    ben = Actor(ActorKind.AGENT, add_agent(store, "ben"), "ben")
    teams = Teams(store, ben)
    assert teams.set_available(available=False)
    assert not teams.set_available(available=False, agent="ben")
    with store.read() as connection:
        assert {each.name: each.available for each in load_agents(connection)} == {
            "anna": True, "ben": False}  # fmt: skip
    with pytest.raises(NotAllowed):
        teams.set_available(available=False, agent="anna")
    assert Teams(store, anna).set_available(available=True, agent="ben")
    with pytest.raises(NotAllowed) as caught:
        Teams(store, SYSTEM).set_available(available=True)
    assert caught.value.code == "agent.missing"
    assert rows(store, "SELECT kind FROM activity ORDER BY id") == [
        ("agent.away",), ("agent.available",)]  # fmt: skip


def test_a_team_alone_counts_as_unassigned(store: Store, teams: Teams, anna: Actor) -> None:
    team, ticket = teams.add("returns"), add_ticket(store, assignee="ben")
    triage, inbox = Triage(store, anna), Inbox(store, anna)
    change = triage.assign_team([ticket], team)
    where = ViewFilter(View.UNASSIGNED, Status.OPEN)
    assert [row.id for row in inbox.page(where).rows] == [ticket]
    assert inbox.counts()[View.UNASSIGNED].by_status[Status.OPEN] == 1
    assert ticket_facts(store, [ticket])[ticket].team == "returns"
    event = Threads(store, anna).load(ticket).events[-1]
    assert (event.kind, event.after["team"]) == ("ticket.team", "returns")
    taken = triage.assign([ticket], anna.agent_id)
    assert inbox.counts()[View.UNASSIGNED].total(None) == 0
    assert ticket_facts(store, [ticket])[ticket].team == "returns"
    triage.undo(taken.change_id)
    triage.undo(change.change_id)
    assert ticket_facts(store, [ticket])[ticket].team is None
    assert rows(store, "SELECT agent.name FROM ticket JOIN agent ON agent.id = assignee_id") == [
        ("ben",)]  # fmt: skip
    assert inbox.counts()[View.UNASSIGNED].total(None) == 0


def test_an_unknown_team_gets_nothing(store: Store, anna: Actor) -> None:
    with pytest.raises(NotFound) as caught:
        Triage(store, anna).assign_team([add_ticket(store)], 9)
    assert caught.value.code == "team.unknown"


def test_a_snooze_until_the_customer_writes_is_refused_with_an_end_that_never_comes(
    store: Store, anna: Actor
) -> None:
    ticket = add_ticket(store)
    triage = Triage(store, anna)
    with pytest.raises(UsageError) as caught:
        triage.snooze([ticket], None, keep=True)
    assert caught.value.code == "snooze.never-ends"
    assert triage.snooze([ticket], None).changed == (ticket,)
    assert triage.next_wake() is None
    assert triage.wake_due().changed == ()
