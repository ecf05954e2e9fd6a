"""A desk that receives mail into one mailbox, without a mail server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.mail import ParsedMail
from helpdesk_tui.domain.received import Received, Source, Summary
from helpdesk_tui.services.inbound import Inbound
from tests.support.mailboxes import rows
from tests.support.mails import AT, receive
from tests.support.store import FakeClock, add_agent, add_mailbox, make_store

OURS = "support@shop.example"
"""The address that customers write to."""
STRANGER = "trudy@attacker.example"
"""Somebody who takes part in nothing."""
BOX = Source(account_id=1, folder="INBOX", validity=7)
"""Where its mail arrives."""


def receiving_store(tmp_path: Path, *, sender_name: str = "") -> Store:
    """Return a store with the agent anna, a mailbox, and a support address forwarded into it."""
    store = make_store(tmp_path)
    add_agent(store, "anna")
    add_mailbox(store, account="shop", addresses=(OURS,), name=sender_name)
    return store


def take(store: Store, *mails: ParsedMail | Received, source: Source = BOX) -> Summary:
    """Ingest mails one minute after another."""
    batch: Sequence[Received] = [
        mail if isinstance(mail, Received) else receive(mail, at=AT + timedelta(minutes=number))
        for number, mail in enumerate(mails)
    ]
    return Inbound(store, SYSTEM, now=FakeClock()).ingest(batch, source=source)


def only(store: Store, query: str, *values: object) -> tuple[Any, ...]:
    """Return the only row that a query finds."""
    found = rows(store, query, *values)
    assert len(found) == 1
    return found[0]


def desk_secret(store: Store) -> str:
    """Return what the ids and markers of a desk are keyed with."""
    return str(only(store, "SELECT secret FROM schema_info")[0])
