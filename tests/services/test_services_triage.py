from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.services.triage import Triage
from tests.support.store import START, FakeClock, add_agent, add_ticket, make_store, row_of


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def clock():
    return FakeClock(START + timedelta(hours=1))


@pytest.fixture
def triage(store, clock):
    agent = add_agent(store, "anna")
    return Triage(store, Actor(ActorKind.AGENT, agent, "anna"), now=clock)


def row(store: Store, ticket: int) -> dict[str, Any]:
    return row_of(store, "ticket", ticket)


def log(store: Store) -> list[tuple[object, ...]]:
    with store.read() as connection:
        return connection.execute(
            "SELECT kind, ticket_id, agent_id, change_id, before, after FROM activity ORDER BY id"
        ).fetchall()


def tag_rows(store: Store, ticket: int) -> list[str]:
    with store.read() as connection:
        found = connection.execute(
            "SELECT name FROM tag JOIN ticket_tag ON tag_id = tag.id WHERE ticket_id = ?"
            " ORDER BY name",
            (ticket,),
        )
        return [name for (name,) in found]


def tally(store: Store) -> dict[str, int]:
    with store.read() as connection:
        found = connection.execute("SELECT status, sum(total) FROM ticket_tally GROUP BY status")
        return {status: total for status, total in found if total}


def test_closing_is_one_change_with_its_log(store, triage):
    one, two = add_ticket(store), add_ticket(store, assignee="bert")
    change = triage.close([one, two])
    assert change.changed == (one, two)
    assert row(store, one)["status"] == row(store, two)["status"] == "closed"
    assert row(store, one)["version"] == 2
    assert [(kind, ticket, change_id) for kind, ticket, _, change_id, _, _ in log(store)] == [
        ("ticket.closed", one, change.change_id),
        ("ticket.closed", two, change.change_id),
    ]
    assert json.loads(str(log(store)[0][4]))["status"] == "open"
    assert tally(store) == {"closed": 2}


def test_what_needs_no_change_is_skipped_with_a_code(store, triage):
    closed = add_ticket(store, status="closed")
    merged = add_ticket(store, merged_into=closed)
    change = triage.close([closed, merged, 999])
    assert change.changed == ()
    assert change.skipped == (
        (closed, "ticket.already-closed"),
        (merged, "ticket.merged"),
        (999, "ticket.missing"),
    )
    assert log(store) == []
    assert row(store, closed)["version"] == 1


def test_a_ticket_that_changed_meanwhile_is_skipped(store, triage):
    stale, fresh = add_ticket(store, version=5), add_ticket(store)
    change = triage.assign([stale, fresh], 1, versions={stale: 4, fresh: 1})
    assert change.changed == (fresh,)
    assert change.skipped == ((stale, "ticket.changed-meanwhile"),)


def test_no_tickets_write_nothing(store, triage):
    assert triage.close([]).changed == ()
    assert log(store) == []


def test_tags_stand_in_the_ticket_and_in_their_table(store, triage):
    ticket = add_ticket(store, tags=["vip"])
    triage.tag([ticket], ["Returns", "#late Parcel"])
    assert row(store, ticket)["tags"] == "late-parcel returns vip"
    assert tag_rows(store, ticket) == ["late-parcel", "returns", "vip"]
    triage.untag([ticket], ["VIP"])
    assert row(store, ticket)["tags"] == "late-parcel returns"
    assert tag_rows(store, ticket) == ["late-parcel", "returns"]


def test_undo_restores_what_stood_before(store, triage):
    ticket = add_ticket(store, tags=["vip"], waiting_since=START, assignee="bert")
    before = row(store, ticket)
    changes = [
        triage.close([ticket]),
        triage.snooze([ticket], START + timedelta(days=2), keep=True, zone="Europe/Warsaw"),
        triage.assign([ticket], None),
        triage.tag([ticket], ["late"]),
        triage.mark_read([ticket]),
        triage.spam([ticket]),
    ]
    for change in reversed(changes):
        assert change.changed == (ticket,)
        assert triage.undo(change.change_id).kept == ()
    after = row(store, ticket)
    for name in ("status", "assignee_id", "tags", "unread", "spam", "waiting_since",
                 "snoozed_until", "snooze_zone", "snooze_keep", "closed_at"):  # fmt: skip
        assert after[name] == before[name], name
    assert tag_rows(store, ticket) == ["vip"]


def test_undo_leaves_and_names_what_somebody_changed_since(store, triage, clock):
    ticket, other = add_ticket(store), add_ticket(store)
    closing = triage.close([ticket, other])
    clock.advance(minutes=1)
    triage.reopen([ticket])
    undone = triage.undo(closing.change_id)
    assert undone.changed == (other,)
    assert undone.skipped == ((ticket, "undo.changed-since"),)
    assert (ticket, "status") in undone.kept
    assert row(store, ticket)["status"] == "open"


def test_an_undo_can_be_taken_back(store, triage):
    ticket = add_ticket(store)
    undone = triage.undo(triage.close([ticket]).change_id)
    triage.undo(undone.change_id)
    assert row(store, ticket)["status"] == "closed"


def test_undoing_nothing_known_says_so(triage):
    for change_id in ("", "ffff"):
        with pytest.raises(NotFound, match=r"change\.unknown"):
            triage.undo(change_id)


def test_snoozing_into_the_past_is_refused(store, triage, clock):
    with pytest.raises(UsageError, match=r"snooze\.past"):
        triage.snooze([add_ticket(store)], clock.now)


def test_assigning_to_nobody_known_is_refused(store, triage):
    former = add_agent(store, "former", active=0)
    for agent in (77, former):
        with pytest.raises(NotFound, match=r"agent\.unknown"):
            triage.assign([add_ticket(store)], agent)


def test_snoozes_end_on_time(store, clock):
    worker = Triage(store, SYSTEM, now=clock)
    until = clock.now + timedelta(hours=2)
    ticket, later = add_ticket(store), add_ticket(store)
    worker.snooze([ticket], until)
    worker.snooze([later], until + timedelta(hours=1))
    assert worker.next_wake() == until
    assert worker.wake_due().changed == ()
    clock.advance(hours=2)
    assert worker.wake_due().changed == (ticket,)
    assert row(store, ticket)["status"] == "open"
    assert log(store)[-1][0] == "ticket.woken"
    assert worker.next_wake() == until + timedelta(hours=1)


def test_what_is_no_spam_opens(store, triage):
    ticket = add_ticket(store, spam=1, status="closed")
    triage.not_spam([ticket])
    assert (row(store, ticket)["spam"], row(store, ticket)["status"]) == (0, "open")


def test_a_thousand_tickets_are_one_change_and_one_undo(store, triage):
    with store.write() as connection:
        first = add_profile_row(connection)
        connection.executemany(
            "INSERT INTO ticket (channel, profile_id, created_at, updated_at, last_message_at)"
            " VALUES ('email', ?, 1, 1, ?)",
            [(first, number) for number in range(1000)],
        )
    ids = list(range(1, 1001))
    change = triage.tag(ids, ["sale"])
    assert len(change.changed) == 1000
    assert len(triage.close(ids).changed) == 1000
    assert tally(store) == {"closed": 1000}
    assert len(triage.undo(change.change_id).changed) == 1000


def add_profile_row(connection):
    return connection.execute(
        "INSERT INTO profile (name, created_at, updated_at) VALUES ('x', 1, 1)"
    ).lastrowid


def test_agents_who_act_at_once_on_what_they_saw_overwrite_nobody(store, clock):
    ticket = add_ticket(store, status="open")
    agents = [add_agent(store, name) for name in ("anna", "ben", "cleo", "dora")]
    seen = {ticket: row(store, ticket)["version"]}

    def take(agent: int) -> bool:
        actor = Actor(ActorKind.AGENT, agent, "x")
        change = Triage(store, actor, now=clock).assign([ticket], agent, versions=seen)
        assert change.changed or change.skipped == ((ticket, "ticket.changed-meanwhile"),)
        return bool(change.changed)

    with ThreadPoolExecutor(4) as pool:
        took = list(pool.map(take, agents))
    assert took.count(True) == 1
    assert row(store, ticket)["assignee_id"] == agents[took.index(True)]
    assert len([entry for entry in log(store) if entry[0] == "ticket.assigned"]) == 1


def test_changes_of_different_fields_at_once_are_all_kept(store, clock):
    ticket = add_ticket(store, status="open")
    agent = add_agent(store, "anna")
    names = [f"tag-{number}" for number in range(24)]

    def tag(name: str) -> None:
        Triage(store, Actor(ActorKind.AGENT, agent, "anna"), now=clock).tag([ticket], [name])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tag, names))
    assert tag_rows(store, ticket) == sorted(names)
    assert row(store, ticket)["tags"].split() == sorted(names)


def test_a_snooze_that_ended_while_nothing_ran_is_caught_up_and_marked(store, triage, clock):
    ticket = add_ticket(store, status="open", assignee="anna")
    triage.snooze([ticket], clock() + timedelta(hours=2))
    clock.advance(days=40)
    worker = Triage(store, SYSTEM, now=clock)
    assert worker.wake_due().changed == (ticket,)
    assert row(store, ticket)["flags"] == "woken"
    triage.mark_read([ticket])
    assert row(store, ticket)["flags"] == ""
