"""Who tries to have another customer's orders shown beside their own messages, and fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from helpdesk_tui.db.commerce.group import load_group
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.facts import (
    CustomerEvent,
    EventsPage,
    Facts,
    Order,
    ProfileFacts,
    Section,
)
from helpdesk_tui.domain.commerce.identities import Identities, Match, MatchedBy
from helpdesk_tui.domain.commerce.wants import OPENED
from helpdesk_tui.domain.errors import NotAllowed, UsageError
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.services.commerce.context import CustomerContexts
from helpdesk_tui.services.commerce.matching import due_of, identities_of
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.services.people import People
from tests.support.mailboxes import rows
from tests.support.mails import make_mail
from tests.support.receiving import OURS, only, receiving_store, take
from tests.support.store import add_profile

ADA, EVE = "ada@example.net", "eve@attacker.example"
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
ALL = tuple(Section)


class World:
    """A desk with a connected source, and what may be looked up there."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.source = Sources(store, SYSTEM).add("klaviyo", "klaviyo", {})
        self.contexts = CustomerContexts(store, SYSTEM)
        self.keeper = ContextStore(store)
        self.people = People(store, SYSTEM)

    def identities(self, profile: int) -> Identities:
        with self.store.read() as connection:
            return identities_of(connection, load_group(connection, profile))

    def say(self, profile: int, match: Match, *orders: str, events: tuple[str, ...] = ()) -> None:
        said = Facts(
            profile=ProfileFacts(name=match.external_id),
            orders=tuple([Order(id=name, name=name, created_at=AT, updated_at=AT, currency="EUR",
                                total=Decimal(5)) for name in orders]),
            events=EventsPage(
                tuple([CustomerEvent(one, "Opened", AT) for one in events]), is_all=True
            ),
        )  # fmt: skip
        self.keeper.store(self.source, profile, match, said, asked=ALL)

    def orders(self, profile: int) -> list[str]:
        return [one.name for _, one in self.contexts.orders(profile)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(receiving_store(tmp_path))
    yield found
    found.contexts.close()
    found.store.close()


def customer(world: World, address: str = ADA) -> int:
    found = only(world.store, "SELECT profile_id FROM identity WHERE value = ?", address)
    return int(found[0])


def test_a_mail_of_ones_own_proves_its_address(world: World) -> None:
    take(world.store, make_mail(ADA))
    assert world.identities(customer(world)).emails == (ADA,)


def test_an_address_typed_into_a_form_is_a_claim(world: World) -> None:
    form = make_mail(OURS, original_senders=(("reply-to", Address("", ADA)),))
    take(world.store, form)
    found = only(world.store, "SELECT sender, flags FROM message")
    assert found == (ADA, str(Flag.TYPED_SENDER))
    assert world.identities(customer(world)).emails == ()
    assert [one.value for one in world.contexts.load(customer(world)).claims] == [ADA]


def test_a_sender_whom_a_forwarding_server_names_is_proved_as_before(world: World) -> None:
    take(world.store, make_mail(OURS, original_senders=(("x-original-from", Address("", ADA)),)))
    assert world.identities(customer(world)).emails == (ADA,)


def test_an_address_in_a_text_that_a_colleague_forwarded_is_a_claim(world: World) -> None:
    take(world.store, make_mail(ADA))
    with world.store.write() as connection:
        connection.execute("UPDATE message SET flags = ?", (str(Flag.PASSED_ON),))
    assert world.identities(customer(world)).emails == ()


def test_an_agent_vouches_for_claims_of_this_customer_only(world: World) -> None:
    take(world.store, make_mail(EVE))
    ada = add_profile(world.store, "Ada", ADA)
    eve = customer(world, EVE)
    with world.store.write() as connection:
        connection.execute("UPDATE profile SET email = ? WHERE id = ?", (ADA, eve))
    with pytest.raises(NotAllowed, match=r"claim\.others"):
        world.contexts.vouch(eve, "email", ADA)
    found = rows(world.store, "SELECT profile_id, vouched_by FROM identity WHERE value = ?", ADA)
    assert found == [(ada, None)]


def test_a_link_taken_back_takes_what_was_found_by_the_other_one_along(world: World) -> None:
    take(world.store, make_mail(EVE), make_mail(ADA))
    eve, ada = customer(world, EVE), customer(world)
    change = world.people.link(ada, eve)
    world.say(eve, Match("01ADA", MatchedBy.EMAIL, ADA), "#1042")
    assert world.orders(eve) == ["#1042"]
    assert change.change_id
    world.people.unlink(ada)
    assert world.orders(eve) == []
    assert world.contexts.load(eve).profiles == ()
    assert world.contexts.load(eve).matches == ()
    assert world.identities(eve).ids_at("klaviyo") == ()


def test_a_link_taken_back_leaves_both_what_they_had_before(world: World) -> None:
    take(world.store, make_mail(EVE), make_mail(ADA))
    eve, ada = customer(world, EVE), customer(world)
    world.say(eve, Match("01EVE", MatchedBy.EMAIL, EVE), "#1")
    world.say(ada, Match("01ADA", MatchedBy.EMAIL, ADA), "#2")
    world.people.link(ada, eve)
    assert sorted(world.orders(eve)) == ["#1", "#2"]
    world.people.unlink(ada)
    assert (world.orders(eve), world.orders(ada)) == (["#1"], ["#2"])


def test_what_was_found_by_an_id_goes_with_what_that_was_found_by(world: World) -> None:
    other = Sources(world.store, SYSTEM).add("recharge", "recharge", {})
    shop = Sources(world.store, SYSTEM).add("shopify", "shop", {"shop": "shop.myshopify.com"})
    take(world.store, make_mail(EVE), make_mail(ADA))
    eve, ada = customer(world, EVE), customer(world)
    world.people.link(ada, eve)
    world.keeper.store(shop, eve, Match("7001", MatchedBy.EMAIL, ADA), Facts(), asked=ALL)
    world.keeper.store(other, eve, Match("411", MatchedBy.PROVIDER_ID, "7001"), Facts(), asked=ALL)
    assert len(world.contexts.load(eve).matches) == 2
    world.people.unlink(ada)
    assert world.contexts.load(eve).matches == ()


def test_what_is_fetched_while_a_link_is_taken_back_is_not_stored(world: World) -> None:
    take(world.store, make_mail(EVE), make_mail(ADA))
    eve, ada = customer(world, EVE), customer(world)
    world.people.link(ada, eve)
    found_meanwhile = Match("01ADA", MatchedBy.EMAIL, ADA)
    world.people.unlink(ada)
    world.say(eve, found_meanwhile, "#1042")
    assert world.orders(eve) == []
    assert world.contexts.load(eve).matches == ()


def test_somebody_else_at_the_source_brings_nothing_of_the_one_before(world: World) -> None:
    take(world.store, make_mail(ADA))
    ada = customer(world)
    world.say(ada, Match("01OLD", MatchedBy.EMAIL, ADA), "#1", events=("e1",))
    new = Match("01NEW", MatchedBy.EMAIL, ADA)
    world.keeper.store(world.source, ada, new, Facts(profile=ProfileFacts("Neu")), asked=ALL)
    found = world.contexts.load(ada)
    assert [one.name for _, one in found.profiles] == ["Neu"]
    assert (found.orders, found.events, found.event_count) == ((), (), 0)


def test_who_is_nobody_there_any_more_leaves_no_section(world: World) -> None:
    take(world.store, make_mail(ADA))
    ada = customer(world)
    world.say(ada, Match("01ADA", MatchedBy.EMAIL, ADA), "#1", events=("e1",))
    world.keeper.store(world.source, ada, None, None, asked=(Section.ORDERS,))
    found = world.contexts.load(ada)
    assert (found.profiles, found.orders, found.events) == ((), (), ())


@pytest.mark.parametrize(
    "name", ["email", "phone", "instagram", "webchat", "keyword", "provider", "agent", "import",
             "shopify"],
)  # fmt: skip
def test_no_source_is_called_like_what_decides_whose_word_counts(world: World, name: str) -> None:
    with pytest.raises(UsageError, match=r"source\.bad-name"):
        Sources(world.store, SYSTEM).add("endpoint", name, {"url": "https://shop.example/h"})


def test_what_an_endpoint_calls_somebody_is_no_id_of_another_source(world: World) -> None:
    take(world.store, make_mail(EVE))
    eve = customer(world, EVE)
    own = Sources(world.store, SYSTEM).add("endpoint", "own", {"url": "https://shop.example/h"})
    world.keeper.store(own, eve, Match("7001", MatchedBy.EMAIL, EVE), Facts(), asked=ALL)
    assert world.identities(eve).ids_at("own") == ()
    assert world.identities(eve).ids_at("shopify") == ()


def test_whose_number_is_anothers_by_now_is_looked_up_anew(world: World) -> None:
    take(world.store, make_mail(ADA), make_mail(EVE))
    ada, number = customer(world), "+15557770001"
    with world.store.write() as connection:
        connection.execute(
            "INSERT INTO identity (profile_id, kind, value, verified) VALUES (?, 'phone', ?, 1)",
            (ada, number),
        )
    world.say(ada, Match("01ADA", MatchedBy.PHONE, number), "#1")
    with world.store.write() as connection:
        connection.execute(
            "UPDATE identity SET profile_id = ? WHERE value = ?", (customer(world, EVE), number)
        )
        due = due_of(connection, ada, OPENED, datetime.now(UTC), is_forced=True)
    assert [one.match for one in due] == [None]
    world.keeper.store(world.source, ada, None, None, asked=ALL)
    assert world.orders(ada) == []
