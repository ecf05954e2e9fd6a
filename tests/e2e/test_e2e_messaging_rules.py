"""WhatsApp and Instagram as customers and agents live them: windows, templates, echoes, tags."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain.times import to_us
from tests.support.messaging_world import (
    INSTA,
    TEXTS,
    WHATS,
    MessagingWorld,
    photo,
    running_messaging,
)
from tests.support.providers.values import SimFile
from tests.support.terminal import Terminal
from tests.support.waiting import until

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MessagingWorld]:
    with running_messaging(tmp_path_factory.mktemp("rules")) as found:
        until(lambda: found.rows("SELECT 1 FROM template WHERE status = 'approved'"))
        yield found


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


def writes(anna: Terminal, *seen: str) -> None:
    """Open the composer."""
    for text in seen:
        anna.see(text)
    anna.press("r")
    anna.see("─ reply to ")
    anna.see("enter sends")


# WhatsApp ----------------------------------------------------------------------------------------


def test_a_whatsapp_question_is_answered_within_its_window(world: MessagingWorld) -> None:
    number = "+4790000001"
    sim = world.sim.whatsapp
    shoes = SimFile(photo(600, 800), "image/jpeg")
    sim.customer_sends(number, "are these in stock?", file=shoes, name="Ada Lovelace")
    ticket = world.ticket_of("are these in stock?")
    world.files_here(ticket, 1)
    with world.opened(ticket) as anna:
        writes(anna, "Ada Lovelace", "▀▀▀▀")
        anna.see("window 23 h")
        anna.type("In 42, yes!")
        anna.see("│ In 42, yes!")
        anna.press("enter")
        anna.see("✓✓ delivered")
        [sent] = world.sent(number)
        sim.becomes(sent, "read")
        anna.see("✓✓ read")
        label = world.folder / "label.png"
        label.write_bytes(photo(300, 200, "PNG"))
        anna.type(f"\x1b[200~{label}\x1b[201~")
        anna.see("▣ label.png  ")
        anna.press("enter")
        assert world.sent(number, 2)[1].files == (label.read_bytes(),)
    until(lambda: sim.read_marks)


def test_the_window_shuts_while_somebody_writes_and_a_template_goes(world: MessagingWorld) -> None:
    number = "+4790000002"
    sim = world.sim.whatsapp
    sim.customer_sends(number, "good evening", at=ago(hours=23, minutes=50), name="Per Olsen")
    ticket = world.ticket_of("good evening")
    with world.opened(ticket) as anna:
        anna.see("good evening")
        anna.press("r")
        anna.see("─ reply to Per Olsen · WhatsApp from")
        anna.type("Good eve")
        anna.see("│ Good eve ")
        _shuts_soon(world, ticket)
        anna.see("· locked")
        anna.see("free replies for 24 hours")
        anna.press("enter")
        anna.see("─ locked: window closed")
        anna.press("t")
        anna.see("order_update")
        assert "spring_sale" not in anna.text()
        anna.press("enter")
        anna.see("value of {{1}}")
        anna.type("Per")
        anna.see("Hello Per, news of your order {{2}}.")
        anna.press("enter")
        anna.typing_at("value of {{2}}")
        anna.type("#1042")
        anna.see("Hello Per, news of your order #1042.")
        anna.press("enter")
        anna.gone("─ template order_update")
        anna.see("✓✓ delivered")
        anna.see("│ Good eve ")
    [sent] = world.sent(number)
    assert (sent.template, sent.values) == ("order_update", ("Per", "#1042"))


def _shuts_soon(world: MessagingWorld, ticket: int) -> None:
    """Let so much time pass that the window is open for some seconds more."""
    heard = to_us(ago(hours=23, minutes=59, seconds=54))
    world.change("UPDATE contact SET heard_at = ? WHERE ticket_id = ?", heard, ticket)
    # a change of the ticket is what lets programs read it anew
    world.cli("ticket", "tag", str(ticket), "evening")


def test_a_late_refusal_brings_the_ticket_back(world: MessagingWorld) -> None:
    number = "+4790000003"
    sim = world.sim.whatsapp
    sim.customer_sends(number, "one thing", name="Kari Nordmann")
    ticket = world.ticket_of("one thing")
    world.cli("ticket", "reply", str(ticket), "--text", "This one", "--and", "close")
    [sent] = world.sent(number)
    world.delivery("This one", "delivered")
    assert world.one("SELECT status FROM ticket WHERE id = ?", ticket) == "closed"
    sim.customer_sends(number, "another", name="Kari Nordmann")
    world.ticket_of("another")
    sim.steps = ("sent",)
    world.cli("ticket", "reply", str(ticket), "--text", "That one", "--and", "close")
    late = world.sent(number, 2)[1]
    world.delivery("That one", "sent")
    sim.becomes(late, "failed", 131047)
    sim.steps = ("sent", "delivered")
    world.delivery("That one", "failed")
    with world.opened(ticket) as anna:
        anna.see("✗ not sent")
        anna.see("more than 24 hours since")
    assert world.one("SELECT status FROM ticket WHERE id = ?", ticket) == "open"
    assert sent.text == "This one"


def test_stop_on_whatsapp_ends_it(world: MessagingWorld) -> None:
    number = "+4790000004"
    world.sim.whatsapp.customer_sends(number, "hi there")
    ticket = world.ticket_of("hi there")
    with world.opened(ticket) as anna:
        writes(anna, "hi there")
        world.sim.whatsapp.customer_sends(number, "STOP")
        anna.see("has opted out of WhatsApp")
    [confirmed] = world.sent(number)
    assert confirmed.text


# Instagram ---------------------------------------------------------------------------------------


def test_a_story_is_answered_reacted_to_and_unsent(world: MessagingWorld) -> None:
    lena = "990000000000001"
    sim = world.sim.instagram
    mid = sim.customer_sends(lena, "is it also in blue?", handle="lena.k", story="18000000001")
    ticket = world.ticket_of("is it also in blue?")
    with world.opened(ticket) as anna:
        writes(anna, "answers our story", "@lena.k → @acme_outdoor")
        anna.type("It is!")
        anna.see("│ It is!")
        anna.press("enter")
        world.sent(lena)
        anna.see("✓ sent")
        sim.owner_sends(lena, "and in green (from my phone)")
        anna.see("and in green (from my phone)")
        anna.see("answered outside")
        sim.customer_reads(lena, world.sim.sent_to(lena)[0].external_id)
        anna.see("✓✓ read")
        oops = sim.customer_sends(lena, "oops wrong chat", handle="lena.k")
        anna.see("█ oops wrong chat")
        sim.unsends(oops)
        anna.see("taken back")
        anna.gone("oops wrong chat")
        sim.customer_reacts(lena, mid)
    assert [one.text for one in world.sim.sent_to(lena)] == ["It is!"]
    assert len(world.rows("SELECT 1 FROM message WHERE direction = 'outbound' AND ticket_id = ?",
                          ticket)) == 2  # fmt: skip


def test_pictures_on_instagram_go_both_ways(world: MessagingWorld) -> None:
    kim = "990000000000002"
    shown = SimFile(photo(500, 500, "PNG"), "image/png")
    world.sim.instagram.customer_sends(kim, "like this", handle="kim", files=[shown])
    ticket = world.ticket_of("like this")
    world.files_here(ticket, 1)
    label = world.folder / "blue.jpg"
    label.write_bytes(photo(400, 300))
    with world.opened(ticket) as anna:
        writes(anna, "▀▀▀▀")
        anna.type(f"\x1b[200~file://{label}\x1b[201~")
        anna.see("▣ blue.jpg  ")
        anna.type("This blue")
        anna.see("│ This blue")
        anna.press("enter")
        sent = world.sent(kim, 2)
        anna.see("✓ sent")
    assert sorted((one.text, len(one.files)) for one in sent) == [("", 1), ("This blue", 0)]


def test_after_a_day_a_person_may_write_and_after_a_week_nobody(world: MessagingWorld) -> None:
    old, older = "990000000000003", "990000000000004"
    sim = world.sim.instagram
    sim.customer_sends(old, "still on?", handle="old.friend", at=ago(days=3))
    sim.customer_sends(older, "hello from may", handle="older.friend", at=ago(days=8))
    with world.opened(world.ticket_of("still on?")) as anna:
        writes(anna, "still on?")
        anna.see("human agent 3 d 23 h")
        anna.type("It is, " + "å" * 600)
        anna.see("2 messages")
        anna.press("enter")
        parts = world.sent(old, 2)
    assert {part.tag for part in parts} == {"HUMAN_AGENT"}
    assert "".join(part.text for part in parts).replace(" ", "") == "Itis," + "å" * 600
    assert all(len(part.text.encode()) <= 1000 for part in parts)
    ticket = world.ticket_of("hello from may")
    with world.opened(ticket) as anna:
        anna.see("hello from may")
        anna.press("r")
        anna.see("Instagram · locked")
    assert "over" in world.cli("ticket", "reply", str(ticket), "--text", "Hi", code=3)


# all of them -------------------------------------------------------------------------------------


def test_channels_are_looked_after(world: MessagingWorld) -> None:
    for name in (TEXTS, WHATS, INSTA):
        assert "✗" not in world.cli("channel", "test", name)
    found = world.json("doctor")
    assert found
    with world.program(size=(120, 36)) as anna:
        anna.see("2 Unassigned")
        anna.press("g", "C")
        for text in ("SMS", "WhatsApp", "Instagram", "+15550001111", "@acme_outdoor"):
            anna.see(text)
        anna.press("t")
        anna.until(lambda: "✓" in anna.text())


def test_while_the_relay_is_down_nothing_is_lost(world: MessagingWorld) -> None:
    number = "+4790000009"
    world.sim.whatsapp.customer_sends(number, "before")
    ticket = world.ticket_of("before")
    with world.opened(ticket) as anna:
        anna.see("before")
        world.relay.kill()
        world.sim.whatsapp.customer_sends(number, "during")
        anna.see("sync retries")
        world.relay.start()
        world.relay.wait()
        anna.see("during")
        anna.gone("sync retries")
