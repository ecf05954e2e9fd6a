"""Support addresses on a store: their mailboxes, their tests, and the mails that come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.mail import MailClass, ParsedMail
from helpdesk_tui.domain.received import Source, Summary
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.admin import Admin
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.jobs import Jobs
from tests.support.mails import make_mail, receive
from tests.support.store import FakeClock, make_store

BOX, HELP, SHOP = "box@desk.example", "help@brand.example", "shop@brand.example"
INTO = Source(account_id=1, folder="INBOX", validity=7)


def forwarding_store(tmp_path: Path, clock: FakeClock) -> Store:
    """Return a store with two mailboxes that addresses can be forwarded into."""
    store = make_store(tmp_path)
    admin = Admin(store, SYSTEM, now=clock)
    admin.add_channel("main", "email", BOX, sender_name="Acme")
    admin.add_channel("second", "email", "two@desk.example")
    return store


def take(store: Store, clock: FakeClock, *mails: ParsedMail, source: Source = INTO) -> Summary:
    """Let mails arrive through the forwarding."""
    batch = [receive(mail, at=clock()) for mail in mails]
    return Inbound(store, SYSTEM, now=clock).ingest(batch, source=source)


def came_back(token: str, **fields: Any) -> ParsedMail:
    """Return the test mail as it arrives through the forwarding."""
    return make_mail(
        BOX, to=HELP, subject=f"Forwarding test {token}", text=token, address_test=token,
        mail_class=MailClass.AUTO, **fields,
    )  # fmt: skip


def asked(addresses: Addresses, address: str = HELP) -> tuple[int, str]:
    """Ask for a test and send it as the worker does; return its job and token."""
    jobs = Jobs(addresses._store, SYSTEM, now=addresses._now)
    job_id = addresses.ask_test(address)
    job = jobs.claim("worker")
    assert job is not None
    token = addresses.begin_test(address)
    jobs.finish(job, {})
    return job_id, token
