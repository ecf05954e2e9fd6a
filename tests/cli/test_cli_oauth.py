"""Connecting a mailbox by signing in, against real servers on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_tui.cli.main import run
from tests.support.dovecot import USER, Dovecot, running_dovecot
from tests.support.oauth_server import CLIENT, OAuthServer, running_oauth
from tests.support.smtp import MailServer, running_smtp
from tests.support.store import add_agent, make_store

pytestmark = pytest.mark.dovecot


@pytest.fixture
def oauth() -> Iterator[OAuthServer]:
    with running_oauth() as server:
        yield server


@pytest.fixture
def dovecot(oauth: OAuthServer) -> Iterator[Dovecot]:
    with running_dovecot(tokens_at=f"http://127.0.0.1:{oauth.port}/introspect") as server:
        yield server


@pytest.fixture
def smtp(dovecot: Dovecot, oauth: OAuthServer) -> Iterator[MailServer]:
    with running_smtp(dovecot.certificates) as server:
        server.tokens = oauth.access
        yield server


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HELPDESK_AGENT", "HELPDESK_CONFIG"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    store = make_store(tmp_path)
    add_agent(store, "anna", role="owner")
    store.close()
    return store.paths.root


def test_a_mailbox_is_connected_by_a_code_and_its_mail_comes(
    oauth: OAuthServer,
    dovecot: Dovecot,
    smtp: MailServer,
    root: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    oauth.user_agrees = True
    base = f"http://127.0.0.1:{oauth.port}"
    command = [
        "--store", str(root), "--agent", "anna",
        "channel", "add", "email", "--name", "support", "--address", USER,
        "--imap-host", "localhost", "--imap-port", str(dovecot.tls_port),
        "--smtp-host", "localhost", "--smtp-port", str(smtp.port), "--smtp-tls", "starttls",
        "--ca-file", str(dovecot.certificates.ca),
        "--oauth", "custom", "--client-id", CLIENT, "--scopes", "mail",
        "--token-url", f"{base}/token", "--device-url", f"{base}/device",
    ]  # fmt: skip

    assert run(command) == 0, capsys.readouterr().err

    said = capsys.readouterr().err
    assert f"{base}/type-it" in said
    assert "ABCD-EFGH" in said
    dovecot.deliver([b"From: lena@example.net\r\nSubject: hello\r\n\r\nWhere is it?\r\n"])
    assert run(["--store", str(root), "sync", "--once", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tickets"] == 1
    assert run(["--store", str(root), "--agent", "anna", "channel", "test", "support"]) == 0
    stored = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())
    assert not any(token.encode() in stored for token in (*oauth.access, *oauth.refresh))


def test_a_channel_whose_sign_in_ended_stops_and_goes_on_after_a_new_one(
    oauth: OAuthServer,
    dovecot: Dovecot,
    smtp: MailServer,
    root: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    test_a_mailbox_is_connected_by_a_code_and_its_mail_comes(oauth, dovecot, smtp, root, capsys)
    oauth.access.clear()
    oauth.refresh.clear()
    common = ["--store", str(root), "--agent", "anna", "channel"]

    assert run([*common, "test", "support"]) == 5

    assert run([*common, "sign-in", "support"]) == 0
    assert run([*common, "test", "support"]) == 0
    assert run([*common, "sign-in", "nowhere"]) == 4


def test_an_account_with_a_password_has_no_sign_in(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add = ["channel", "add", "email", "--name", "a", "--address", USER, "--imap-host", "localhost",
           "--no-test", "--password-command", "echo x"]  # fmt: skip
    assert run(["--store", str(root), "--agent", "anna", *add]) == 0
    assert run(["--store", str(root), "--agent", "anna", "channel", "sign-in", "a"]) == 2
    assert "uses a password" in capsys.readouterr().err
