"""Chats as agents and visitors live them: closing, waiting, together, and switched off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.support.chat_world import Visitor, World, running_world
from tests.support.relay import SITE
from tests.support.waiting import until
from tests.support.widget import Desk as Browsers
from tests.support.widget import ShopPages, running_chromium

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def pages() -> Iterator[ShopPages]:
    found = ShopPages()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, pages: ShopPages) -> Iterator[World]:
    with running_world(tmp_path_factory.mktemp("world"), origins=(pages.origin,)) as found:
        yield found


@pytest.fixture(scope="module")
def browsers(world: World, pages: ShopPages) -> Iterator[Browsers]:
    with running_chromium() as browser:
        found = Browsers(world.running(), pages, browser)
        yield found
        assert found.errors == []
        found.close()


def open_page(browsers: Browsers, who: str, email: str) -> Page:
    site = replace(SITE, origins=(browsers.pages.origin,))
    return browsers.visit(site, token=browsers.token(site, who, email=email, name="Zofia"))


def waiting(world: World, name: str, text: str, **more: str) -> tuple[Visitor, int]:
    """Let somebody come and write; return them and their ticket."""
    visitor = world.visitor(name)
    visitor.say(text, **more)
    return visitor, world.ticket_of(text)


def test_a_close_is_taken_back_unseen_and_then_final_for_both(
    world: World, browsers: Browsers
) -> None:
    page = open_page(browsers, "1001", "zofia@customer.example")
    browsers.write(page, "Do you ship to Malta?")
    ticket = world.ticket_of("Do you ship to Malta?")
    ended = page.get_by_text("This chat has ended.")
    with world.program(ticket) as anna:
        anna.see("Do you ship to Malta?")
        anna.press("e")
        anna.see("closing in")
        anna.press("z")
        anna.gone("closing in")
        assert world.ticket(ticket, "status") == "open"
        anna.press("e")
        anna.see("closing in")
        before = time.monotonic()
        expect(ended).to_have_count(0)
        expect(ended.first).to_be_visible()
        assert time.monotonic() - before > 8, "the visitor was told too soon"
        anna.see("ended")
        anna.press("r")
        anna.see("visitors begin new ones")
    expect(page.get_by_role("button", name="Start a new chat")).to_be_visible()
    assert page.locator("textarea").is_hidden()
    for refused in (("reopen", str(ticket)), ("reply", str(ticket), "--text", "One more thing")):
        assert "chat has ended" in world.cli("ticket", *refused, code=3)
    assert world.ticket(ticket, "status") == "closed"


def test_who_writes_while_a_chat_closes_keeps_it_open(world: World) -> None:
    visitor, ticket = waiting(world, "Olga", "Is it waterproof?")
    with world.program(ticket) as anna:
        anna.see("Is it waterproof?")
        anna.press("e")
        anna.see("closing in")
        visitor.say("Wait, one more!")
        anna.see("Wait, on")
        anna.gone("closing in")
        anna.gone("closes in")
    assert world.ticket(ticket, "status") == "open"
    with world.desk() as desk:
        chat = desk.threads.detail(ticket).chat
    assert chat is not None
    assert (chat.is_closing, chat.is_running) == (False, True)
    assert "ended" not in visitor.events


def test_a_visitor_who_waits_is_held_in_their_language_and_goes_on_waiting(world: World) -> None:
    visitor, ticket = waiting(world, "Zenon", "Gdzie jest paczka?", language="pl")
    since = (
        "UPDATE ticket SET waiting_since = waiting_since - ?, version = version + 1 WHERE id = ?"
    )
    world.change(since, 400_000_000, ticket)
    with world.program(ticket) as anna:
        anna.see("▲6:")
        anna.press(";")
        visitor.sees("Dziękuję za cierpliwość. Nadal to sprawdzam.")
        anna.gone("▲6:")
        assert world.ticket(ticket, "waiting_since") is not None
        assert world.ticket(ticket, "assignee_id") is None
        anna.press("q")
        anna.see("Unassigned")
        anna.press("b")
        anna.see("the visitor of this chat is there")
        anna.press("b")
        anna.see("snooze until")
        anna.press("esc")
        visitor.leave()
        until(lambda: "left" in _pumped(anna))
    assert world.ticket(ticket, "status") == "open"


def _pumped(screen: object) -> str:
    screen.pump(0.2)  # type: ignore[attr-defined]
    return str(screen.text())  # type: ignore[attr-defined]


def test_two_agents_on_one_chat_see_each_other_and_are_asked(world: World) -> None:
    visitor, ticket = waiting(world, "Pia", "Is the blue one back?")
    with world.program(ticket) as anna, world.program(ticket, "marek") as marek:
        anna.see("Is the blue one back?")
        marek.see("Is the blue one back?")
        marek.see("anna is viewing")
        anna.press("r")
        anna.see("chat with Pia")
        anna.type("Hello Pia, ")
        marek.see("anna is typing")
        until(lambda: "typing" in visitor.events)
        marek.press("r")
        marek.see("chat with Pia")
        marek.type("Yes, since today.")
        anna.type("I look.")
        anna.press("enter")
        visitor.sees("Hello Pia, I look.")
        until(lambda: world.happened(ticket).count("ticket.assigned") == 1)
        marek.see("I look.")
        marek.press("enter")
        marek.see("has moved on")
        assert "Yes, since today." not in visitor.texts
        marek.press("y")
        visitor.sees("Yes, since today.")
        marek.see("marek took this ticket")
    assert world.happened(ticket).count("ticket.assigned") == 2


def test_a_chat_that_is_switched_off_hides_the_tab_and_tells_who_chats(
    world: World, browsers: Browsers
) -> None:
    page = open_page(browsers, "1002", "erik@customer.example")
    browsers.write(page, "Are you there?")
    ticket = world.ticket_of("Are you there?")
    world.cli("channel", "disable", "chat")
    expect(page.get_by_text("This chat has ended.").first).to_be_visible()
    other = browsers.context().new_page()
    other.goto(browsers.address(replace(SITE, origins=(browsers.pages.origin,))))
    other.wait_for_timeout(1_600)
    assert other.locator("helpdesk-chat .launcher").count() == 0
    # every page has looked anew by now: what was said stays until its reader has done with it
    expect(page.get_by_text("This chat has ended.").first).to_be_visible()
    page.locator(".launcher").click()
    expect(page.locator(".launcher")).to_have_count(0)
    assert world.ticket(ticket, "message_count") == 1
    assert "chat.ended" in world.happened(ticket)
    world.cli("channel", "enable", "chat")
    until(lambda: bool(world.site().get("enabled")))
    again = open_page(browsers, "1002", "erik@customer.example")
    again.locator(".launcher").click()
    again.get_by_role("button", name="Start a new chat").click()
    browsers.write(again, "Back again?")
    assert world.ticket_of("Back again?") != ticket
