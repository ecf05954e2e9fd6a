"""The intake list: newest first, page by page, each with its reason and its source."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.mail import MailClass
from helpdesk_tui.domain.received import Source
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.intake import Intake
from tests.support.mails import AT, make_mail, receive, receive_raw
from tests.support.store import make_store


def test_pages_lead_through_all_of_it_newest_first(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    away = [
        receive(make_mail(mail_class=MailClass.OOO, message_id=f"away{n}@x", subject=f"Away {n}"))
        for n in range(5)
    ]
    Inbound(store, SYSTEM).ingest([*away, receive(make_mail())], source=Source())
    intake = Intake(store, SYSTEM)
    seen: list[str] = []
    after = None
    while True:
        page = intake.page(after=after, limit=2)
        seen += [row.subject for row in page.rows]
        after = page.rows[-1].id
        if not page.has_more:
            break
    assert seen == [f"Away {n}" for n in (4, 3, 2, 1, 0)]
    assert intake.page(after=after).rows == ()
    store.close()


def test_a_row_tells_its_reason_and_keeps_the_mail_byte_for_byte(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (name, channel, address, created_at)"
            " VALUES ('shop', 'email', 'box@shop.example', 0)"
        )
    raw = (
        b"From: lena@example.net\r\nTo: support@shop.example\r\nSubject: Out of office\r\n"
        b"Auto-Submitted: auto-replied\r\nMessage-ID: <away@x>\r\n\r\nBack on \xff Monday.\r\n"
    )
    source = Source(account_id=1, folder="INBOX", validity=7)
    Inbound(store, SYSTEM).ingest([receive_raw(raw)], source=source)
    (row,) = Intake(store, SYSTEM).page().rows
    assert (row.reason, row.sender, row.account) == ("out-of-office", "lena@example.net", "shop")
    assert (row.received_at, row.external_id, row.ticket_id) == (AT, "away@x", None)
    assert ("customer", "from: lena@example.net") in row.evidence
    assert Intake(store, SYSTEM).load(row.id) == (row, raw)
    with pytest.raises(NotFound, match=r"intake\.missing"):
        Intake(store, SYSTEM).load(row.id + 1)
    store.close()
