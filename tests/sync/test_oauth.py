"""Signing in by OAuth: against a server of our own, Dovecot and an SMTP server."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import httpx
import pytest

from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.errors import RemoteError, UsageError
from helpdesk_tui.sync.channels.email.imap import Mailbox
from helpdesk_tui.sync.channels.email.settings import read_settings
from helpdesk_tui.sync.channels.email.smtp import Mailer
from helpdesk_tui.sync.channels.errors import AuthFailed
from helpdesk_tui.sync.oauth.flow import Flow, Grant, new_attempt
from helpdesk_tui.sync.oauth.loopback import Loopback
from helpdesk_tui.sync.oauth.providers import PROVIDERS, App, app_of
from helpdesk_tui.sync.oauth.tokens import Tokens
from helpdesk_tui.sync.passwords import stored_passwords
from tests.support.certs import make_certificates
from tests.support.dovecot import USER, running_dovecot
from tests.support.oauth_server import OAuthServer, running_oauth
from tests.support.smtp import running_smtp
from tests.support.store import FakeClock, make_root
from tests.support.waiting import PATIENCE


@pytest.fixture
def oauth() -> Iterator[OAuthServer]:
    with running_oauth() as server:
        yield server


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return make_root(tmp_path)


def account(oauth: OAuthServer, **more: object) -> Account:
    settings = json.dumps({**oauth.settings(), "imap_host": "localhost", **more})
    return Account(1, "support", "email", USER, True, settings, AccountState.NEW, "")


def flow(oauth: OAuthServer) -> Flow:
    app = app_of(json.dumps(oauth.settings()))
    assert app is not None
    return Flow(app)


def test_a_code_typed_on_another_device_signs_in(oauth):
    with flow(oauth) as client:
        code = client.start_device()
        assert code.user_code == "ABCD-EFGH"
        assert code.address.endswith("/type-it")
        assert client.poll_device(code)[0] is None
        oauth.user_agrees = True
        grant, _ = client.poll_device(code)
    assert grant is not None
    assert grant.access in oauth.access
    assert "secret-device-code" not in repr(code)
    assert grant.access not in repr(grant)


def test_a_declined_code_is_said_so(oauth):
    with flow(oauth) as client:
        code = client.start_device()
        oauth.declined = True
        with pytest.raises(RemoteError, match=r"oauth\.denied"):
            client.poll_device(code)


def test_the_browser_comes_back_to_this_machine(oauth):
    with flow(oauth) as client, Loopback() as loopback, ThreadPoolExecutor(1) as browser:
        attempt = new_attempt(loopback.redirect, USER)
        page = browser.submit(urlopen, client.authorize_address(attempt), None, PATIENCE)
        grant = client.exchange(attempt, loopback.wait(None, PATIENCE, state=attempt.state))
        assert b"close this page" in page.result().read()
    assert grant.refresh in oauth.refresh


def test_over_ssh_the_address_is_pasted(oauth):
    read, write = os.pipe()
    with (
        flow(oauth) as client,
        Loopback() as loopback,
        os.fdopen(read) as pasted,
        os.fdopen(write, "w") as keyboard,
    ):
        attempt = new_attempt(loopback.redirect, USER)
        with httpx.Client(timeout=PATIENCE) as browser:
            sent_to = browser.get(client.authorize_address(attempt)).headers["location"]
        keyboard.write(f"  {sent_to}\n")
        keyboard.flush()
        grant = client.exchange(attempt, loopback.wait(pasted, PATIENCE, state=attempt.state))
    assert grant.access in oauth.access


def test_an_answer_of_another_attempt_is_refused(oauth):
    with flow(oauth) as client:
        mine, other = (new_attempt("http://127.0.0.1:9", USER) for _ in range(2))
        with pytest.raises(UsageError, match=r"oauth\.other-attempt"):
            client.exchange(mine, f"http://127.0.0.1:9/?code=x&state={other.state}")
        with pytest.raises(UsageError, match=r"oauth\.no-code"):
            client.exchange(mine, "http://127.0.0.1:9/")
        with pytest.raises(RemoteError, match=r"oauth\.denied"):
            client.exchange(mine, "http://127.0.0.1:9/?error=access_denied")


def test_nobody_who_only_saw_the_code_can_use_it(oauth):
    with flow(oauth) as client:
        attempt = new_attempt("http://127.0.0.1:9", USER)
        oauth.codes["seen"] = "challenge of somebody else"
        address = f"http://127.0.0.1:9/?code=seen&state={attempt.state}"
        with pytest.raises(RemoteError, match=r"oauth\.refused"):
            client.exchange(attempt, address)


def test_what_a_provider_says_is_cleaned(oauth):
    oauth.refuses = "server_says_no"
    with flow(oauth) as client, pytest.raises(RemoteError) as caught:
        client.start_device()
    assert "\x1b" not in str(caught.value.values["reason"])
    assert "today" in str(caught.value.values["reason"])


def test_a_provider_that_repeats_a_secret_gives_none_away():
    said = {"error": "invalid_grant", "error_description": "planted-token of planted-secret is no"}
    app = App(PROVIDERS["google"], "id", "planted-secret")
    answer = httpx.Response(400, json=said)
    with (
        Flow(app, httpx.MockTransport(lambda _: answer)) as client,
        pytest.raises(AuthFailed) as caught,
    ):
        client.refresh("planted-token")
    assert caught.value.values["reason"] == "*** of *** is no"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(200, text="<html>"), "oauth.refused"),
        (httpx.Response(200, json={}), "oauth.bad-answer"),
        (httpx.Response(200, json={"access_token": 7}), "oauth.bad-answer"),
        (httpx.Response(200, content=b"x" * 300_000), "oauth.bad-answer"),
        (httpx.Response(200, content=b"[" * 150_000), "oauth.refused"),
        (httpx.Response(200, json={"access_token": "a\r\nb"}), "oauth.bad-answer"),
        (httpx.Response(503), "oauth.unreachable"),
        (httpx.Response(302, headers={"location": "https://evil.example"}), "oauth.refused"),
    ],
)
def test_senseless_answers_are_errors(answer, code):
    app = App(PROVIDERS["google"], "id")
    with (
        Flow(app, httpx.MockTransport(lambda _: answer)) as client,
        pytest.raises(RemoteError) as e,
    ):
        client.refresh("token")
    assert e.value.code == code


@pytest.mark.parametrize("lives", ["inf", "nan", 1e300, -5, "soon"])
def test_a_senseless_life_of_a_token_stops_nothing(root, lives):
    answer = httpx.Response(200, content=json.dumps({"access_token": "a", "expires_in": lives}))
    app = App(PROVIDERS["google"], "id")
    with Flow(app, httpx.MockTransport(lambda _: answer)) as client:
        grant = client.refresh("token")
    Tokens(root, now=FakeClock()).keep("support", Grant(grant.access, "more", grant.lives))
    assert 0 < grant.lives <= 30 * 86_400


def test_an_unreachable_provider_is_named():
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("too slow")

    app = App(PROVIDERS["google"], "id")
    with Flow(app, httpx.MockTransport(fail)) as client, pytest.raises(RemoteError) as caught:
        client.refresh("token")
    assert caught.value.code == "oauth.unreachable"
    assert caught.value.values["host"] == "oauth2.googleapis.com"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"oauth": "other"}, "oauth.unknown-provider"),
        ({"oauth": "google"}, "oauth.no-client"),
        (
            {"oauth": "microsoft", "oauth_client_id": "x", "oauth_tenant": "../evil"},
            "oauth.bad-tenant",
        ),
        (
            {"oauth": "custom", "oauth_client_id": "x", "oauth_token_url": "http://far.example"},
            "oauth.insecure-address",
        ),
        ({"oauth": "custom", "oauth_client_id": "x"}, "oauth.insecure-address"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings, code):
    with pytest.raises(UsageError) as caught:
        app_of(json.dumps(settings))
    assert caught.value.code == code


def test_an_account_with_a_password_signs_in_nowhere():
    assert app_of("{}") is None
    assert app_of("not json") is None


def test_the_directory_of_a_company_stands_in_the_address():
    app = app_of(json.dumps({"oauth": "microsoft", "oauth_client_id": "x", "oauth_tenant": "a-b"}))
    assert app is not None
    assert app.provider.token_url == "https://login.microsoftonline.com/a-b/oauth2/v2.0/token"


def test_a_token_is_used_until_it_is_nearly_over(oauth, root):
    clock = FakeClock()
    tokens = Tokens(root, now=clock)
    with pytest.raises(UsageError, match=r"oauth\.not-signed-in"):
        tokens.access(account(oauth))
    granted = oauth.grant()
    tokens.keep("support", Grant(granted["access_token"], granted["refresh_token"], 3600))
    assert tokens.access(account(oauth)) == granted["access_token"]

    clock.advance(minutes=56)
    renewed = tokens.access(account(oauth))

    assert renewed != granted["access_token"]
    assert renewed in oauth.access
    assert tokens.access(account(oauth)) == renewed
    assert oauth.refreshes == 1


def test_many_processes_refresh_once(oauth, root):
    clock = FakeClock()
    granted = oauth.grant()
    Tokens(root, now=clock).keep("support", Grant("old", granted["refresh_token"], 10))
    start = threading.Barrier(6)

    def ask(_: int) -> str:
        start.wait()
        return Tokens(root, now=clock).access(account(oauth))

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(ask, range(6)))
    assert len(found) == 1
    assert oauth.refreshes == 1


def test_an_old_refresh_token_stays_where_no_new_one_came(oauth, root):
    oauth.rotates = False
    clock = FakeClock()
    granted = oauth.grant()
    tokens = Tokens(root, now=clock)
    tokens.keep("support", Grant("old", granted["refresh_token"], 10))
    for _ in range(2):
        tokens.access(account(oauth))
        clock.advance(hours=2)
    assert oauth.refreshes == 2


def test_a_sign_in_that_was_taken_back_stops_the_account(oauth, root):
    tokens = Tokens(root, now=FakeClock())
    tokens.keep("support", Grant("old", "unknown", 10))
    with pytest.raises(AuthFailed, match=r"oauth\.sign-in-again"):
        tokens.access(account(oauth))
    with pytest.raises(UsageError, match=r"oauth\.no-refresh"):
        tokens.keep("support", Grant("old", "", 10))


def test_tokens_are_kept_with_the_secrets_and_nowhere_else(oauth, root, tmp_path):
    clock = FakeClock()
    Tokens(root, now=clock).keep("support", Grant("the-access-token", "the-refresh-token", 9999))
    where = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and b"the-refresh-token" in path.read_bytes()
    ]
    assert [path.stat().st_mode & 0o777 for path in where] == [0o600]
    assert not where[0].is_relative_to(root)
    clock.advance(hours=0)
    assert Tokens(root, now=clock).access(account(oauth)) == "the-access-token"


@pytest.mark.dovecot
@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_a_token_opens_a_real_mailbox_and_a_wrong_one_does_not(oauth, root, mechanism):
    tokens_at = f"http://127.0.0.1:{oauth.port}/introspect"
    with running_dovecot(tokens_at=tokens_at, mechanisms=mechanism) as server:
        known = account(oauth, **server.settings("tls"))
        granted = oauth.grant()
        Tokens(root).keep("support", Grant("stale", granted["refresh_token"], 0))
        settings = read_settings(known.settings, USER)

        box = Mailbox(settings, stored_passwords(root)(known, "imap"))

        assert box.open_folder("INBOX").validity > 0
        box.close()
        with pytest.raises(AuthFailed) as caught:
            Mailbox(settings, "some-other-token")
        assert caught.value.code == "imap.login-refused"
        assert "some-other-token" not in str(caught.value)


def test_a_token_logs_in_to_send_and_a_wrong_one_does_not(oauth, root, tmp_path):
    certificates = make_certificates(tmp_path / "certs")
    with running_smtp(certificates) as server:
        server.tokens = oauth.access
        known = account(oauth, **server.settings(), user=USER, ca_file=str(certificates.ca))
        granted = oauth.grant()
        Tokens(root).keep("support", Grant("stale", granted["refresh_token"], 0))
        settings = read_settings(known.settings, USER)
        mailer = Mailer(settings, stored_passwords(root)(known, "smtp"))
        mailer.connect()
        mailer.send(USER, ["lena@example.net"], b"Subject: x\r\n\r\nx\r\n", lambda: None)
        mailer.close()
        assert server.taken[0].user == USER
        other = Mailer(settings, "wrong")
        with pytest.raises(AuthFailed, match=r"smtp\.login-refused"):
            other.connect()
        other.close()


@pytest.mark.parametrize(
    "target", ["/favicon.ico", "/?error=access_denied", "/?code=x&state=other", "/?code=x&state="]
)
def test_who_is_not_the_browser_of_this_sign_in_ends_nothing(target):
    with Loopback() as loopback, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(httpx.get, f"{loopback.redirect}{target}", timeout=PATIENCE)
        while not asked.done():
            with pytest.raises(RemoteError, match=r"oauth\.expired"):
                loopback.wait(None, 1.0, state="mine")
        assert asked.result().status_code == 404
