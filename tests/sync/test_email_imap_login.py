"""An IMAP server that misbehaves before or while logging in never gets the password by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.errors import AuthFailed, Retry
from tests.support.certs import make_certificates
from tests.support.fake_imap import (
    FakeImap,
    Session,
    connect,
    running_fake,
)


def passwords(server: FakeImap) -> list[bytes]:
    return [line for line in server.commands if b"secret" in line]


def test_a_greeting_with_preauth_is_refused_before_the_password():
    with running_fake(FakeImap(greeting=b"* PREAUTH welcome\r\n")) as server:
        for security in ("none", "starttls"):
            with pytest.raises(Retry) as caught:
                connect(server, imap_security=security)
            assert caught.value.code == "imap.preauth"
        assert not passwords(server)


def test_a_stripped_starttls_is_refused_before_the_password():
    with running_fake(FakeImap()) as server:
        with pytest.raises(Retry) as caught:
            connect(server, imap_security="starttls")
        assert caught.value.code == "imap.no-starttls"
        assert not passwords(server)


def test_plain_text_behind_starttls_is_refused_before_the_password():
    def glue(session: Session, tag: bytes, rest: bytes) -> bool:
        session.say(tag + b" OK begin\r\n* PREAUTH injected\r\n")
        return True

    with running_fake(FakeImap(script={b"STARTTLS": glue})) as server:
        with pytest.raises(Retry) as caught:
            connect(server, imap_security="starttls")
        assert caught.value.code == "imap.glued"
        assert not passwords(server)


def test_a_certificate_of_somebody_else_is_refused_before_the_password(tmp_path: Path):
    ours, theirs = make_certificates(tmp_path / "ours"), make_certificates(tmp_path / "theirs")
    with running_fake(FakeImap(certificates=theirs)) as server:
        with pytest.raises(Retry) as caught:
            connect(server, imap_security="starttls", ca_file=str(ours.ca))
        assert caught.value.code == "imap.certificate"
        assert not passwords(server)
        connect(server, imap_security="starttls", ca_file=str(theirs.ca)).close()
        assert passwords(server)


def test_a_wrong_password_is_told_apart_from_trouble():
    with running_fake(FakeImap()) as server, pytest.raises(AuthFailed) as caught:
        connect(server, password="wrong")
    assert caught.value.code == "imap.login-refused"
    assert caught.value.values["user"] == "support@shop.example"


def test_what_the_server_said_comes_without_the_marks_of_bytes():
    def refuse(session: Session, tag: bytes, rest: bytes) -> bool:
        session.say(tag + b" NO [UNAVAILABLE] It's \x1b[31m later\r\n")
        return True

    with (
        running_fake(FakeImap(script={b"LOGIN": refuse})) as server,
        pytest.raises(Retry) as caught,
    ):
        connect(server)
    assert caught.value.code == "imap.busy"
    assert caught.value.values["text"] == "[UNAVAILABLE] It's ␛[31m later"


def test_nobody_listening_is_a_retry():
    with running_fake(FakeImap()) as server:
        pass
    with pytest.raises(Retry) as caught:
        connect(server)
    assert caught.value.code == "imap.unreachable"
    assert caught.value.values["reason"] == "Connection refused"


@pytest.mark.parametrize("capabilities", [b"IMAP4rev1 \xc2\x9b2J", b"", b"\xff", b"X=\x1b]0;x\x07"])
def test_capabilities_of_any_bytes_cost_a_retry_at_most(capabilities: bytes):
    with running_fake(FakeImap(capabilities=capabilities)) as server:
        try:
            box = connect(server)
        except Retry:
            return
        box.close()


def test_the_library_warns_nobody_of_what_a_server_says(capfd: pytest.CaptureFixture[str]):
    def refuse(session: Session, tag: bytes, rest: bytes) -> bool:
        session.say(tag + b" NO \xc2\x9b2J no such folder\r\n")
        return True

    with running_fake(FakeImap(script={b"EXAMINE": refuse})) as server:
        box = connect(server)
        with pytest.raises(UsageError) as caught:
            box.open_folder("INBOX")
        box.close()
    assert "no such folder" in str(caught.value.values["text"])
    assert capfd.readouterr() == ("", "")


def test_a_password_that_the_server_repeats_is_not_shown():
    def refuse(session: Session, tag: bytes, rest: bytes) -> bool:
        session.say(tag + b" NO " + rest + b"\r\n")
        return True

    server = FakeImap(script={b"LOGIN": refuse})
    with running_fake(server), pytest.raises(AuthFailed) as caught:
        connect(server)
    assert "secret" not in str(caught.value)
    assert "***" in str(caught.value)
