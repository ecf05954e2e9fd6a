"""Which news of the store an agent is told of while the program is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind, Role
from helpdesk_tui.domain.ringing import GAP, Means, Ring, Rule
from helpdesk_tui.domain.setting.interface import NOTIFY, NOTIFY_RULES, QUIET_HOURS
from helpdesk_tui.services.changes import ChangeFeed
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.services.ringing import Ringing
from helpdesk_tui.services.settings import Settings
from helpdesk_tui.services.triage import Triage
from helpdesk_tui.widgets.words.ringing import ring_words
from tests.support.store import (
    START,
    FakeClock,
    add_activity,
    add_agent,
    add_message,
    add_ticket,
    make_store,
)


class Ears:
    """An agent's program, reduced to what it rings for."""

    def __init__(self, store: Store, actor: Actor, clock: FakeClock) -> None:
        self.clock = clock
        self.feed = ChangeFeed(store)
        self.ringing = Ringing(store, actor, now=clock, zone="Europe/Warsaw")

    def heard(self) -> Ring | None:
        """Return what rings for all that happened since."""
        changes = self.feed.poll()
        if changes is not None:
            self.ringing.saw(changes)
        self.clock.advance(seconds=GAP.total_seconds() + 1)
        told = self.ringing.due()
        return None if told is None else told.ring


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
def anna(store: Store) -> Actor:
    return Actor(ActorKind.AGENT, add_agent(store, "anna"), "anna", Role.SUPPORT)


@pytest.fixture
def ben(store: Store) -> Actor:
    return Actor(ActorKind.AGENT, add_agent(store, "ben"), "ben", Role.SUPPORT)


@pytest.fixture
def ears(store: Store, anna: Actor, clock: FakeClock) -> Ears:
    return Ears(store, anna, clock)


def arrive(store: Store, ticket: int, **fields: object) -> None:
    """Let a customer write."""
    message = add_message(store, ticket, **fields)
    add_activity(store, ticket, "message.received", message_id=message, actor_kind="customer")


def rule_heard(ears: Ears) -> Rule | None:
    ring = ears.heard()
    return None if ring is None else ring.rule


def test_a_message_to_my_ticket_rings_and_names_the_customer(store: Store, ears: Ears) -> None:
    ticket = add_ticket(store, assignee="anna", name="Lena Doe", subject="Where?")
    arrive(store, ticket)
    ring = ears.heard()
    assert ring is not None
    assert (ring.count, ring.rule, ring.names) == (1, Rule.MINE, ("Lena Doe",))
    assert (ring.newest.ticket_id, ring.newest.subject) == (ticket, "Where?")
    assert ears.heard() is None


def test_spam_and_the_tickets_of_others_do_not_ring(store: Store, ears: Ears, ben: Actor) -> None:
    arrive(store, add_ticket(store, assignee="ben"))
    arrive(store, add_ticket(store, assignee="anna", spam=1))
    assert ears.heard() is None


def test_history_that_is_fetched_does_not_ring(store: Store, ears: Ears) -> None:
    ticket = add_ticket(store, assignee="anna")
    arrive(store, ticket, at=START - timedelta(days=30))
    assert ears.heard() is None


def test_colleagues_ring_and_own_actions_do_not(
    store: Store, ears: Ears, anna: Actor, ben: Actor, clock: FakeClock
) -> None:
    ticket = add_ticket(store)
    Triage(store, anna, now=clock).assign([ticket], anna.agent_id)
    Replies(store, anna, now=clock).note(ticket, "for me: @anna")
    assert ears.heard() is None
    Triage(store, ben, now=clock).assign([ticket], ben.agent_id)
    assert ears.heard() is None
    Triage(store, ben, now=clock).assign([ticket], anna.agent_id)
    assert rule_heard(ears) is Rule.MINE
    Replies(store, ben, now=clock).note(ticket, "@anna please look")
    assert rule_heard(ears) is Rule.MENTIONS


def test_vip_is_a_tag(store: Store, ears: Ears, ben: Actor, clock: FakeClock) -> None:
    ticket = add_ticket(store, assignee="ben")
    Triage(store, SYSTEM, now=clock).tag([ticket], ["vip"])
    assert ears.heard() is None
    arrive(store, ticket)
    assert rule_heard(ears) is Rule.VIP


def test_rules_and_means_are_those_of_the_settings(
    store: Store, ears: Ears, anna: Actor, clock: FakeClock
) -> None:
    settings = Settings(store, anna)
    ticket = add_ticket(store)
    arrive(store, ticket)
    assert ears.heard() is None
    settings.change(NOTIFY_RULES, ["unassigned"])
    settings.change(NOTIFY, ["osc777"])
    arrive(store, ticket)
    ears.ringing.saw(ears.feed.poll() or pytest.fail("nothing changed"))
    clock.advance(seconds=30)
    told = ears.ringing.due()
    assert told is not None
    assert (told.ring.rule, told.means) == (Rule.UNASSIGNED, (Means.OSC777,))
    settings.change(NOTIFY, ["none"])
    arrive(store, ticket)
    assert ears.heard() is None


def test_quiet_hours_are_quiet_for_good(store: Store, ears: Ears, anna: Actor) -> None:
    Settings(store, anna).change(QUIET_HOURS, ["00:00-23:59"])
    arrive(store, add_ticket(store, assignee="anna"))
    assert ears.heard() is None
    Settings(store, anna).reset(QUIET_HOURS)
    assert ears.heard() is None


def test_a_scheduled_reply_that_came_back_rings_for_its_author_only(store: Store) -> None:
    anna, bert = add_agent(store, "anna9"), add_agent(store, "bert9")
    clock = FakeClock()
    heard = []
    ears = []
    for number in (anna, bert):
        actor = Actor(ActorKind.AGENT, number, "x")
        Settings(store, actor).change(NOTIFY, ["bell"])
        ears.append(Ears(store, actor, clock))
    ticket = add_ticket(store, assignee="anna")
    add_activity(store, ticket, "message.unscheduled", after={"agent_id": bert})
    heard = [each.heard() for each in ears]
    assert heard[0] is None
    assert heard[1] is not None
    assert heard[1].newest.is_author
    assert ring_words(heard[1])[0] == f"#{ticket} your scheduled reply came back"
