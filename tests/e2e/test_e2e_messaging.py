"""SMS as customers and agents live it: simulated Twilio, real relay, worker and terminal."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.messaging_world import MessagingWorld, photo, running_messaging
from tests.support.providers.faults import Fault
from tests.support.providers.values import SimFile
from tests.support.terminal import Terminal
from tests.support.waiting import PATIENCE, until

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MessagingWorld]:
    with running_messaging(tmp_path_factory.mktemp("sms")) as found:
        yield found


def asked(world: MessagingWorld, number: str, text: str, *files: SimFile) -> int:
    """Let somebody who has agreed to SMS write; return their ticket."""
    world.consented(number)
    world.sim.twilio.customer_sends(number, text, files=files)
    return world.ticket_of(text)


def writes(anna: Terminal, number: str) -> None:
    """Open the composer."""
    anna.see(f"{number} → ")
    anna.press("r")
    anna.see(f"─ reply to {number} · SMS from")


def test_a_question_is_answered_and_the_answer_arrives(world: MessagingWorld) -> None:
    number = "+15557770001"
    ticket = asked(world, number, "Where is my order #1042?")
    # taken back on a slow machine, too
    world.set(undo_send_sms="120")
    with world.opened(ticket) as anna:
        writes(anna, number)
        anna.type("It left yestreday")
        anna.see("GSM-7 · 143 left · 1 segment")
        anna.press("enter")
        anna.see("ctrl+u takes it back")
        anna.gone("143 left")
        anna.see("◷ leaves in")
        anna.press("ctrl+u")
        anna.see("GSM-7 · 143 left")
        anna.gone("◷ leaves in")
        world.set(undo_send_sms="3")
        anna.press(*["backspace"] * 5)
        anna.see("GSM-7 · 148 left")
        anna.type("erday — ✓")
        anna.see("│ It left yesterday — ✓")
        anna.see("UCS-2 “—”")
        anna.press("enter")
        anna.see("◷ leaves in")
        world.sent(number)
        anna.see("✓✓ delivered")
    [sent] = world.sim.sent_to(number)
    assert (sent.text, sent.sender) == ("It left yesterday — ✓", "+15550001111")


def test_one_ticket_for_ever_that_a_message_opens_again(world: MessagingWorld) -> None:
    number = "+15557770002"
    ticket = asked(world, number, "Do you ship to Norway?")
    with world.program() as anna:
        anna.see("2 Unassigned")
        anna.press("2")
        anna.see("Do you ship to Norway?")
        world.cli("ticket", "close", str(ticket))
        anna.see("✓ closed")
        world.sim.twilio.customer_sends(number, "And to Iceland?")
        assert world.ticket_of("And to Iceland?") == ticket
        anna.see("And to Iceland?")
        anna.gone("✓ closed")


def test_pictures_go_both_ways(world: MessagingWorld) -> None:
    number = "+15557770003"
    shown = SimFile(photo(640, 480), "image/jpeg", lag=1)
    ticket = asked(world, number, "this is what arrived", shown)
    world.files_here(ticket, 1)
    label = world.folder / "return label.jpg"
    label.write_bytes(photo(1600, 1200))
    with world.opened(ticket) as anna:
        writes(anna, number)
        anna.see("▀▀▀▀")
        anna.type(f"\x1b[200~{str(label).replace(' ', chr(92) + ' ')}\x1b[201~")
        anna.see("▣ return label.jpg")
        anna.type("Stick this on it")
        anna.see("│ Stick this on it")
        anna.press("enter")
        [sent] = world.sent(number)
        assert (sent.text, len(sent.files)) == ("Stick this on it", 1)
        anna.see("✓✓ delivered")
    [asked_for] = [one for one in world.sim.watch.of("twilio.send") if b"MediaUrl" in one.body]
    [(_, url)] = [
        each for each in httpx.QueryParams(asked_for.body.decode()).multi_items()
        if each[0] == "MediaUrl"
    ]  # fmt: skip
    assert url.startswith(f"{world.relay.url}/m/")
    until(lambda: httpx.get(url, timeout=PATIENCE).status_code in (404, 410))


def test_a_picture_that_is_too_big_is_shrunk_to_fit(world: MessagingWorld) -> None:
    number = "+15557770004"
    ticket = asked(world, number, "Could I see it?")
    big = world.folder / "shop window.jpg"
    big.write_bytes(photo(1800, 1400, noise=60))
    assert big.stat().st_size > 600_000
    with world.opened(ticket) as anna:
        writes(anna, number)
        anna.type(f"\x1b[200~'{big}'\x1b[201~")
        anna.see("▣ shop window.jpg")
        anna.type("Here")
        anna.see("│ Here")
        anna.press("enter")
        anna.see("─ shrink to fit")
        anna.see("  before  ")
        anna.see("  after  ")
        anna.press("y")
        [sent] = world.sent(number)
        anna.see("✓✓ delivered")
    assert sent.text == "Here"
    assert [len(each) <= 600_000 for each in sent.files] == [True]


def test_who_writes_stop_cannot_be_answered_from_that_moment(world: MessagingWorld) -> None:
    number = "+15557770005"
    ticket = asked(world, number, "Hello?")
    with world.opened(ticket) as anna:
        writes(anna, number)
        anna.type("Good mor")
        anna.see("│ Good mor")
        world.sim.twilio.customer_sends(number, "Stopp!")
        anna.see("SMS · locked")
        anna.see("has opted out of SMS")
        anna.press("enter")
        anna.see("─ locked: opted out")
        anna.press("esc")
        anna.gone("─ locked: opted out")
    assert "keyword.stop" in {row[0] for row in world.rows(
        "SELECT kind FROM activity WHERE ticket_id = ?", ticket)}  # fmt: skip
    refused = world.cli("ticket", "reply", str(ticket), "--text", "One more thing", code=3)
    assert "opted out" in refused
    world.sim.twilio.customer_sends(number, "START")
    until(lambda: world.rows("SELECT 1 FROM activity WHERE kind = 'keyword.start'"))
    with world.opened(ticket) as anna:
        writes(anna, number)
        anna.see("│ Good mor")


def test_a_keyword_of_a_stranger_makes_no_ticket(world: MessagingWorld) -> None:
    number = "+48557770006"
    world.sim.twilio.customer_sends(number, "POMOC")
    until(lambda: number in world.cli("intake", "list"))
    assert world.rows("SELECT 1 FROM ticket JOIN contact ON ticket_id = ticket.id"
                      " WHERE contact.address = ?", number) == []  # fmt: skip


def test_consent_is_recorded_in_the_composer(world: MessagingWorld) -> None:
    number = "+15557770007"
    world.sim.twilio.customer_sends(number, "Is anybody there?")
    ticket = world.ticket_of("Is anybody there?")
    [automatic] = world.sent(number)
    assert "START" in automatic.text
    world.sim.twilio.customer_sends(number, "Hello??")
    world.ticket_of("Hello??")
    with world.opened(ticket, size=(80, 24)) as anna:
        anna.see("Hello??")
        anna.press("r")
        anna.see("no consent to SMS is known")
        anna.press("enter")
        anna.see("─ locked: no consent known")
        anna.press("c")
        anna.see("Where, and how did they say so?")
        anna.type("on the phone, 22 Nov")
        anna.see("on the phone, 22 Nov")
        anna.press("enter")
        anna.see("recorded: they may be written to")
        anna.type("Yes, we are")
        anna.see("│ Yes, we are")
        anna.press("enter")
        assert [one.text for one in world.sent(number, 2)][1] == "Yes, we are"
        world.delivery("Yes, we are", "delivered")


@pytest.mark.parametrize(
    ("number", "fault"),
    [("+15557770008", Fault.BUSY), ("+15557770009", Fault.CUT_AFTER)],
)
def test_trouble_at_the_provider_doubles_nothing(
    world: MessagingWorld, number: str, fault: Fault
) -> None:
    ticket = asked(world, number, f"Hi from {number}")
    world.sim.faults.next("twilio.send", fault)
    world.cli("ticket", "reply", str(ticket), "--text", f"Hi, {number}")
    world.delivery(f"Hi, {number}", "delivered")
    assert len(world.sent(number)) == 1


def test_what_cannot_be_delivered_says_why_and_goes_again(world: MessagingWorld) -> None:
    number = "+15557770010"
    ticket = asked(world, number, "Send me the code")
    world.sim.twilio.outcomes[number] = ("undelivered", 30003)
    with world.opened(ticket) as anna:
        writes(anna, number)
        anna.type("It is 4711")
        anna.see("│ It is 4711")
        anna.press("enter")
        anna.see("✗ not sent")
        anna.see("the phone is off or out of reach")
        del world.sim.twilio.outcomes[number]
        anna.press("esc")
        anna.gone(f"─ reply to {number}")
        anna.press("T")
        anna.see("✓✓ delivered")
    assert [one.text for one in world.sent(number, 2)] == ["It is 4711"] * 2


def test_a_killed_worker_sends_what_it_was_about_to_send_once(world: MessagingWorld) -> None:
    number = "+15557770011"
    ticket = asked(world, number, "Kill me")
    world.sim.faults.next("twilio.send", Fault.SILENT_AFTER)
    world.cli("ticket", "reply", str(ticket), "--text", "Never")
    until(lambda: world.sim.sent_to(number))
    world.kill_worker()
    world.start_worker()
    world.delivery("Never", "delivered")
    assert len(world.sim.sent_to(number)) == 1


def test_two_profiles_of_one_person_have_one_ticket(world: MessagingWorld) -> None:
    one, other = "+15557770012", "+15557770013"
    first, second = asked(world, one, "From my phone"), asked(world, other, "From her phone")
    people = [
        world.one("SELECT profile_id FROM contact WHERE address = ?", each) for each in (one, other)
    ]
    world.cli("profile", "link", *map(str, people))
    world.sim.twilio.customer_sends(one, "Me again")
    world.sim.twilio.customer_sends(other, "And me")
    assert world.ticket_of("Me again") == world.ticket_of("And me")
    kept = world.ticket_of("And me")
    assert kept in (first, second)
    with world.opened(kept, size=(120, 36)) as anna:
        for text in ("From my phone", "From her phone", "Me again", "And me"):
            anna.see(text)


def test_a_short_link_leads_on_and_is_counted(world: MessagingWorld) -> None:
    number = "+15557770014"
    ticket = asked(world, number, "Where do I pay?")
    world.set(sms_short_links="on")
    where = "https://shop.example/checkout/very-long-address?order=1042"
    world.cli("ticket", "reply", str(ticket), "--text", f"Here: {where}")
    [sent] = world.sent(number)
    short = sent.text.removeprefix("Here: ")
    assert short.startswith(f"{world.relay.url}/l/")
    phone = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1"}
    followed = httpx.get(short, follow_redirects=False, headers=phone, timeout=PATIENCE)
    assert (followed.status_code, followed.headers["location"]) == (302, where)
    world.kill_worker()
    world.start_worker()  # a new one looks at once, not within half a minute
    until(lambda: world.rows("SELECT clicks FROM short_link") == [(1,)])
    with world.opened(ticket) as anna:
        anna.see("1 click")
