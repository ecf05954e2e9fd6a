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
from helpdesk_tui.domain.verification import Watched, make_token, read_test
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.services.addresses import Addresses
from helpdesk_tui.services.jobs import ADDRESS_TEST, Jobs
from helpdesk_tui.sync.address_tests import make_test_mail, send_test
from helpdesk_tui.sync.worker import Worker
from tests.support.certs import make_certificates
from tests.support.dovecot import USER
from tests.support.mailboxes import NAME, desk_store, secret
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
