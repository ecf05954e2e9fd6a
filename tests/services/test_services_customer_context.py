"""What sources say of a customer is kept with its age, and read as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.context import EventFilter
from helpdesk_tui.domain.commerce.facts import (
    ConsentWord,
    CustomerEvent,
    EventsPage,
    Facts,
    Failure,
    Order,
    ProfileFacts,
    Section,
    SectionState,
    Segment,
    SourceConsent,
    Value,
)
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from helpdesk_tui.domain.commerce.wants import OPENED
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.services.commerce.context import CustomerContexts
from helpdesk_tui.services.commerce.matching import due_of
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.services.messaging.consent import ConsentLog
from helpdesk_tui.services.messaging.sends import Sends
from helpdesk_tui.services.setup import prepare_store

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
ADA = Match("01ADA", MatchedBy.EMAIL, "ada@example.com")
ALL = tuple(Section)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class World:
    """A store with one customer and one source."""

    def __init__(self, root: Path) -> None:
        prepare_store(root)
        self.store = Store(root)
        self.clock = Clock()
        self.source = Sources(self.store, SYSTEM, now=self.clock).add("klaviyo", "klaviyo", {})
        self.contexts = CustomerContexts(self.store, SYSTEM, now=self.clock)
        self.keeper = ContextStore(self.store, now=self.clock)

    def person(self, email: str, *, is_verified: bool = True) -> int:
        with self.store.write() as connection:
            row = connection.execute(
                "INSERT INTO profile (name, email, phone, location, timezone, created_at,"
                " updated_at, version) VALUES ('Ada', ?, '', '', '', 0, 0, 1)",
                (email,),
            )
            connection.execute(
                "INSERT INTO identity (profile_id, kind, value, verified)"
                " VALUES (?, 'email', ?, ?)",
                (row.lastrowid, email, is_verified),
            )
        return int(row.lastrowid or 0)

    def say(self, profile: int, facts: Facts, source: ConnectedSource | None = None) -> None:
        self.keeper.store(source or self.source, profile, ADA, facts, asked=ALL)

    def wanted(self) -> list[int]:
        now = int(self.clock.now.timestamp() * 1_000_000)
        return [row[0] for row in self.contexts._live.take_wanted(now)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.contexts.close()
    found.store.close()


def order(name: str, total: str, *, at: datetime = NOW, changed: datetime = NOW) -> Order:
    return Order(id=f"gid/{name}", name=name, created_at=at, updated_at=changed, currency="EUR",
                 total=Decimal(total))  # fmt: skip


def test_what_is_said_is_read_with_its_age(world: World) -> None:
    ada = world.person("ada@example.com")
    world.say(ada, Facts(profile=ProfileFacts(name="Ada L."), value=Value("EUR", Decimal("412.5")),
                         segments=(Segment("1", "VIP"),)))  # fmt: skip
    found = world.contexts.load(ada)
    assert found.profiles[0][1].name == "Ada L."
    assert found.values[0][1].spent == Decimal("412.5")
    assert [one.name for _, one in found.segments] == ["VIP"]
    assert found.words[Section.PROFILE][0].fetched_at == NOW
    assert found.matches == ((world.source.id, ADA),)


def test_a_failure_leaves_what_is_kept_and_says_when_it_is_tried_again(world: World) -> None:
    ada = world.person("ada@example.com")
    world.say(ada, Facts(value=Value("EUR", Decimal(5))))
    world.clock.now += timedelta(hours=13)
    world.say(ada, Facts(failed={Section.VALUE: Failure("provider.slow")}))
    found = world.contexts.load(ada)
    word = found.words[Section.VALUE][0]
    assert (word.state, word.code, word.fetched_at) == (SectionState.FAILED, "provider.slow", NOW)
    assert word.retry_at is not None
    assert word.retry_at > world.clock.now
    assert found.values[0][1].spent == Decimal(5)


def test_an_older_state_of_an_order_never_replaces_a_newer_one(world: World) -> None:
    ada = world.person("ada@example.com")
    world.say(ada, Facts(orders=(order("#1042", "89", changed=NOW),)))
    world.say(ada, Facts(orders=(order("#1042", "99", changed=NOW - timedelta(hours=1)),)))
    assert world.contexts.orders(ada)[0][1].total == Decimal(89)
    assert world.contexts.load(ada).order_count == 1


def test_whom_one_source_has_found_the_others_are_asked_for_again(world: World) -> None:
    ada = world.person("ada@example.com")
    other = Sources(world.store, SYSTEM, now=world.clock).add(
        "recharge", "boxes", {"api": "http://127.0.0.1:9"}
    )
    asked = (Section.SUBSCRIPTIONS,)
    world.keeper.store(other, ada, None, None, asked=asked)

    def is_due() -> bool:
        with world.store.read() as connection:
            due = due_of(connection, ada, OPENED, world.clock())
        return any(each.source.id == other.id for each in due)

    assert not is_due()
    world.say(ada, Facts(orders=()))
    assert is_due()
    world.keeper.store(other, ada, None, None, asked=asked)
    world.say(ada, Facts(orders=()))
    assert not is_due()


def test_nobody_there_holds_of_all_sections_however_they_were_asked_for(world: World) -> None:
    ada = world.person("ada@example.com")
    for asked in ((Section.PROFILE, Section.EVENTS), (Section.VALUE,)):
        world.keeper.store(world.source, ada, None, None, asked=asked)
    words = world.contexts.load(ada).words
    assert {section for section in words if words[section]} == {
        Section.PROFILE, Section.EVENTS, Section.VALUE,
    }  # fmt: skip


def test_nobody_there_removes_what_was_kept(world: World) -> None:
    ada = world.person("ada@example.com")
    world.say(ada, Facts(orders=(order("#1042", "89"),)))
    world.keeper.store(world.source, ada, None, None, asked=ALL)
    found = world.contexts.load(ada)
    assert found.orders == ()
    assert found.matches == ()
    assert found.words[Section.PROFILE][0].state is SectionState.NOBODY


def test_fresh_customers_are_not_wanted_and_stale_ones_are_once(world: World) -> None:
    ada = world.person("ada@example.com")
    world.contexts.want([ada, ada], OPENED)
    assert world.wanted() == [ada]
    everything = Facts(profile=ProfileFacts(), segments=(), value=Value(), orders=(),
                       events=EventsPage((), is_all=True))  # fmt: skip
    world.say(ada, everything)
    world.contexts.want([ada], OPENED)
    assert world.wanted() == []
    world.clock.now += timedelta(minutes=6)
    world.contexts.want([ada], OPENED)
    assert world.wanted() == [ada]


def test_who_only_claims_an_address_is_not_looked_up_until_an_agent_vouches(world: World) -> None:
    eve = world.person("ada@example.com", is_verified=False)
    world.contexts.want([eve], OPENED)
    assert world.wanted() == []
    assert [one.value for one in world.contexts.load(eve).claims] == ["ada@example.com"]
    world.contexts.vouch(eve, "email", "ada@example.com")
    assert world.wanted() == [eve]


def test_the_stamp_moves_when_something_becomes_known(world: World) -> None:
    ada = world.person("ada@example.com")
    before = world.contexts.stamp(ada)
    world.say(ada, Facts(segments=()))
    assert world.contexts.stamp(ada) > before


def test_events_are_counted_by_kind_and_filtered(world: World) -> None:
    ada = world.person("ada@example.com")
    events = tuple(
        CustomerEvent(str(number), "Opened Email" if number % 3 else "Placed Order",
                      NOW - timedelta(hours=number))
        for number in range(30)
    )  # fmt: skip
    world.say(ada, Facts(events=EventsPage(events, is_all=True)))
    world.say(ada, Facts(events=EventsPage(events, is_all=True)))
    found = world.contexts.load(ada)
    assert found.metrics == (("Opened Email", 20), ("Placed Order", 10))
    assert (found.event_count, len(found.events)) == (30, 20)
    some = world.contexts.load(ada, EventFilter(1, "orders", ("Placed Order",)))
    assert {one.metric for _, one in some.events} == {"Placed Order"}
    assert some.event_count == 10


def test_consent_at_a_source_is_noted_once_and_again_when_it_changes(world: World) -> None:
    ada = world.person("ada@example.com")
    log = ConsentLog(world.store, SYSTEM, now=world.clock)

    def said(word: ConsentWord) -> Facts:
        consent = SourceConsent("sms", "marketing", word)
        return Facts(profile=ProfileFacts(phone="+15557770001", consents=(consent,)))

    world.say(ada, said(ConsentWord.SUBSCRIBED))
    world.clock.now += timedelta(hours=1)
    world.say(ada, said(ConsentWord.SUBSCRIBED))
    assert [one.state for one in log.entries()] == [ConsentState.GIVEN]
    world.clock.now += timedelta(hours=1)
    world.say(ada, said(ConsentWord.UNSUBSCRIBED))
    assert [one.state for one in log.entries()] == [ConsentState.WITHDRAWN, ConsentState.GIVEN]


def test_two_profiles_of_one_person_at_a_source_are_offered_to_be_linked(world: World) -> None:
    ada, other = world.person("ada@example.com"), world.person("ada@work.example")
    world.say(ada, Facts())
    there = replace(ADA, value="ada@work.example")
    world.keeper.store(world.source, other, there, Facts(), asked=ALL)
    assert world.contexts.load(ada).same == (other,)


def test_a_match_by_what_an_agent_vouches_for_says_so(world: World) -> None:
    ada = world.person("ada@example.com", is_verified=False)
    with world.store.write() as connection:
        connection.execute("UPDATE identity SET vouched_by = 1 WHERE profile_id = ?", (ada,))
    world.say(ada, Facts(profile=ProfileFacts(name="Ada")))
    assert [one.matched_by for _, one in world.contexts.load(ada).matches] == [MatchedBy.HAND]


def test_one_kind_of_consent_at_a_source_is_enough_for_an_answer(world: World) -> None:
    ada = world.person("ada@example.com")
    consents = (
        SourceConsent("sms", "transactional", ConsentWord.SUBSCRIBED, NOW - timedelta(days=9)),
        SourceConsent("sms", "marketing", ConsentWord.UNSUBSCRIBED, NOW - timedelta(days=2)),
    )
    world.say(ada, Facts(profile=ProfileFacts(phone="+15557770001", consents=consents)))
    last = ConsentLog(world.store, SYSTEM, now=world.clock).state("+15557770001")
    assert last is not None
    assert (last.state, last.kind) == (ConsentState.GIVEN, "transactional")


def test_one_kind_of_consent_is_enough_also_after_another_was_withdrawn(world: World) -> None:
    ada = world.person("ada@example.com")

    def say(marketing: ConsentWord, ago: timedelta) -> None:
        consents = (
            SourceConsent("whatsapp", "marketing", marketing, NOW - ago),
            SourceConsent(
                "whatsapp", "conversational", ConsentWord.SUBSCRIBED, NOW - timedelta(days=9)
            ),
        )
        world.say(ada, Facts(profile=ProfileFacts(phone="+15557770001", consents=consents)))

    say(ConsentWord.SUBSCRIBED, timedelta(days=9))
    say(ConsentWord.UNSUBSCRIBED, timedelta(days=2))
    last = ConsentLog(world.store, SYSTEM, now=world.clock).state("+15557770001", "whatsapp")
    assert last is not None
    assert (last.state, last.kind) == (ConsentState.GIVEN, "conversational")


def test_consent_that_a_crash_kept_from_its_profile_is_noted_the_next_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = world.person("ada@example.com")
    consent = SourceConsent("sms", "marketing", ConsentWord.SUBSCRIBED)
    facts = Facts(profile=ProfileFacts(phone="+15557770001", consents=(consent,)))

    def crash(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ConsentLog, "add", crash)
        with pytest.raises(KeyboardInterrupt):
            world.say(ada, facts)
    world.say(ada, facts)
    log = ConsentLog(world.store, SYSTEM, now=world.clock)
    assert [one.state for one in log.entries()] == [ConsentState.GIVEN]


def test_a_clock_that_was_ahead_once_keeps_nobody_from_being_asked_for(world: World) -> None:
    ada = world.person("ada@example.com")
    world.clock.now = NOW + timedelta(days=400)
    world.say(ada, Facts(profile=ProfileFacts(), segments=(), value=Value(), orders=(),
                         events=EventsPage((), is_all=True)))  # fmt: skip
    world.clock.now = NOW
    world.contexts.want([ada], OPENED)
    assert world.wanted() == [ada]


@pytest.mark.parametrize("meanwhile", ["removed", "off", "another shop"])
def test_what_a_source_says_too_late_is_not_kept(world: World, meanwhile: str) -> None:
    ada = world.person("ada@example.com")
    world.say(ada, Facts(value=Value("EUR", Decimal(5))))
    sources = Sources(world.store, SYSTEM)
    if meanwhile == "removed":
        sources.remove(world.source.name)
    elif meanwhile == "off":
        sources.set_enabled(world.source.name, enabled=False)
    else:
        sources.change(world.source.name, {"api": "https://other.example"})
    consent = SourceConsent("sms", "marketing", ConsentWord.SUBSCRIBED, NOW)
    late = ProfileFacts(name="Late", phone="+46701112233", consents=(consent,))
    world.say(ada, Facts(profile=late, value=Value("EUR", Decimal(9))))
    found = world.contexts.load(ada)
    assert found.profiles == ()
    assert [value.spent for _, value in found.values] == ([5] if meanwhile == "off" else [])
    assert ConsentLog(world.store, SYSTEM, now=world.clock).entries(channel="sms", limit=5) == []


@pytest.mark.parametrize("is_known_there", [True, False])
def test_what_was_sent_is_noted_whatever_comes_first(world: World, is_known_there: bool) -> None:
    ada = world.person("ada@example.com")
    number = "+46701112233"
    with world.store.write() as connection:
        connection.execute(
            "INSERT INTO identity (profile_id, kind, value, verified) VALUES (?, 'phone', ?, 1)",
            (ada, number),
        )
    there = "+46709998877"
    if is_known_there:
        world.say(ada, Facts(profile=ProfileFacts(phone=there)))
    sent = CustomerEvent(
        "ev1", "Received SMS", NOW, channel="sms", sent="campaign", campaign="June"
    )
    world.say(ada, Facts(events=EventsPage((sent,), is_all=True)))
    found = Sends(world.store, now=world.clock).page()
    assert [(one.name, one.address) for one in found] == [
        ("June", there if is_known_there else number)
    ]
