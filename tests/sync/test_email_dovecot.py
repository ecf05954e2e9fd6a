"""A real Dovecot: logins, fetching, the Sent folder, waiting for mail."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.email.imap import Mailbox
from helpdesk_tui.sync.channels.email.settings import read_settings
from helpdesk_tui.sync.channels.errors import AuthFailed, Retry
from tests.support.certs import make_certificates
from tests.support.dovecot import PASSWORD, USER, Dovecot, running_dovecot
from tests.support.waiting import AT_ONCE, PATIENCE

pytestmark = pytest.mark.dovecot


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running_dovecot() as running:
        yield running


def connect(
    server: Dovecot, security: str = "tls", password: str = PASSWORD, **more: Any
) -> Mailbox:
    return Mailbox(read_settings(json.dumps(server.settings(security, **more)), USER), password)


def mail(number: int, body: bytes = b"hello\r\n") -> bytes:
    return b"Message-ID: <m%d@x.example>\r\nSubject: s\r\n\r\n%s" % (number, body)


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_every_way_in_works(server: Dovecot, security: str):
    box = connect(server, security)
    assert box.capable("IDLE")
    assert box.open_folder("INBOX").validity > 0
    box.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_an_unknown_authority_is_refused(
    server: Dovecot, security: str, tmp_path: Path
):
    other = make_certificates(tmp_path)
    with pytest.raises(Retry) as caught:
        connect(server, security, ca_file=str(other.ca))
    assert caught.value.code == "imap.certificate"


def test_a_port_for_starttls_is_named_as_such(server: Dovecot):
    with pytest.raises(Retry) as caught:
        connect(server, "tls", imap_port=server.port)
    assert caught.value.code == "imap.tls"
    assert "not permitted" not in str(caught.value.values["reason"])


def test_a_name_that_the_certificate_does_not_carry_is_refused(server: Dovecot):
    with pytest.raises(Retry) as caught:
        connect(server, imap_host="127.0.0.2")
    assert caught.value.code in ("imap.certificate", "imap.unreachable")


def test_a_wrong_password_is_refused(server: Dovecot):
    with pytest.raises(AuthFailed) as caught:
        connect(server, password="wrong")
    assert caught.value.code == "imap.login-refused"


def test_a_missing_folder_is_named(server: Dovecot):
    box = connect(server)
    with pytest.raises(UsageError) as caught:
        box.open_folder("Nowhere")
    assert caught.value.values["folder"] == "Nowhere"
    box.close()


def test_mails_come_whole_in_order_and_stay_unseen(server: Dovecot):
    sizes = [10, 99_000, 100_000, 101_000, 400_000]
    raws = [mail(number, b"x" * size + b"\r\n") for number, size in enumerate(sizes)]
    box = connect(server)
    before = box.open_folder("INBOX")
    server.deliver(raws)
    state = box.open_folder("INBOX")
    uids = [uid for part in box.uids(before.next_uid, state.next_uid) for uid in part]
    got = box.fetch(uids)
    assert [mail.uid for mail in got] == uids
    assert sorted(mail.raw for mail in got) == sorted(raws)
    assert not any(file.name.endswith("S") for file in (server.maildir / "cur").iterdir())
    box.close()


def test_waiting_ends_soon_after_a_delivery(server: Dovecot):
    box = connect(server)
    box.open_folder("INBOX")
    begun = threading.Event()
    threading.Thread(
        target=lambda: begun.wait(PATIENCE) and server.deliver([mail(77)]), daemon=True
    ).start()
    started = time.monotonic()
    assert box.idle(begun.set, PATIENCE) is True
    assert time.monotonic() - started < AT_ONCE
    box.close()


def test_the_sent_folder_is_the_one_marked_as_such(server: Dovecot):
    box = connect(server)
    name = box.sent_folder()
    assert name == "Gesendet"
    assert not box.has_message(name, "new@x.example")
    box.append(name, mail(5).replace(b"m5@", b"new@"), datetime(2026, 11, 21, tzinfo=UTC))
    assert box.has_message(name, "new@x.example")
    assert not box.has_message(name, "other@x.example")
    box.close()


def test_without_a_marked_folder_one_is_made():
    with running_dovecot(special=False) as server:
        box = connect(server)
        assert box.sent_folder() == "Sent"
        assert box.sent_folder() == "Sent"
        box.close()
        box = connect(server, sent_folder="Out")
        assert box.sent_folder() == "Out"
        box.close()


def test_an_id_that_could_be_a_command_is_never_sent(server: Dovecot):
    box = connect(server)
    with pytest.raises(UsageError):
        box.has_message("INBOX", "a@b>\r\nA1 LOGOUT")
    assert box.alive()
    box.close()
    assert not box.alive()


def test_a_rebuilt_mailbox_has_a_new_validity():
    with running_dovecot() as server:
        server.deliver([mail(1), mail(2)])
        box = connect(server)
        before = box.open_folder("INBOX")
        box.close()
        time.sleep(1.1)
        server.change_validity()
        box = connect(server)
        after = box.open_folder("INBOX")
        box.close()
        assert after.validity != before.validity
        assert after.exists == before.exists
