"""Whatever shows that a machine wrote a mail keeps the automatic answer away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.received import Source
from helpdesk_tui.services.inbound import Inbound
from tests.support.mails import AT, receive_raw
from tests.support.raw_mails import mail, multipart
from tests.support.store import FakeClock, make_store

SIGNS: dict[str, str] = {
    "Auto-Submitted": "auto-replied",
    "Precedence": "bulk",
    "X-Auto-Response-Suppress": "OOF",
    "List-Id": "<news.x.example>",
    "List-Unsubscribe": "<https://x.example/u>",
    "Return-Path": "<>",
    "Feedback-ID": "1:campaign:x",
    "X-Autoreply": "yes",
    "X-Autorespond": "1",
    "X-Loop": "x.example",
}
MORE = [
    ("Auto-Submitted", "auto-generated (rejected)"), ("Auto-Submitted", "AUTO-NOTIFIED"),
    ("Precedence", "list"), ("Precedence", "junk"), ("Precedence", "auto_reply"),
    ("X-Auto-Response-Suppress", "DR, AutoReply"), ("X-Auto-Response-Suppress", "All"),
    ("From", "MAILER-DAEMON@x.example"), ("From", "Postmaster <postmaster@x.example>"),
    ("From", "noreply@x.example"), ("From", "No-Reply <no-reply+7@x.example>"),
    ("From", "Help <help@store.example>"), ("Subject", "Automatic reply: Question"),
]  # fmt: skip


def taken(tmp_path: Path, raw: bytes) -> tuple[int, int]:
    """Store a mail in a desk that answers; return how many tickets and answers it made."""
    store: Store = make_store(tmp_path)
    with store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (name, channel, address, created_at)"
            " VALUES ('shop', 'email', 'help@store.example', 0)"
        )
        save_setting(connection, "auto-reply.text", DESK, json.dumps("We have got it."))
    source = Source(account_id=1, folder="INBOX", validity=1)
    Inbound(store, SYSTEM, now=FakeClock(AT)).ingest([receive_raw(raw, at=AT)], source=source)
    with store.read() as connection:
        tickets = connection.execute("SELECT count(*) FROM ticket").fetchone()[0]
        answers = connection.execute("SELECT count(*) FROM auto_answer").fetchone()[0]
    return tickets, answers


def test_a_person_is_answered(tmp_path: Path) -> None:
    assert taken(tmp_path, mail()) == (1, 1)


def test_a_mail_that_says_it_is_no_machines_is_answered(tmp_path: Path) -> None:
    assert taken(tmp_path, mail(Auto_Submitted="no")) == (1, 1)


@pytest.mark.parametrize(("name", "value"), [*SIGNS.items(), *MORE])
def test_each_sign_of_a_machine_is_enough(tmp_path: Path, name: str, value: str) -> None:
    assert taken(tmp_path, mail(**{name: value}))[1] == 0


@pytest.mark.parametrize("kind", ["delivery-status", "disposition-notification", "feedback-report"])
def test_reports_are_not_answered(tmp_path: Path, kind: str) -> None:
    report = multipart(
        "Content-Type: text/plain\r\n\r\nA report.",
        f"Content-Type: message/{kind}\r\n\r\nReporting-UA: x\r\n\r\nAction: displayed\r\n",
        kind=f"report; report-type={kind}",
    )
    assert taken(tmp_path, report)[1] == 0
