"""Desks with a mailbox, support addresses and rejected mail, for tests of the screens on them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.received import Source
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.sync.requests import JobLoop
from tests.support.mails import receive_raw
from tests.support.store import FakeClock, make_desk

FORWARDED = (
    b"From: Marek Nowak <marek@shop.example>\r\nTo: desk@shop.example\r\n"
    b"Subject: Fwd: Broken zipper\r\nMessage-ID: <fwd1@shop.example>\r\n"
    b"Date: Fri, 20 Nov 2026 09:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Can somebody answer her?\r\n\r\n---------- Forwarded message ---------\r\n"
    b"From: Lena Doe <lena@example.net>\r\nDate: Fri, 20 Nov 2026 at 08:12\r\n"
    b"Subject: Broken zipper\r\nTo: <info@shop.example>\r\n\r\n"
    b"Hello, the zipper of my jacket is broken.\r\n\r\nLena\r\n"
)
"""A colleague forwards a customer's mail by hand."""
AWAY = (
    b"From: jo@partner.example\r\nTo: desk@shop.example\r\nSubject: Out of office until Monday\r\n"
    b"Auto-Submitted: auto-replied\r\nMessage-ID: <away@x>\r\n\r\nBack on Monday.\r\n"
)
"""An automatic answer to nothing."""
UNKNOWN_SENDER = (
    b"From: Marek Nowak <marek@shop.example>\r\nTo: desk@shop.example\r\n"
    b"Subject: Fwd: please look\r\nMessage-ID: <fwd2@shop.example>\r\n\r\n"
    b"Who takes this?\r\n\r\n---------- Forwarded message ---------\r\n"
    b"Date: Fri, 20 Nov 2026 at 08:12\r\nSubject: please look\r\n\r\nIt is broken.\r\n"
)
"""A forward that does not say whose mail it was."""


def addressed_desk(tmp_path: Path, *mails: bytes, role: str = "owner", now: str = "") -> Desk:
    """Open a desk with the mailbox ``desk@shop.example`` that has received mails."""
    # jobs are claimed by a worker with the machine's own clock
    clock = FakeClock(datetime.fromisoformat(now) if now else datetime.now(UTC))
    desk = make_desk(tmp_path, clock=clock)
    with desk.store.write() as connection:
        connection.execute("UPDATE agent SET role = ?", (role,))
        connection.execute(
            "INSERT INTO agent (name, full_name, email, role, created_at)"
            " VALUES ('marek', 'Marek', 'marek@shop.example', 'support', 0)"
        )
        connection.execute(
            "INSERT INTO channel_account (id, name, channel, address, created_at)"
            " VALUES (1, 'shop', 'email', 'desk@shop.example', 0)"
        )
        connection.execute(
            "INSERT INTO support_address (address, name, channel_account_id, state)"
            " VALUES ('desk@shop.example', 'Shop', 1, 'verified')"
        )
    source = Source(account_id=1, folder="INBOX", validity=7)
    received = [receive_raw(raw, uid=number) for number, raw in enumerate(mails, 1)]
    Inbound(desk.store, SYSTEM).ingest(received, source=source)
    root = desk.store.paths.root
    desk.close()
    from helpdesk_tui.services.desk import open_desk

    return open_desk(root, agent="anna", clock=clock)


def do_jobs(desk: Desk) -> None:
    """Do what waits for the worker, as the worker would. Blocks."""
    nobody = cast("Any", None)
    JobLoop(desk.store, "test-worker", nobody, dict, nobody).step()
