"""A company whose support addresses a mail server of its own forwards into a real mailbox."""

from __future__ import annotations

import email
import email.policy
import os
import smtplib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from tests.support.box import Box
from tests.support.dovecot import USER, running_dovecot
from tests.support.postfix import Postfix, running_postfix
from tests.support.smtp import MailServer
from tests.support.waiting import PATIENCE, until

HELP = "help@brand.example"
LOST = "lost@brand.example"
VOID = "void@customer.example"
CUSTOMER = "lena@customer.example"


@dataclass(slots=True)
class Company:
    """A desk whose addresses are forwarded by a mail server of its own."""

    box: Box
    postfix: Postfix
    customers: Path
    """The Maildir of everybody at customer.example."""

    def customer_mail(self) -> list[EmailMessage]:
        """Return what customers got."""
        files = sorted((self.customers / "new").glob("*"))
        return [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in files
        ]

    def stored(self) -> int:
        """Return how many mails lie in the connected mailbox."""
        maildir = self.box.imap.maildir
        return sum(len(list((maildir / part).iterdir())) for part in ("new", "cur"))

    def write(self, to: str, subject: str) -> None:
        """Send a customer's mail through the server, and wait until it is delivered."""
        before = self.stored()
        mail = EmailMessage()
        mail["From"] = f"Lena Doe <{CUSTOMER}>"
        mail["To"] = to
        mail["Subject"] = subject
        mail["Message-ID"] = "<question-1@customer.example>"
        mail.set_content("Where is my parcel?\n")
        with smtplib.SMTP("localhost", self.postfix.port, timeout=PATIENCE) as server:
            server.send_message(mail, CUSTOMER, [to])
        until(lambda: self.stored() > before)


@contextmanager
def running_company(folder: Path) -> Iterator[Company]:
    """Give a company with its mailbox connected; ``lost@`` is forwarded nowhere useful."""
    (folder / "home").mkdir()
    with running_dovecot() as dovecot, tempfile.TemporaryDirectory(prefix="helpdesk-mta-") as name:
        root = Path(name)
        root.chmod(0o711)
        customers = root / "customers"
        customers.mkdir()
        os.chown(customers, *dovecot.owner)
        with running_postfix(
            root / "postfix",
            dovecot,
            aliases={HELP: USER, LOST: VOID},
            mailboxes={USER: dovecot.maildir, VOID: customers, CUSTOMER: customers},
        ) as postfix:
            (root / "postfix").chmod(0o755)
            box = Box(folder, dovecot, cast(MailServer, postfix))
            box.connect_mailbox()
            yield Company(box, postfix, customers)
