"""What is known of customers beside their tickets: simulated sources, real worker and terminal."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.services.secrets import variable_of
from tests.support.providers.faults import Fault
from tests.support.shop_world import CRM, SHOP, ShopWorld, running_shop_world
from tests.support.shops.klaviyo import ELSEWHERE, consents
from tests.support.store import add_message, add_profile, add_ticket
from tests.support.terminal import Terminal
from tests.support.waiting import PATIENCE, until

pytestmark = [pytest.mark.slow]

WIDE = (180, 50)
SECTIONS = ("profile", "segments", "value", "orders", "subscriptions", "events")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopWorld]:
    with running_shop_world(tmp_path_factory.mktemp("customers")) as found:
        yield found


@pytest.fixture
def world(running: ShopWorld) -> Iterator[ShopWorld]:
    yield running
    running.shops.faults.stop()


def knows(world: ShopWorld, name: str, *, spent: float = 482.4, segment: str = "VIP") -> str:
    """Let all sources know somebody; return their address."""
    email = f"{name.lower()}@example.com"
    at = datetime.now(UTC)
    person = world.klaviyo.has(
        email, first_name=name, last_name="Byron",
        location={"city": "London", "country": "United Kingdom", "timezone": "Europe/London"},
        analytics={"historic_clv": spent, "predicted_clv": 121.1, "total_clv": spent + 121.1,
                   "historic_number_of_orders": 7, "churn_probability": 0.18},
        segments=[segment], lists=["Newsletter"],
        subscriptions=consents(email="SUBSCRIBED", sms="UNSUBSCRIBED"),
    )  # fmt: skip
    world.klaviyo.did(
        person, "Viewed Product", at - timedelta(minutes=9), ELSEWHERE, ProductName="Senchá"
    )
    with world.shopify.lock:
        world.shopify.ordered(world.shopify.has(f"{name} Byron", email), ("Cup", "8.00", 2))
    world.recharge.subscribe(world.recharge.add_customer(email), "Green tea")
    return email


def order_of(world: ShopWorld, email: str) -> str:
    """Return the name of somebody's order."""
    with world.shopify.lock:
        return next(one.name for one in world.shopify.orders.values() if one.email == email)


def asked(world: ShopWorld) -> int:
    """Return how often anything was asked of the sources so far."""
    return len(world.shops.watch.asked)


def rests(world: ShopWorld) -> int:
    """Wait until nothing more is asked of the sources; return how often something was."""
    before, since = asked(world), time.monotonic()

    def is_quiet() -> bool:
        nonlocal before, since
        if asked(world) != before:
            before, since = asked(world), time.monotonic()
        return time.monotonic() - since > 2

    until(is_quiet)
    return before


def is_asked_for(world: ShopWorld, email: str) -> bool:
    """Tell whether any source was asked about an address."""
    return any(email in f"{one.query} {one.body.decode()}" for one in world.shops.watch.asked)


def seen_all(terminal: Terminal) -> None:
    """Wait until every section stands in the sidebar."""
    for text in ("€482 so far", "€20.90", "Green tea", "Viewed Product", "VIP"):
        terminal.see(text)


# filling -----------------------------------------------------------------------------------------


def test_a_sidebar_fills_by_itself_and_asks_nobody_twice(world: ShopWorld) -> None:
    email = knows(world, "Ada")
    ticket = world.writes("Ada Byron", email)
    with world.opened(ticket, size=WIDE) as anna:
        seen_all(anna)
        seen = anna.text()
        for text in (
            "London, United Kingdom", "email ✓  sms ✗", "€121 next year", "churn 18 % low",
            order_of(world, email), "every 30 days", "Klaviyo · now", "Shopify · now",
        ):  # fmt: skip
            assert text in seen, seen
        world.known(ticket, *SECTIONS)
    before = rests(world)
    with world.opened(ticket, size=WIDE) as anna:
        seen_all(anna)
        anna.press("q")
        anna.see("enter open")
        anna.press("enter")
        anna.see("q back")
        seen_all(anna)
        anna.pump(1.5, 1.5)
    assert asked(world) == before


def test_the_profile_screen_finds_things_over_all_sources(world: ShopWorld) -> None:
    email = knows(world, "Bea")
    ticket = world.writes("Bea Byron", email, "Do you sell lids?")
    with world.opened(ticket, size=WIDE) as anna:
        seen_all(anna)
        anna.press("g", "P")
        anna.see("[timeline]")
        # each stands in the timeline and in the facts beside it
        anna.until(lambda: anna.text().count("Viewed Product") == 2)
        anna.press("/")
        anna.see("words in messages, orders and events")
        anna.type("lids")
        anna.see("│  lids ")
        anna.press("enter")
        anna.until(lambda: anna.text().count("Viewed Product") == 1)
        anna.see("│   Do you sell lids?")


def test_tickets_beside_the_cursor_are_fetched_ahead(world: ShopWorld) -> None:
    first = world.writes("Cleo Byron", knows(world, "Cleo"))
    second = world.writes("Dora Byron", knows(world, "Dora"))
    with world.opened(second, size=WIDE) as anna:
        seen_all(anna)
        # what is scarce waits until somebody reads it
        world.known(first, "profile", "orders", "subscriptions", "events")
        rests(world)
        before = len(world.shops.watch.of("CustomerOrders"))
        anna.press("J")
        anna.see("Cleo Byron  ✉")
        # at the head of the thread and at that of the sidebar
        anna.until(lambda: anna.text().count("cleo@example.com") == 2)
        seen_all(anna)
    assert len(world.shops.watch.of("CustomerOrders")) == before


# trouble -----------------------------------------------------------------------------------------


def test_a_slow_source_keeps_nothing_else_waiting(world: ShopWorld) -> None:
    ticket = world.writes("Edda Byron", knows(world, "Edda"), "A slow question")
    world.shops.faults.slow("klaviyo.profiles", PATIENCE)
    with world.opened(ticket, size=WIDE) as anna:
        anna.see("A slow question")
        anna.see("Green tea")
        anna.see("€20.90")
        seen = anna.see("looking …")
        assert "€482" not in seen
        world.shops.faults.hurry()
        anna.see("€482 so far")


def test_offline_the_last_word_stands_with_its_age_and_the_reason(world: ShopWorld) -> None:
    ticket = world.writes("Fay Byron", knows(world, "Fay"))
    with world.opened(ticket, size=WIDE) as anna:
        seen_all(anna)
        world.known(ticket, *SECTIONS)
    _grow_old(world, ticket, hours=3)
    world.shops.faults.at_rate("*", 1.0, Fault.CUT)
    with world.opened(ticket, size=WIDE) as anna:
        seen_all(anna)
        anna.see("▲ Klaviyo: the provider")
        # whole or cut short, as wide as the sidebar is
        anna.until(lambda: re.search(r"▲ Recha.* · 3h", anna.text()))
        seen_all(anna)
        world.shops.faults.stop()
        _grow_old(world, ticket, hours=3)
    with world.opened(ticket, size=WIDE) as anna:
        seen_all(anna)
        anna.gone("▲ Klaviyo")
        anna.gone("3h")


def _grow_old(world: ShopWorld, ticket: int, *, hours: int) -> None:
    """Let time have passed since anything was fetched."""
    world.change(
        "UPDATE customer_section SET fetched_at = fetched_at - ?1, asked_at = asked_at - ?1,"
        " retry_at = NULL WHERE profile_id = ?2 AND fetched_at IS NOT NULL",
        hours * 3_600_000_000,
        world.profile_of(ticket),
    )


def test_a_missing_right_is_named_and_shuts_one_section(world: ShopWorld) -> None:
    ticket = world.writes("Gina Byron", knows(world, "Gina"))
    world.klaviyo.scopes.discard("events:read")
    try:
        with world.opened(ticket, size=WIDE) as anna:
            anna.see("€482 so far")
            anna.until(lambda: "right events:read: make one" in _beside(anna))
            anna.until(lambda: "'helpdesk source secret crm'" in _beside(anna))
    finally:
        world.klaviyo.scopes.add("events:read")


def _beside(terminal: Terminal) -> str:
    """Return what the sidebar says, however its lines are broken."""
    lines = [line.rpartition("│")[2] for line in terminal.text().splitlines()]
    return " ".join(" ".join(lines).split())


def test_wrong_keys_are_said_and_mended_by_a_command(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("keys")
    with running_shop_world(folder, is_started=False) as world:
        for name in (CRM, SHOP):
            # what stands in the environment is not a command's to change
            del world.environ[variable_of(f"source-{name}")]
        give = ("source", "secret", CRM, "--token-stdin")
        world.cli(*give, "--no-test", given=b"pk_wrong\n")
        world.start_worker()
        ticket = world.writes("Hana Byron", knows(world, "Hana"))
        with world.opened(ticket, size=WIDE) as anna:
            anna.see("Green tea")
            anna.see("✗ Klaviyo: the key is")
            anna.see("✗ Shopify: no key for it")
            world.cli(*give, given=b"pk_no\n", code=5)
            for name, key in ((CRM, world.klaviyo.key), (SHOP, world.shopify.key)):
                world.cli("source", "secret", name, "--token-stdin", given=f"{key}\n".encode())
            anna.gone("✗ Klaviyo")
            anna.gone("✗ Shopify")
            # it comes back by itself, without anything pressed
            seen_all(anna)


# claims ------------------------------------------------------------------------------------------


def test_an_address_that_a_visitor_only_typed_is_not_looked_up(world: ShopWorld) -> None:
    email = knows(world, "Ines")
    profile = add_profile(world.store, "Ines, she says", "")
    ticket = add_ticket(
        world.store, name="Ines, she says", profile_id=profile, email=email, channel="webchat",
        at=datetime.now(UTC), status="open", assignee="anna",
    )  # fmt: skip
    with world.store.write() as connection:
        connection.execute("UPDATE profile SET email = ? WHERE id = ?", (email, profile))
    add_message(world.store, ticket, channel="webchat", sender="visitor", at=datetime.now(UTC))
    with world.opened(ticket, size=WIDE) as anna:
        anna.see("? ines@example.com")
        anna.see("no proved address")
        anna.pump(1.5, 1.5)
        assert not is_asked_for(world, email)
        anna.press("D")
        anna.see("│ ▸")
        _to(anna, "? ines@example.com")
        anna.press("enter")
        anna.see("Look ines@example.com up?")
        anna.press("y")
        seen_all(anna)
    assert "profile.vouched" in world.log(ticket)


def test_a_mail_that_failed_its_checks_proves_nothing(world: ShopWorld) -> None:
    email = knows(world, "Jana")
    ticket = world.writes("Jana Byron", email, "I am Jana", flags="auth-failed")
    with world.opened(ticket, size=WIDE) as anna:
        anna.see("? jana@example.com")
        anna.see("no proved address")
        anna.pump(1.5, 1.5)
    assert not is_asked_for(world, email)


def _to(terminal: Terminal, text: str) -> None:
    """Move the sidebar's cursor onto a line."""
    for _ in range(12):
        if f"▸{text}" in terminal.text():
            return
        _down(terminal)
    raise AssertionError(f"the cursor never came to {text!r}:\n{terminal.text()}")


def _down(terminal: Terminal) -> None:
    def at() -> str:
        return terminal.text().partition("▸")[2].partition("\n")[0]

    before = at()
    terminal.press("j")
    terminal.until(lambda: at() != before)


# searches ----------------------------------------------------------------------------------------


def test_tickets_are_found_by_what_their_customers_are_worth(world: ShopWorld) -> None:
    rich = knows(world, "Kaja", spent=9_000, segment="Collectors")
    poor = knows(world, "Lara", spent=11)
    tickets = [
        world.writes(f"{name} Byron", email, f"{name} asks")
        for name, email in (("Kaja", rich), ("Lara", poor))
    ]
    for ticket, spent in zip(tickets, ("€9,000 so far", "€11 so far"), strict=True):
        with world.opened(ticket, size=WIDE) as anna:
            anna.see(spent)
            world.known(ticket, *SECTIONS)
    with world.opened(ticket, size=WIDE) as anna:
        anna.see(spent)
        anna.press("q")
        anna.see("enter open")
        for query in ("ltv:>5000", "segment:Collectors", f"order:{order_of(world, rich)}"):
            anna.press("/")
            anna.see("esc cancel")
            anna.type(query)
            anna.see(query)
            anna.press("enter")
            anna.see(f"Search  {query}")
            anna.gone("Lara asks")
            anna.see("Kaja asks")
            anna.press("esc")
            anna.gone(f"Search  {query}")
            anna.see("Lara asks")


def test_whoever_nobody_knows_is_said_to_be_unknown(world: ShopWorld) -> None:
    ticket = world.writes("Nobody", "nobody@example.com", "Hello, stranger")
    with world.opened(ticket, size=WIDE) as anna:
        anna.see("Hello, stranger")
        until(lambda: len(world.rows("SELECT 1 FROM customer_section WHERE profile_id = ?",
                                     world.profile_of(ticket))) >= len(SECTIONS))  # fmt: skip
        anna.gone("looking …")
