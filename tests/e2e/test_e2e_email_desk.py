"""The main job from end to end: a real mailbox, a real terminal, a real mail server."""

from __future__ import annotations

import email
import email.policy
import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support.box import Box, running_box
from tests.support.dovecot import USER
from tests.support.material import material, tool
from tests.support.raw_mails import mail
from tests.support.terminal import Terminal
from tests.support.waiting import until

CUSTOMER = "lena.doe@customer.example"
ANSWER = "Hello Lena, your parcel left on Friday and arrives tomorrow."


def question() -> bytes:
    """Return the mail that the agent is going to answer."""
    mail = EmailMessage()
    mail["From"] = f"Lena Doe <{CUSTOMER}>"
    mail["To"] = USER
    mail["Subject"] = "Parcel QX77123 has not arrived"
    mail["Date"] = "Fri, 20 Nov 2026 09:30:00 +0100"
    mail["Message-ID"] = "<question-1@customer.example>"
    mail.set_content("Hello,\n\nmy parcel QX77123 has not arrived yet. Where is it?\n\nLena\n")
    return mail.as_bytes()


def followup(answered: EmailMessage) -> bytes:
    """Return the customer's next mail: an answer to what the server got from us."""
    mail = EmailMessage()
    mail["From"] = f"Lena Doe <{CUSTOMER}>"
    mail["To"] = USER
    mail["Subject"] = f"Re: {answered['Subject']}"
    mail["Message-ID"] = "<question-2@customer.example>"
    mail["In-Reply-To"] = answered["Message-ID"]
    mail["References"] = f"{answered['References']} {answered['Message-ID']}"
    mail.set_content("Thank you, the parcel is here now.\n")
    return mail.as_bytes()


def crowd() -> list[bytes]:
    """Return the 199 mails around the question: of the world where it is at hand, else our own."""
    if not os.environ.get("HELPDESK_MATERIAL"):
        return [
            mail(
                f"Hello, this is question {number}.\r\n",
                From=f"Customer <c{number}@customer.example>",
                Subject=f"Question {number}",
                message_id=f"<crowd-{number}@customer.example>",
            )
            for number in range(199)
        ]
    files = sorted(material("mail-corpus").glob("*/*.eml"))[:99]
    assert len(files) == 99
    generated = [made.raw for made in tool("gen_mail").mails(100, odd=0.1)]
    return [*(file.read_bytes() for file in files), *generated]


def parsed(raw: bytes) -> EmailMessage:
    """Return a mail as the standard library reads it: an opinion that is not ours."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


@pytest.mark.dovecot
@pytest.mark.slow
def test_a_mail_becomes_a_ticket_and_is_answered_from_the_terminal(tmp_path: Path) -> None:
    with running_box(tmp_path) as box:
        delivered = box.imap.deliver([*crowd(), question()])
        assert delivered == 200
        box.connect_mailbox()
        summary = box.sync()
        assert summary["seen"] == 200
        assert summary["failed"] == 0
        with Terminal(box.command(), env=box.environment(), size=(180, 44)) as screen:
            answer_from_the_terminal(screen)
            until(lambda: box.smtp.taken)
            until(lambda: box.imap.folder("Gesendet"))
            screen.see("✓ sent")
            check_what_left(box)
            box.imap.deliver([followup(parsed(box.smtp.taken[0].raw))])
            screen.see("█ Thank you, the parcel is here now")
        tickets = box.json("search", "QX77123")["tickets"]
        assert len(tickets) == 1
        thread = box.json("ticket", "show", tickets[0]["id"])
        assert [message["direction"] for message in thread["messages"]] == [
            "inbound",
            "outbound",
            "inbound",
        ]
        assert thread["status"] == "open"


def answer_from_the_terminal(screen: Terminal) -> None:
    """Find the ticket by searching, open it, write, review, send."""
    screen.see("My inbox   open ▾")
    screen.press("g", "u")
    screen.see("Unassigned   open ▾")
    screen.press("/")
    screen.see("esc cancel")
    screen.type("qx77123")
    screen.see("  qx77123  ")
    screen.press("enter")
    screen.see("Search  qx77123")
    screen.see(" 1 ticket ")
    screen.see("█ my parcel QX77123")
    screen.press("enter")
    screen.see("q back")
    screen.press("r")
    screen.see("─ reply to Lena Doe")
    screen.type(ANSWER)
    screen.see("arrives tomorrow.")
    screen.press("ctrl+o")
    screen.see("y send")
    assert CUSTOMER in screen.text()
    screen.press("y")
    screen.see("◷ leaves in")


def check_what_left(box: Box) -> None:
    """Look at the mail as the server took it, and at the copy in the Sent folder."""
    assert len(box.smtp.taken) == 1
    taken = box.smtp.taken[0]
    assert taken.encrypted
    assert taken.user == USER
    assert taken.sender == USER
    assert taken.recipients == (CUSTOMER,)
    mail = parsed(taken.raw)
    assert mail["From"].addresses[0].addr_spec == USER
    assert mail["From"].addresses[0].display_name == "Acme Support"
    assert mail["Subject"] == "Re: Parcel QX77123 has not arrived"
    assert mail["In-Reply-To"] == "<question-1@customer.example>"
    assert mail["References"] == "<question-1@customer.example>"
    assert mail["Message-ID"].startswith("<hd.")
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith(ANSWER)
    assert mail.get_body(("html",)) is not None
    copies = box.imap.folder("Gesendet")
    assert len(copies) == 1
    assert parsed(copies[0])["Message-ID"] == mail["Message-ID"]
