"""What a mail carries beside text and files, from its bytes to an opened ticket."""

from __future__ import annotations

from pathlib import Path

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.received import Source
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.threads import Threads
from tests.support.mails import receive_raw
from tests.support.raw_mails import mail, multipart
from tests.support.store import FakeClock, make_store

BOX = Source(account_id=None, folder="", validity=0)
CALENDAR = (
    "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n"
    "BEGIN:VEVENT\r\nSUMMARY:Fitting\r\nDTSTART:20261124T130000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_notices_are_kept_with_their_message(tmp_path: Path):
    store = make_store(tmp_path)
    carrying = multipart("Content-Type: text/plain\r\n\r\nCome", CALENDAR)
    plain = mail(message_id="<two@customer.example>", subject="Other")
    batch = [receive_raw(carrying), receive_raw(plain)]
    assert Inbound(store, SYSTEM, now=FakeClock()).ingest(batch, source=BOX).failed == 0
    with store.read() as connection:
        tickets = [row[0] for row in connection.execute("SELECT id FROM ticket ORDER BY id")]
    threads = [Threads(store, SYSTEM).load(ticket) for ticket in tickets]
    assert [thread.messages[0].notices for thread in threads] == [
        (
            Notice(
                NoticeKind.INVITATION,
                (("method", "request"), ("summary", "Fitting"),
                 ("start", "2026-11-24T13:00:00+00:00")),
            ),
        ),
        (),
    ]  # fmt: skip


def test_a_notice_of_an_unknown_kind_is_left_out(tmp_path: Path):
    store = make_store(tmp_path)
    Inbound(store, SYSTEM, now=FakeClock()).ingest([receive_raw(mail())], source=BOX)
    with store.write() as connection:
        connection.execute(
            """UPDATE message SET notices = '[["future", {"a": "b"}], ["signed", {}]]'"""
        )
        (ticket,) = connection.execute("SELECT ticket_id FROM message").fetchone()
    (message,) = Threads(store, SYSTEM).load(ticket).messages
    assert [notice.kind for notice in message.notices] == [NoticeKind.SIGNED]
