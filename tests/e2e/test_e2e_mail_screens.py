"""What the screens on mail promise, in a real terminal over real servers."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support.company import CUSTOMER, HELP, Company, running_company
from tests.support.dovecot import USER
from tests.support.postfix import require_postfix
from tests.support.terminal import Terminal
from tests.support.waiting import until

pytestmark = [pytest.mark.dovecot, pytest.mark.slow]

FORWARDED = f"""Can somebody answer her?

---------- Forwarded message ---------
From: Lena Doe <{CUSTOMER}>
Date: Fri, 20 Nov 2026 at 08:12
Subject: Broken zipper
To: <info@brand.example>

Hello, the zipper of my jacket is broken.
"""


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    require_postfix()
    with running_company(tmp_path) as company:
        yield company


def terminal(company: Company) -> Terminal:
    """Start the program as an agent does; it starts a worker by itself."""
    return Terminal(company.box.command(), env=company.box.environment(), size=(140, 44))


def mail_of(sender: str, subject: str, text: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = USER
    mail["Subject"] = subject
    mail["Date"] = "Fri, 20 Nov 2026 09:30:00 +0100"
    mail["Message-ID"] = f"<{subject.replace(' ', '-').lower()}@brand.example>"
    mail.set_content(text)
    return mail.as_bytes()


def test_the_wizard_verifies_an_address_through_a_forwarding_server(company: Company) -> None:
    with terminal(company) as screen:
        screen.see("sync ✓")
        screen.press(":")
        screen.see("action, view or theme")
        screen.type("addresses")
        screen.gone("Next unread ticket")
        screen.see("Support addresses")
        screen.press("enter")
        screen.see("all verified")
        screen.press("a")
        screen.see("step 1 of 4")
        screen.press("enter")
        screen.see("step 2 of 4")
        screen.see("support@yourcompany.com")
        screen.type(HELP)
        screen.see(HELP)
        screen.press("enter")
        screen.see("step 3 of 4")
        screen.press("y")
        screen.see("copied")
        screen.writes(b"\x1b]52;c;")
        screen.press("d")
        screen.see("step 4 of 4")
        screen.press("t")
        screen.see("is verified: customers can write to it")
        screen.press("enter")
        screen.gone("step 4 of 4")
        screen.see(f"{HELP}  ")
        screen.see("all verified")
    company.write(HELP, "Parcel QX77123")
    company.box.sync()
    (ticket,) = company.box.json_here("ticket", "list")["tickets"]
    assert ticket["recipient"] == HELP


def test_a_forward_by_hand_becomes_the_customers_ticket(company: Company) -> None:
    company.box.imap.deliver(
        [mail_of("Anna Nowak <anna@shop.example>", "Fwd: Broken zipper", FORWARDED)]
    )
    with terminal(company) as screen:
        screen.see("gx Rejected")
        screen.press("g", "x")
        screen.see("Set up automatic forwarding")
        screen.see(f"Lena Doe <{CUSTOMER}>")
        screen.press("t")
        screen.see("─ whose ticket is it?")
        screen.see(f"│  {CUSTOMER} ")
        screen.press("enter")
        screen.gone("─ whose ticket is it?")
        screen.see("#1 open · unassigned")
        screen.see("█ Can somebody answer her?")
        screen.press("r")
        screen.see("─ reply to Lena Doe")
        screen.type("A new one is on its way.")
        screen.see("│ A new one is on its way.")
        screen.press("ctrl+o")
        screen.see("y send")
        screen.press("y")
        screen.see("◷ leaves in")
        until(company.customer_mail)
    (answer,) = company.customer_mail()
    assert answer["To"].addresses[0].addr_spec == CUSTOMER
    (ticket,) = company.box.json_here("ticket", "list")["tickets"]
    assert ticket["customer"]["email"] == CUSTOMER


def test_a_chained_forward_is_corrected_in_two_keys(company: Company) -> None:
    company.box.here("setting", "set", "own-addresses", "info@brand.example")
    text = f"Where is my parcel?\n\nLena Doe\n{CUSTOMER}\n"
    company.box.imap.deliver([mail_of("info@brand.example", "Parcel QX77123", text)])
    with terminal(company) as screen:
        screen.see("My inbox   open ▾")
        screen.press("g", "u")
        screen.see("our address")
        screen.see("C says who the customer is")
        screen.press("C")
        screen.see("customer is …")
        screen.see(f"▌{CUSTOMER}")
        screen.press("enter")
        screen.see(f"is the ticket of {CUSTOMER}")
        screen.gone("our address")
        screen.press("z")
        screen.see("our address")
    (ticket,) = company.box.json_here("ticket", "list")["tickets"]
    assert ticket["customer"]["email"] == "info@brand.example"
