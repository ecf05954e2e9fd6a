"""The widget's line to the relay: several tabs, no network, restarts, lost and changed sessions."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from helpdesk_tui.domain.webchat.wire import EventKind
from helpdesk_tui.relay.config import Rate, Rates
from tests.support.relay import running_relay
from tests.support.widget import Desk


def _lines(page: Page) -> list[str]:
    """Return what stands in the bubbles; the first one is the welcome."""
    return page.locator("helpdesk-chat .log .row .bubble").all_inner_texts()[1:]


def test_tabs_of_one_browser_are_in_step(desk: Desk) -> None:
    site = desk.publish()
    context, box = desk.context(), desk.box(site)
    one, two = desk.visit(site, context), desk.visit(site, context)
    desk.write(one, "from the first")
    box.conversation()
    desk.write(two, "from the second")
    box.say(box.conversation(), "to both")
    for page in (one, two):
        expect(page.get_by_text("to both")).to_be_visible()
        assert _lines(page) == ["from the first", "from the second", "to both"]
    assert len(box.wait_for(EventKind.STARTED)) == 1
    seen = box.wait_for(EventKind.MESSAGE, 2)[-1].seq
    box.post("end", {"conversation": box.conversation(), "seen": seen, "by": "agent"})
    for page in (one, two):
        expect(page.get_by_text("This chat has ended.")).to_be_visible()


def test_another_device_finds_the_conversation(desk: Desk) -> None:
    site = desk.publish()
    box = desk.box(site)
    desk.write(desk.visit(site), "from the phone")
    box.say(box.conversation(), "hello there")
    other = desk.visit(site)
    expect(other.locator(".badge")).to_have_text("1")
    other.locator(".launcher").click()
    expect(other.get_by_text("hello there")).to_be_visible()
    assert _lines(other) == ["from the phone", "hello there"]


def test_messages_written_without_a_network_are_sent_once_and_in_order(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "before")
    expect(page.locator(".us .state")).to_have_text("Sent")
    page.context.set_offline(True)
    expect(page.locator(".line-state")).to_contain_text("No connection.")
    desk.write(page, "during one", "during two")
    expect(page.locator(".us .state").last).to_have_text("Waiting to be sent")
    expect(page.locator(".line-state")).to_contain_text("Your messages are kept")
    page.locator(".us").last.evaluate("(row) => { row.dataset.mine = 'same' }")
    page.context.set_offline(False)
    expect(page.locator(".us .state").last).to_have_text("Sent")
    kept = page.locator(".us").last.get_attribute("data-mine")
    assert kept == "same", "a reader of the screen hears it once"
    expect(page.locator(".line-state")).to_be_hidden()
    assert [each.text for each in box.wait_for(EventKind.MESSAGE, 3)] == [
        "before", "during one", "during two",
    ]  # fmt: skip


def test_messages_outlive_the_page_and_a_relay_that_is_away(desk: Desk, tmp_path: Path) -> None:
    shared = desk.relay
    context = desk.context()
    try:
        with running_relay(tmp_path, site=None) as desk.relay:
            port = int(desk.relay.url.rpartition(":")[2])
            site = desk.publish()
            page = desk.visit(site, context)
            desk.write(page, "before")
            expect(page.locator(".us .state")).to_have_text("Sent")
        desk.write(page, "while it is away")
        expect(page.locator(".us .state").last).to_have_text("Waiting to be sent")
        page.close()
        with running_relay(tmp_path, site=None, port=port) as desk.relay:
            back = desk.visit(site, context)
            heard = desk.box(site).wait_for(EventKind.MESSAGE, 2)
            back.locator(".launcher").click()
            expect(back.get_by_text("while it is away")).to_be_visible()
            assert [each.text for each in heard] == ["before", "while it is away"]
            back.close()
    finally:
        desk.relay = shared


def test_stream_comes_back_after_a_restart_of_the_relay(desk: Desk, tmp_path: Path) -> None:
    shared = desk.relay
    try:
        with running_relay(tmp_path, site=None) as desk.relay:
            port = int(desk.relay.url.rpartition(":")[2])
            site = desk.publish()
            page = desk.visit(site)
            desk.write(page, "hello")
            expect(page.locator(".us .state")).to_have_text("Sent")
        with running_relay(tmp_path, site=None, port=port) as desk.relay:
            box = desk.box(site)
            box.say(box.conversation(), "here again")
            expect(page.get_by_text("here again")).to_be_visible()
            page.close()
    finally:
        desk.relay = shared


def test_news_are_polled_where_no_stream_comes_through(desk: Desk) -> None:
    site = desk.publish()
    context, box = desk.context(), desk.box(site)
    context.route("**/v1/stream*", lambda route: None)
    context.clock.install()
    page = desk.visit(site, context)
    desk.write(page, "hello")
    for path in ("stream", "poll"):
        with page.expect_request(f"**/v1/{path}*"):
            context.clock.fast_forward(9_000)
    for number in range(2):
        box.say(box.conversation(), f"answer {number}")
        expect(page.get_by_text(f"answer {number}")).to_be_visible()


def test_lost_session_is_replaced_without_a_word(desk: Desk) -> None:
    site = desk.publish()
    context, box = desk.context(), desk.box(site)
    page = desk.visit(site, context)
    desk.write(page, "hello")
    box.conversation()
    page.evaluate(
        """() => {
            const key = Object.keys(localStorage).find((each) => each.endsWith(" session"));
            const kept = JSON.parse(localStorage[key]);
            localStorage[key] = JSON.stringify({ ...kept, token: "lost" });
        }"""
    )
    page.close()
    page = desk.visit(site, context)
    page.locator(".launcher").click()
    expect(page.get_by_text("hello", exact=True)).to_be_visible()
    desk.write(page, "again")
    assert [each.text for each in box.wait_for(EventKind.MESSAGE, 2)] == ["hello", "again"]


def test_session_lives_on_with_a_page_that_comes_from_a_cache(desk: Desk) -> None:
    site = desk.publish()
    page, box = desk.visit(site), desk.box(site)
    desk.write(page, "hello")
    box.conversation()
    page.reload()
    desk.write(page, "after the reload")
    assert len(box.wait_for(EventKind.MESSAGE, 2)) == 2
    assert len(box.wait_for(EventKind.STARTED)) == 1


def test_another_customer_sees_nothing_of_the_one_before(desk: Desk) -> None:
    site = desk.publish()
    context, box = desk.context(), desk.box(site)
    page = desk.visit(site, context)
    desk.write(page, "my secret")
    box.conversation()
    page.locator("textarea").fill("half a secret")
    page.goto(desk.address(site, token=desk.token(site, "1002", name="Erik Lund")))
    page.locator(".launcher").click()
    expect(page.locator(".hero h2")).to_have_text("Hello Erik")
    desk.write(page)
    expect(page.locator(".log")).to_be_visible()
    assert _lines(page) == []
    expect(page.locator("textarea")).to_have_value("")
    page.evaluate("(token) => helpdeskChat.identify(token)", desk.token(site))
    expect(page.get_by_text("my secret")).to_be_visible()
    page.evaluate("() => helpdeskChat.logout()")
    expect(page.get_by_text("my secret")).to_be_hidden()
    expect(page.get_by_role("link", name="Log in to write")).to_be_visible()


def test_writing_too_fast_is_said_and_made_up_for(desk: Desk, tmp_path: Path) -> None:
    shared = desk.relay
    free = Rate(0, 60)
    rates = Rates(*(free,) * 11)
    limited = type(rates)(**{
        name: Rate(2, 4) if name == "messages" else getattr(rates, name)
        for name in rates.__dataclass_fields__
    })  # fmt: skip
    try:
        with running_relay(tmp_path, site=None, rates=limited) as desk.relay:
            site = desk.publish()
            page = desk.visit(site)
            desk.write(page, "one", "two", "three")
            expect(page.locator(".composer-note")).to_contain_text("You are writing very fast.")
            heard = desk.box(site).wait_for(EventKind.MESSAGE, 3)
            assert [each.text for each in heard] == ["one", "two", "three"]
            page.close()
    finally:
        desk.relay = shared
