"""Chats as agents and visitors live them: closing, waiting, together, and switched off."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from helpdesk_tui.domain.webchat.chats import CLOSING
from tests.support.chat_world import Visitor, World, running_world
from tests.support.relay import SITE
from tests.support.terminal import Terminal
from tests.support.waiting import PATIENCE, until
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
        anna.see(f"#{ticket} open · unassigned")
        anna.press("e")
        anna.see("closing in")
        anna.press("z")
        anna.see("undone: #")
        anna.gone("closing in")
        assert world.ticket(ticket, "status") == "open"
        before = time.monotonic()
        anna.press("e")
        anna.see("closing in")
        expect(ended.first).to_be_visible()
        assert time.monotonic() - before >= CLOSING.total_seconds(), "told too soon"
        anna.see("the chat is closed")
        anna.press("r")
        anna.see("visitors begin new ones")
    expect(page.get_by_role("button", name="Start a new chat")).to_be_visible()
    expect(page.locator("textarea")).to_be_hidden()
    for refused in (("reopen", str(ticket)), ("reply", str(ticket), "--text", "One more thing")):
        assert "chat has ended" in world.cli("ticket", *refused, code=3)
    assert world.ticket(ticket, "status") == "closed"


def test_who_writes_while_a_chat_closes_keeps_it_open(world: World) -> None:
    visitor, ticket = waiting(world, "Olga", "Is it waterproof?")
    with world.program(ticket) as anna:
        anna.see(f"#{ticket} open · unassigned")
        anna.press("e")
        anna.see("closing in")
        # time for whoever writes on a busy machine
        later = "UPDATE chat SET closing_at = closing_at + ? WHERE ticket_id = ?"
        world.change(later, int(PATIENCE * 1_000_000), ticket)
        visitor.say("Wait, one more!")
        anna.see("█ Wait, one more!")
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
        anna.until(lambda: _waits(anna) >= 400)
        anna.press(";")
        visitor.sees("Dziękuję za cierpliwość. Nadal to sprawdzam.")
        anna.until(lambda: 0 <= _waits(anna) < 400)
        assert world.ticket(ticket, "waiting_since") is not None
        assert world.ticket(ticket, "assignee_id") is None
        anna.press("q")
        anna.see("enter open")
        anna.press("b")
        anna.see("the visitor of this chat is there")
        anna.press("b")
        anna.see("─ snooze until")
        anna.press("esc")
        anna.gone("─ snooze until")
        visitor.leave()
        anna.see("○ left")
    assert world.ticket(ticket, "status") == "open"


def _waits(screen: Terminal) -> int:
    """Return how many seconds the list says that Zenon waits; -1 if it says nothing."""
    found = re.search(r"Zenon.*?[▲↻](\d+):(\d\d)", screen.text())
    return int(found[1]) * 60 + int(found[2]) if found else -1


def test_two_agents_on_one_chat_see_each_other_and_are_asked(world: World) -> None:
    visitor, ticket = waiting(world, "Pia", "Is the blue one back?")
    with world.program(ticket) as anna, world.program(ticket, "marek") as marek:
        anna.see(f"#{ticket} open · unassigned")
        marek.see(f"#{ticket} open · unassigned")
        marek.see("anna is viewing")
        anna.press("r")
        anna.see("─ chat with Pia")
        anna.type("Hello Pia, ")
        write_on = partial(anna.press, "x", "backspace")
        anna.again(write_on, lambda: "anna is typing" in marek.text())
        anna.again(write_on, lambda: "typing" in visitor.events)
        marek.press("r")
        marek.see("─ chat with Pia")
        marek.type("Yes, since today.")
        marek.see("│ Yes, since today.")
        anna.type("I look.")
        anna.see("│ Hello Pia, I look.")
        anna.press("enter")
        visitor.sees("Hello Pia, I look.")
        until(lambda: world.happened(ticket).count("ticket.assigned") == 1)
        marek.see("█ Hello Pia, I look.")
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
    until(lambda: "chat.ended" in world.happened(ticket))
    world.cli("channel", "enable", "chat")
    until(lambda: bool(world.site().get("enabled")))
    again = open_page(browsers, "1002", "erik@customer.example")
    again.locator(".launcher").click()
    again.get_by_role("button", name="Start a new chat").click()
    browsers.write(again, "Back again?")
    assert world.ticket_of("Back again?") != ticket
