"""Sending on a real SMTP server: what arrives, what is refused, what stays uncertain."""

from __future__ import annotations

import gc
import json
import socket
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from helpdesk_tui.sync.channels.email.settings import read_settings
from helpdesk_tui.sync.channels.email.smtp import Mailer
from helpdesk_tui.sync.channels.errors import AuthFailed, Rejected, Retry, Uncertain
from tests.support.certs import Certificates, make_certificates
from tests.support.dovecot import PASSWORD, USER
from tests.support.smtp import MailServer, running_smtp

RAW = b"From: support@shop.example\r\nSubject: hi\r\n\r\n.dot\r\n" + b"x" * 990 + b"\r\n"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certs"))


def mailer(server: MailServer, password: str = PASSWORD, **more: Any) -> Mailer:
    values = {"imap_host": "localhost", "user": USER, **server.settings(), **more}
    if server.certificates:
        values.setdefault("ca_file", str(server.certificates.ca))
    return Mailer(read_settings(json.dumps(values), USER), password)


def nothing() -> None:
    """Stands for the commit before the content leaves."""


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_arrives_encrypted_and_unchanged(certificates: Certificates, security: str):
    with running_smtp(certificates, security=security) as server:
        sender = mailer(server, smtp_security=security)
        sender.send(USER, ["ana@x.example", "bo@x.example"], RAW, nothing)
        sender.send(USER, ["ana@x.example"], RAW, nothing)
        sender.close()
    first, second = server.taken
    assert first.raw == RAW
    assert first.recipients == ("ana@x.example", "bo@x.example")
    assert (first.user, first.encrypted, first.sender) == (USER, True, USER)
    assert second.recipients == ("ana@x.example",)


def test_the_caller_commits_after_the_recipients_and_before_the_content(
    certificates: Certificates,
):
    with running_smtp(certificates) as server:
        sender = mailer(server)
        seen: list[int] = []
        sender.send(USER, ["a@x.example"], RAW, lambda: seen.append(len(server.taken)))
        sender.close()
        assert seen == [0]
        assert len(server.taken) == 1


def test_a_failing_commit_keeps_the_content_back(certificates: Certificates):
    def fail() -> None:
        raise RuntimeError("disk full")

    with running_smtp(certificates) as server:
        sender = mailer(server)
        with pytest.raises(RuntimeError):
            sender.send(USER, ["a@x.example"], RAW, fail)
        sender.close()
        assert server.taken == []


def test_a_failing_commit_leaves_the_connection_fit_for_the_next_mail(certificates: Certificates):
    def fail() -> None:
        raise RuntimeError("disk full")

    with running_smtp(certificates) as server:
        sender = mailer(server)
        with pytest.raises(RuntimeError):
            sender.send(USER, ["a@x.example"], RAW, fail)
        assert sender.connected
        sender.send(USER, ["b@x.example"], RAW, nothing)
        sender.close()
    assert [mail.recipients for mail in server.taken] == [("b@x.example",)]


@pytest.mark.parametrize("verb", [b"MAIL", b"RCPT", b"DATA"])
def test_a_server_out_of_step_gets_the_mail_again_on_a_new_connection(verb: bytes):
    def answer(line: bytes) -> bytes:
        return b"503 bad sequence\r\n" if line.startswith(verb) else b"250 OK\r\n"

    port, _ = serve_lines(answer)
    sender = mailer(MailServer(port, None), smtp_security="none", smtp_user="")
    with pytest.raises(Retry):
        sender.send(USER, ["a@x.example"], RAW, nothing)
    assert not sender.connected
    sender.close()


def test_a_wrong_password_is_told_apart(certificates: Certificates):
    with running_smtp(certificates) as server:
        sender = mailer(server, password="wrong")
        with pytest.raises(AuthFailed) as caught:
            sender.connect()
        sender.close()
    assert caught.value.code == "smtp.login-refused"


def test_a_server_without_starttls_gets_no_password():
    with running_smtp(None, security="none") as server:
        sender = mailer(server)
        with pytest.raises(Retry) as caught:
            sender.connect()
        sender.close()
    assert caught.value.code == "smtp.no-starttls"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_slow_to_say_goodbye_leaves_no_socket_open(
    certificates: Certificates, security: str, monkeypatch: pytest.MonkeyPatch
):
    async def slowly(self: MailServer, server: SMTP, session: Session, envelope: Envelope) -> str:
        await server.push("221 Bye")
        threading.Event().wait(0.3)  # so that its loop answers nothing meanwhile
        return "221 Bye"

    monkeypatch.setattr(MailServer, "handle_QUIT", slowly, raising=False)
    with running_smtp(certificates, security=security) as server:
        sender = mailer(server, smtp_security=security)
        sender.connect()
        sender.close()
        del sender
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            gc.collect()
    assert [str(warning.message) for warning in caught] == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_foreign_certificate_is_refused(
    certificates: Certificates, tmp_path: Path, security: str
):
    other = make_certificates(tmp_path / "other")
    with running_smtp(certificates, security=security) as server:
        sender = mailer(server, ca_file=str(other.ca), smtp_security=security)
        with pytest.raises(Retry) as caught:
            sender.connect()
        sender.close()
    assert caught.value.code == "smtp.certificate"


def test_a_port_for_starttls_is_told_from_a_server_out_of_reach(certificates: Certificates):
    with running_smtp(certificates, security="starttls") as server:
        sender = mailer(server, smtp_security="tls")
        with pytest.raises(Retry) as caught:
            sender.connect()
        sender.close()
    assert caught.value.code == "smtp.tls"
    assert "not permitted" not in str(caught.value.values["reason"])


def test_nobody_listening_is_a_retry():
    with running_smtp(None, security="none") as server:
        pass
    sender = mailer(server, smtp_security="none")
    with pytest.raises(Retry) as caught:
        sender.send(USER, ["a@x.example"], RAW, nothing)
    sender.close()
    assert caught.value.code == "smtp.unreachable"


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"a@x.example": "550 no such user"}, Rejected),
        ({"a@x.example": "451 greylisted"}, Retry),
        ({"a@x.example": "550 no", "b@x.example": "451 later"}, Retry),
    ],
)
def test_when_nobody_is_taken_nothing_leaves(
    certificates: Certificates, answers: dict[str, str], error: type[Exception]
):
    with running_smtp(certificates) as server:
        server.refuse |= answers
        sender = mailer(server)
        with pytest.raises(error):
            sender.send(USER, list(answers), RAW, pytest.fail)
        sender.close()
        assert server.taken == []


def test_a_refused_recipient_beside_a_taken_one_is_named(certificates: Certificates):
    with running_smtp(certificates) as server:
        server.refuse["b@x.example"] = "550 5.1.1 unknown"
        sender = mailer(server)
        sent = sender.send(USER, ["a@x.example", "b@x.example"], RAW, nothing)
        sender.close()
    assert [(item.address, item.code) for item in sent.refused] == [("b@x.example", 550)]
    assert server.taken[0].recipients == ("a@x.example",)


@pytest.mark.parametrize(
    ("answer", "error"),
    [("452 disk full", Retry), ("554 spam", Rejected)],
)
def test_a_refusal_after_the_content_is_certain(
    certificates: Certificates, answer: str, error: type[Exception]
):
    with running_smtp(certificates) as server:
        server.after_data = lambda _: answer
        sender = mailer(server)
        with pytest.raises(error):
            sender.send(USER, ["a@x.example"], RAW, nothing)
        sender.close()


def test_a_connection_lost_after_the_content_is_uncertain(certificates: Certificates):
    def cut(server: Any) -> str:
        server.transport.abort()
        return "250 never heard"

    with running_smtp(certificates) as server:
        server.after_data = cut
        sender = mailer(server)
        with pytest.raises(Uncertain):
            sender.send(USER, ["a@x.example"], RAW, nothing)
        sender.close()


def serve_lines(answer: Callable[[bytes], bytes]) -> tuple[int, list[bytes]]:
    """Run a line server for one connection; return its port and what it heard."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with suppress(OSError), listener:
            link, _ = listener.accept()
            with link, link.makefile("rb") as file:
                link.sendall(b"220 hi\r\n")
                for line in file:
                    heard.append(line)
                    link.sendall(answer(line))

    threading.Thread(target=run, daemon=True).start()
    return listener.getsockname()[1], heard


def test_plain_text_behind_starttls_stops_before_the_password():
    def answer(line: bytes) -> bytes:
        if line.startswith(b"EHLO"):
            return b"250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n"
        return b"220 go ahead\r\n250 injected\r\n"

    port, heard = serve_lines(answer)
    sender = mailer(MailServer(port, None))
    with pytest.raises(Retry):
        sender.connect()
    sender.close()
    assert not any(line.startswith(b"AUTH") for line in heard)
