"""Numbers by command: connected, tried out, refused with the reason."""

from __future__ import annotations

import io
import json

import pytest

from helpdesk_tui.cli.main import run as run_cli
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.services.secrets import get_secret
from tests.support.providers.running import running_providers
from tests.support.relay import TOKEN, running_relay
from tests.support.shell import Shell
from tests.support.store import add_agent, make_store


@pytest.fixture
def root(tmp_path, shell: Shell):
    store = make_store(tmp_path)
    add_agent(store, "anna", role="owner")
    store.close()
    return store.paths.root


@pytest.fixture
def sim():
    with running_providers() as running:
        yield running


@pytest.fixture
def run(root, sim, monkeypatch):
    def call(*words: str, secrets: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(secrets))
        return run_cli(["--store", str(root), "--agent", "anna", *words])

    return call


def _add(sim, kind="sms", number="+15550001111", **options):
    said = {"number": number, "account-sid": sim.twilio.account_sid, "api": sim.twilio.url}
    words = [each for name, value in {**said, **options}.items() for each in (f"--{name}", value)]
    more = ["--provider", "twilio"] if kind == "whatsapp" else []
    return ["channel", "add", kind, *words, *more, "--token-stdin"]


def _channels(root):
    desk = open_desk(root, agent="anna")
    found = desk.admin.channels()
    desk.close()
    return found


@pytest.mark.parametrize("kind", ["sms", "whatsapp"])
def test_a_number_is_connected_after_it_was_tried_out(root, run, sim, capsys, kind):
    assert run(*_add(sim, kind), secrets=f"{sim.twilio.token}\n") == 0
    said = capsys.readouterr().out
    assert "+15550001111" in said
    assert sim.twilio.token not in said
    account = _channels(root)[0]
    assert (account.channel, account.address) == (kind, "+15550001111")
    assert json.loads(account.settings)["provider"] == "twilio"
    assert sim.twilio.token not in account.settings
    assert run("channel", "test", kind, "--json") == 0
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert {each["name"] for each in checks} >= {"settings", "provider-login", "messages"}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("ACME", "customers cannot answer a branded sender"),
        ("Acme 24", "customers cannot answer a branded sender"),
        ("070-123 45 67", "give it with a plus sign and the country"),
        ("+0123456789", "give it with a plus sign and the country"),
        ("", "give it with a plus sign and the country"),
    ],
)
def test_what_cannot_receive_is_refused_with_the_reason(root, run, sim, capsys, number, words):
    assert run(*_add(sim, number=number), secrets=sim.twilio.token) == 2
    assert words in " ".join(capsys.readouterr().err.split())
    assert not _channels(root)


@pytest.mark.parametrize(
    ("options", "secret", "words"),
    [
        ({}, "wrong", "refuses the login"),
        ({"account-sid": "AC123"}, "any", "is not an id of Twilio"),
        ({"key-sid": "AC" + "0" * 32}, "any", "is not an id of Twilio"),
        ({"number": "+15559998888"}, "", "is not a number of this account"),
        ({"api": "http://twilio.example"}, "any", "not where the secret may be sent"),
        ({"hook": "messages"}, "any", "a webhook comes in at the relay"),
        ({"relay": "http://chat.example"}, "any", "is not encrypted"),
        ({"relay": "chat.example"}, "any", "is no address of a relay"),
    ],
)
def test_what_does_not_work_is_said_and_not_saved(root, run, sim, capsys, options, secret, words):
    code = run(*_add(sim, **options), secrets=secret or sim.twilio.token)
    assert code in (2, 5)
    captured = capsys.readouterr()
    assert words in " ".join((captured.out + captured.err).split())
    assert not _channels(root)


def test_a_number_may_be_written_as_people_do(root, run, sim):
    assert run(*_add(sim, number="+1 (555) 000-1111"), secrets=sim.twilio.token) == 0
    assert _channels(root)[0].address == "+15550001111"


def test_a_short_code_receives_texts_and_no_whatsapp(root, run, sim):
    sim.twilio.numbers = ["24680"]
    assert run(*_add(sim, "whatsapp", number="24680"), secrets=sim.twilio.token) == 2
    assert run(*_add(sim, number="24680"), secrets=sim.twilio.token) == 0
    assert _channels(root)[0].address == "24680"


def test_a_number_is_connected_once(root, run, sim, capsys):
    assert run(*_add(sim), secrets=sim.twilio.token) == 0
    assert run(*_add(sim, name="again"), secrets=sim.twilio.token) == 2
    assert "connected already, as sms" in " ".join(capsys.readouterr().err.split())


def test_the_account_over_there_may_be_shut(root, run, sim, capsys):
    sim.twilio.account_status = "suspended"
    assert run(*_add(sim), secrets=sim.twilio.token) == 5
    assert not _channels(root)


def test_a_key_logs_in_and_the_auth_token_signs_webhooks(
    root, run, sim, tmp_path, capsys, monkeypatch
):
    key = "SK" + "0" * 31 + "7"
    sim.twilio.keys[key] = "secret-of-the-key"
    monkeypatch.setenv("HELPDESK_SECRET_RELAY", TOKEN)
    with running_relay(tmp_path / "relay", site=None) as relay:
        options = {"key-sid": key, "relay": relay.url, "hook": "messages"}
        secrets = f"secret-of-the-key\n{sim.twilio.token}\n"
        assert run(*_add(sim, **options), secrets=secrets) == 0
    assert get_secret(root, "sms").reveal() == "secret-of-the-key"
    assert get_secret(root, "sms-app").reveal() == sim.twilio.token


def test_a_new_auth_token_signs_webhooks_too_and_the_former_holds_on(
    root, run, sim, tmp_path, monkeypatch
):
    monkeypatch.setenv("HELPDESK_SECRET_RELAY", TOKEN)
    former = sim.twilio.token
    with running_relay(tmp_path / "relay", site=None) as relay:
        options = {"relay": relay.url, "hook": "messages"}
        assert run(*_add(sim, **options), secrets=former) == 0
        assert get_secret(root, "sms-app").reveal() == former
        sim.twilio.token = "another-token-of-tests"
        words = ("channel", "password", "sms", "--password-stdin")
        assert run(*words, secrets="wrong") == 5
        assert run(*words, secrets=sim.twilio.token) == 0
    assert get_secret(root, "sms").reveal() == sim.twilio.token
    assert get_secret(root, "sms-app").reveal() == sim.twilio.token
    assert get_secret(root, "sms-app-old").reveal() == former


def test_a_number_is_changed_after_it_was_tried_out(root, run, sim, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HELPDESK_SECRET_RELAY", TOKEN)
    assert run(*_add(sim), secrets=sim.twilio.token) == 0
    assert run("channel", "change", "sms", "--hook", "messages") == 2
    assert run("channel", "change", "sms", "--relay", "http://127.0.0.1:9") == 5
    assert "relay" not in json.loads(_channels(root)[0].settings)
    with running_relay(tmp_path / "relay", site=None) as relay:
        words = ("channel", "change", "sms", "--relay", relay.url, "--hook", "messages")
        assert run(*words) == 0
    settings = json.loads(_channels(root)[0].settings)
    assert (settings["relay"], settings["hook"]) == (relay.url, "messages")
    assert get_secret(root, "sms-app").reveal() == sim.twilio.token
    assert run("channel", "change", "sms", "--relay", "", "--hook", "") == 0
    settings = json.loads(_channels(root)[0].settings)
    assert not {"relay", "hook"} & settings.keys()
    assert settings["provider"] == "twilio"


def test_a_webhook_beside_a_key_wants_the_auth_token_first(
    root, run, sim, tmp_path, monkeypatch, capsys
):
    key = "SK" + "0" * 31 + "7"
    sim.twilio.keys[key] = "secret-of-the-key"
    monkeypatch.setenv("HELPDESK_SECRET_RELAY", TOKEN)
    assert run(*_add(sim, **{"key-sid": key}), secrets="secret-of-the-key") == 0
    with running_relay(tmp_path / "relay", site=None) as relay:
        words = ("channel", "change", "sms", "--relay", relay.url, "--hook", "messages")
        assert run(*words) == 2
        assert "secret set sms-app" in " ".join(capsys.readouterr().err.split())
        assert run("secret", "set", "sms-app", "--stdin", secrets=sim.twilio.token) == 0
        assert run(*words) == 0
