"""The test mail of a support address: its bytes, and how its sending is noted."""

from __future__ import annotations

import email
import email.policy
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import AddressState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import HelpdeskError, RemoteError
from helpdesk_tui.domain.mail import MailClass
from helpdesk_tui.domain.received import Source
from helpdesk_tui.domain.verification import Watched, make_token, read_test
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.jobs import ADDRESS_TEST, Jobs
from helpdesk_tui.sync.address_tests import make_test_mail, send_test
from helpdesk_tui.sync.worker import Worker
from tests.support.certs import make_certificates
from tests.support.dovecot import USER
from tests.support.mailboxes import NAME, desk_store, secret
from tests.support.mails import receive_raw
from tests.support.smtp import MailServer, running_smtp
from tests.support.store import START

HELP = "help@brand.example"


@dataclass
class Mailbox:
    """Stands for the fetching thread of a mailbox."""

    has_idle: bool
    woken: int = 0

    def wake(self) -> None:
        self.woken += 1


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[MailServer]:
    with running_smtp(make_certificates(tmp_path / "certs")) as server:
        yield server


@pytest.fixture
def store(tmp_path: Path, smtp: MailServer) -> Iterator[Store]:
    assert smtp.certificates is not None
    opened = desk_store(
        tmp_path,
        {"imap_host": "localhost", "ca_file": str(smtp.certificates.ca), **smtp.settings()},
    )
    Addresses(opened, SYSTEM).add(NAME, HELP)
    yield opened
    opened.close()


def test_the_token_stands_in_header_subject_text_and_id(store: Store) -> None:
    token = make_token(b"\x0f" * 20)
    raw = make_test_mail(Addresses(store, SYSTEM).load(HELP), token, "Shop Support", START)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert (mail["From"], mail["To"]) == (f"Shop Support <{USER}>", HELP)
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert mail["X-Helpdesk-Address-Test"] == token
    assert token in mail["Subject"]
    assert token in mail["Message-ID"]
    body = mail.get_body(("plain",))
    assert body is not None
    assert token in body.get_content()
    assert not mail.defects


@pytest.mark.parametrize("lost", [b"", b"X-Helpdesk-Address-Test", b"Subject"])
def test_our_own_parser_recognises_it_although_something_got_lost(
    store: Store, lost: bytes
) -> None:
    token = make_token(b"\x0f" * 20)
    raw = make_test_mail(Addresses(store, SYSTEM).load(HELP), token, "", START)
    lines = raw.split(b"\r\n")
    kept = b"\r\n".join(line for line in lines if not lost or not line.startswith(lost))
    mail = parse_mail(kept)
    assert mail.mail_class is MailClass.AUTO
    found = read_test(mail, (Watched(HELP, 1, USER, AddressState.PENDING, token),))
    assert found is not None
    assert found.change is not None


def test_it_leaves_from_the_mailbox_itself(store: Store, smtp: MailServer) -> None:
    result = send_test(store, HELP, secret)
    (taken,) = smtp.taken
    assert (taken.sender, taken.recipients, taken.encrypted) == (USER, (HELP,), True)
    known = Addresses(store, SYSTEM).load(HELP)
    assert known.asked_at is not None
    assert result["sent_at"] > 0
    assert (known.state, known.error_code) == ("pending", "")


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        ("550 no such user", "failing", "address.test-refused"),
        ("451 later", "pending", "smtp.busy"),
    ],
)
def test_a_refusal_is_noted(
    store: Store, smtp: MailServer, answer: str, state: str, code: str
) -> None:
    smtp.refuse[HELP] = answer
    with pytest.raises(RemoteError):
        send_test(store, HELP, secret)
    known = Addresses(store, SYSTEM).load(HELP)
    assert (known.state, known.error_code) == (state, code)
    assert Addresses(store, SYSTEM).expire() is None


def test_a_wrong_password_fails_the_test_and_not_the_address(store: Store) -> None:
    with pytest.raises(HelpdeskError, match=r"smtp\.login-refused"):
        send_test(store, HELP, lambda account, purpose: "wrong")
    assert Addresses(store, SYSTEM).load(HELP).state == "pending"


def test_two_tests_carry_two_tokens(store: Store, smtp: MailServer) -> None:
    send_test(store, HELP, secret)
    send_test(store, HELP, secret)
    first, second = (parse_mail(taken.raw).address_test for taken in smtp.taken)
    assert first != second
    with store.read() as connection:
        kept = connection.execute("SELECT token FROM support_address WHERE address = ?", (HELP,))
        assert kept.fetchone()[0] == second


def test_the_job_names_its_address(store: Store) -> None:
    job = Jobs(store, SYSTEM).load(Addresses(store, SYSTEM).ask_test(HELP))
    assert (job.kind, job.arguments["address"]) == (ADDRESS_TEST, HELP)


def test_mailboxes_without_news_are_asked_while_a_test_is_waited_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker(store, threading.Event(), "", secret)
    told, silent = Mailbox(has_idle=True), Mailbox(has_idle=False)
    monkeypatch.setattr(worker._accounts, "fetchers", lambda: [told, silent])
    assert worker._watch_tests() == 60.0
    assert silent.woken == 0
    Addresses(store, SYSTEM).begin_test(HELP)
    assert worker._watch_tests() == 5.0
    assert (told.woken, silent.woken) == (0, 1)


def test_an_overdue_test_fails_while_the_worker_runs(store: Store) -> None:
    worker = Worker(store, threading.Event(), "", secret)
    past = Addresses(store, SYSTEM, now=lambda: datetime.now(UTC) - timedelta(minutes=11))
    past.begin_test(HELP)
    worker._watch_tests()
    assert Addresses(store, SYSTEM).load(HELP).error_code == "address.test-timed-out"


FORWARDS = {
    "gmail": (
        b"Delivered-To: support@shop.example\r\n"
        b"X-Forwarded-Encrypted: i=1; AJvYcCUabc=@shop.example\r\n"
        b"X-Google-DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=1e100.net\r\n"
        b"X-Forwarded-To: support@shop.example\r\n"
        b"X-Forwarded-For: help@brand.example support@shop.example\r\n"
        b"Delivered-To: help@brand.example\r\n"
    ),
    "google group": (
        b"Precedence: list\r\nMailing-list: list help@brand.example\r\n"
        b"List-ID: <help.brand.example>\r\nX-Original-From: Shop Support <support@shop.example>\r\n"
    ),
    "microsoft mailbox": (
        b"Resent-From: <help@brand.example>\r\nX-MS-Exchange-ForwardingLoop:\r\n"
        b" help@brand.example;0a1b2c\r\n"
        b"X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\r\n"
    ),
    "yahoo": b"X-Yahoo-Forwarded: from help@brand.example to support@shop.example\r\n",
    "icloud": b"X-Apple-Forwarded: yes\r\nDelivered-To: help@brand.example\r\n",
    "sieve": (
        b"X-Sieve: Pigeonhole Sieve 0.5.19\r\nX-Sieve-Redirected-From: help@brand.example\r\n"
        b"Delivered-To: help@brand.example\r\n"
    ),
    "postfix": b"X-Original-To: help@brand.example\r\nDelivered-To: support@shop.example\r\n",
}


@pytest.mark.parametrize("provider", FORWARDS)
def test_it_comes_through_the_forwards_of_providers(store: Store, provider: str) -> None:
    addresses = Addresses(store, SYSTEM)
    token = addresses.begin_test(HELP)
    raw = FORWARDS[provider] + make_test_mail(addresses.load(HELP), token, "Shop", START)
    source = Source(account_id=1, folder="INBOX")
    Inbound(store, SYSTEM).ingest([receive_raw(raw)], source=source)
    assert addresses.load(HELP).state == "verified"
    with store.read() as connection:
        assert connection.execute("SELECT count(*) FROM ticket").fetchone() == (0,)


@pytest.mark.parametrize(
    ("start", "state", "reason"),
    [
        # Outlook on the web and its rules that forward: a new mail from the address itself
        (
            "From: help@brand.example\r\nTo: support@shop.example\r\nSubject: FW: {subject}\r\n"
            "In-Reply-To: <{token}@shop.example>\r\n\r\n"
            "________________________________\r\nFrom: Shop <support@shop.example>\r\n"
            "Sent: Saturday, November 21, 2026 10:00 AM\r\nTo: help@brand.example\r\n"
            "Subject: {subject}\r\n\r\n{token}\r\n",
            "pending", "address-test",
        ),
        # a colleague who wants to help
        (
            "From: Anna <anna@shop.example>\r\nTo: support@shop.example\r\n"
            "Subject: Fwd: {subject}\r\n\r\nis this yours?\r\n\r\n"
            "---------- Forwarded message ---------\r\nFrom: Shop <support@shop.example>\r\n"
            "Date: Sat, 21 Nov 2026 10:00\r\nSubject: {subject}\r\nTo: <help@brand.example>\r\n"
            "\r\n{token}\r\n",
            "pending", "address-test",
        ),
        # a report of another server, with our mail in it
        (
            "From: MAILER-DAEMON@brand.example\r\nTo: support@shop.example\r\n"
            "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\n\r\nnobody here\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns; mx.brand.example\r\n\r\nFinal-Recipient: rfc822;"
            " help@brand.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: support@shop.example\r\n"
            "Message-ID: <{token}@shop.example>\r\nX-Helpdesk-Address-Test: {token}\r\n"
            "Subject: {subject}\r\n\r\n{token}\r\n--b--\r\n",
            "failing", "address-test",
        ),
        # somebody's absence
        (
            "From: help@brand.example\r\nTo: support@shop.example\r\n"
            "Subject: Automatic reply: {subject}\r\nAuto-Submitted: auto-replied\r\n"
            "X-Auto-Response-Suppress: All\r\n\r\nI am away.\r\n",
            "pending", "out-of-office",
        ),
    ],
)  # fmt: skip
def test_what_is_no_forward_verifies_nothing(
    store: Store, start: str, state: str, reason: str
) -> None:
    addresses = Addresses(store, SYSTEM)
    token = addresses.begin_test(HELP)
    raw = start.format(token=token, subject=f"Forwarding test of {HELP} {token}")
    head, _, body = raw.partition("\r\n\r\n")
    dated = f"{head}\r\nDate: Sat, 21 Nov 2026 10:05:00 +0000\r\n\r\n{body}"
    source = Source(account_id=1, folder="INBOX")
    Inbound(store, SYSTEM).ingest([receive_raw(dated.encode())], source=source)
    assert addresses.load(HELP).state == state
    with store.read() as connection:
        assert connection.execute("SELECT reason FROM intake").fetchall() == [(reason,)]
