"""What goes on beside a chat: mail to who left and to the team, office hours, the assistant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from helpdesk_tui.domain.faq import FaqDraft
from tests.support.chat_world import MAILBOX, World, running_world
from tests.support.dovecot import USER, Dovecot, running_dovecot
from tests.support.relay import SITE
from tests.support.smtp import Delivered, MailServer, running_smtp
from tests.support.waiting import until
from tests.support.widget import Desk as Browsers
from tests.support.widget import ShopPages, running_chromium

pytestmark = [pytest.mark.slow]

TEAM = "team@shop.example"
FAQ = (
    ("How do I return an item?", "Print the label in your account."),
    ("How long does delivery take?", "Two to four days."),
    ("Which payment methods do you accept?", "Cards and PayPal."),
    ("Do you sell gift cards?", "Yes, from 10 euro."),
)


@dataclass(frozen=True, slots=True)
class Mailed:
    """A world with a mailbox, and the servers it is at."""

    world: World
    imap: Dovecot
    smtp: MailServer

    def sent_to(self, address: str) -> list[EmailMessage]:
        """Return the mails that left for an address."""
        found = [_mail(each) for each in self.smtp.taken if address in each.recipients]
        return [each for each in found if isinstance(each, EmailMessage)]


def _mail(delivered: Delivered) -> object:
    return message_from_bytes(delivered.raw, policy=policy.default)


@pytest.fixture(scope="module")
def pages() -> Iterator[ShopPages]:
    found = ShopPages()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory, pages: ShopPages) -> Iterator[Mailed]:
    folder = tmp_path_factory.mktemp("world")
    with (
        running_dovecot() as imap,
        running_smtp(imap.certificates, security="starttls") as smtp,
        running_world(folder, origins=(pages.origin,), grace=1.0) as world,
    ):
        world.cli(
            "channel", "add", "email", "--name", MAILBOX, "--address", USER, "--user", USER,
            "--imap-host", "localhost", "--imap-port", str(imap.tls_port), "--imap-tls", "implicit",
            "--smtp-host", "localhost", "--smtp-port", str(smtp.port), "--smtp-tls", "starttls",
            "--ca-file", str(imap.certificates.ca), "--sender", "Acme Support",
        )  # fmt: skip
        with world.desk() as desk:
            for question, answer in FAQ:
                desk.faq.add(FaqDraft("en", question, answer, published=True))
        yield Mailed(world, imap, smtp)


def test_an_unread_reply_follows_by_mail_once_and_its_answer_is_a_linked_ticket(
    mailed: Mailed,
) -> None:
    world = mailed.world
    lena = world.visitor("Lena")
    lena.say("Is it in stock?")
    ticket = world.ticket_of("Is it in stock?")
    lena.leave()
    gone = "SELECT 1 FROM chat WHERE ticket_id = ? AND offline_since IS NOT NULL"
    until(lambda: bool(world.rows(gone, ticket)))
    world.cli("ticket", "reply", str(ticket), "--text", "Yes, in all sizes.")
    until(lambda: ("agent", "Yes, in all sizes.") in world.thread(ticket))
    # three minutes go by
    world.change(
        "UPDATE message SET received_at = received_at - 181000000 WHERE text = ?",
        "Yes, in all sizes.",
    )
    until(lambda: bool(mailed.sent_to("lena@customer.example")))
    world.cli("ticket", "reply", str(ticket), "--text", "And in blue.")
    (mail,) = mailed.sent_to("lena@customer.example")
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Yes, in all sizes." in body.get_content()
    assert USER in str(mail["From"])
    answer = (
        f"From: Lena <lena@customer.example>\r\nTo: {mail['Reply-To'] or mail['From']}\r\n"
        f"Subject: Re: {mail['Subject']}\r\nMessage-ID: <answer@customer.example>\r\n"
        f"In-Reply-To: {mail['Message-ID']}\r\nReferences: {mail['Message-ID']}\r\n\r\n"
        "Then I take the blue one.\r\n"
    )
    mailed.imap.deliver([answer.encode()])
    other = world.ticket_of("Then I take the blue one.")
    assert other != ticket
    assert world.ticket(other, "channel") == "email"
    assert world.ticket(other, "follows_id") == ticket
    assert world.ticket(other, "profile_id") == world.ticket(ticket, "profile_id")
    assert len(mailed.sent_to("lena@customer.example")) == 1


def test_a_burst_of_new_chats_is_one_mail_to_the_team(mailed: Mailed) -> None:
    world = mailed.world
    world.set(team_mail_webchat=[TEAM], team_mail_every="2s")
    pause = "SELECT count(*) FROM team_mail"
    before = world.one(pause)
    # a burst on a slow machine, too: all of it is there before the first is fetched
    world.line.cut()
    for number in range(4):
        world.visitor(f"Guest{number}").say(f"Burst {number}?")
    world.line.mend()
    world.ticket_of("Burst 3?")
    until(lambda: bool(mailed.sent_to(TEAM)))
    (mail,) = mailed.sent_to(TEAM)
    assert mail["Subject"] == "New tickets (Webchat): 4"
    assert all(f"Burst {number}?" in mail.get_content() for number in range(4))
    assert world.one(pause) == before + 1
    world.set(team_mail_webchat=[])


def test_outside_office_hours_a_visitor_is_told_once_when_somebody_is_back(
    mailed: Mailed, pages: ShopPages
) -> None:
    world = mailed.world
    # open for one minute a week, on a day that is neither today nor tomorrow
    with world.desk() as desk:
        day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(desk.clock().weekday() + 3) % 7]
    world.set(office_hours=f"{day} 9:00-9:01", office_zone="Europe/Warsaw")
    try:
        until(lambda: bool(world.site().get("hours")))
        with running_chromium() as browser:
            browsers = Browsers(world.running(), pages, browser)
            site = replace(SITE, origins=(pages.origin,))
            token = browsers.token(site, "1001", email="zofia@customer.example")
            page = browsers.visit(site, token=token)
            page.locator(".launcher").click()
            expect(page.get_by_text("We are back on").first).to_be_visible()
            browsers.write(page, "Anybody there?")
            expect(page.get_by_text("Nobody is here right now").first).to_be_visible()
            browsers.write(page, "Hello?")
            ticket = world.ticket_of("Hello?")
            until(lambda: len(world.thread(ticket)) == 3)
            browsers.close()
        assert [who for who, _ in world.thread(ticket)].count("auto") == 1
        told = next(text for who, text in world.thread(ticket) if who == "auto")
        assert "9:00" in told
        assert USER in told
    finally:
        world.set(office_hours="")


def test_the_assistant_answers_hands_over_and_is_silent_from_then_on(mailed: Mailed) -> None:
    world = mailed.world
    world.set(ai_agent="built-in")
    try:
        pia = world.visitor("Pia")
        pia.say("How do I return an item?")
        pia.sees("Print the label in your account.\n\nSource: How do I return an item?")
        ticket = world.ticket_of("How do I return an item?")
        until(lambda: world.ticket(ticket, "status") == "closed")
        until(lambda: "with-responder" in world.ticket(ticket, "flags"))
        listed = world.cli("search", "is:ai")
        assert "Pia" in listed
        pia.say("Does the lamp sing opera?")
        pia.sees("other words")
        pia.say("Is the emperor tall?")
        until(lambda: world.ticket(ticket, "status") == "open")
        until(lambda: any("twice in a row" in text for _, text in world.thread(ticket)))
        pia.sees("I am handing you over")
        said = [who for who, _ in world.thread(ticket)].count("ai")
        with world.program(ticket) as anna:
            anna.see("no answer twice")
            anna.press("r")
            anna.see("─ chat with Pia")
            anna.type("It is not.")
            anna.see("│ It is not.")
            anna.press("enter")
            pia.sees("It is not.")
            pia.say("How long does delivery take?")
            anna.see("How long does delivery take?")
        erik = world.visitor("Erik")
        erik.say("I want a human")
        handed = world.ticket_of("I want a human")
        until(lambda: "chat.handed-over" in world.happened(handed))
        assert world.ticket(handed, "status") == "open"
        # had the assistant answered, it had done so before it handed the other chat over
        assert [who for who, _ in world.thread(ticket)].count("ai") == said
        assert pia.texts[-1] == "It is not."
    finally:
        world.set(ai_agent="off")
