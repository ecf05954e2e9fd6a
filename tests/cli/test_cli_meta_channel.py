"""Numbers and accounts at Meta by command: connected, tried out, refused with the reason."""

from __future__ import annotations

import io
import json

import pytest

from helpdesk_tui.cli.main import run as run_cli
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.services.secrets import Secret, get_secret, set_secret
from tests.support.providers.running import running_providers
from tests.support.relay import TOKEN, running_relay
from tests.support.shell import Shell
from tests.support.store import add_agent, make_store

APP_SECRET = "app-secret-of-tests"


@pytest.fixture
def root(tmp_path, shell: Shell):
    store = make_store(tmp_path)
    add_agent(store, "anna", role="owner")
    store.close()
    set_secret(store.paths.root, "relay", Secret(TOKEN))
    return store.paths.root


@pytest.fixture
def sim():
    with running_providers() as running:
        running.whatsapp.is_subscribed = running.instagram.is_subscribed = False
        yield running


@pytest.fixture
def relay(tmp_path):
    with running_relay(tmp_path / "relay", site=None) as running:
        yield running


@pytest.fixture
def run(root, monkeypatch):
    def call(*words: str, secrets: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(secrets))
        return run_cli(["--store", str(root), "--agent", "anna", *words])

    return call


def whatsapp(sim, **changes):
    said = {
        "provider": "meta",
        "number": sim.whatsapp.number,
        "phone-number-id": sim.whatsapp.phone_id,
        "waba-id": sim.whatsapp.waba_id,
        "api": sim.whatsapp.url,
    }
    return words_of("whatsapp", said | changes)


def instagram(sim, **changes):
    said = {
        "handle": sim.instagram.handle,
        "account-id": sim.instagram.ig_id,
        "api": sim.instagram.url,
    }
    return words_of("instagram", said | changes)


def words_of(kind, said):
    words = [each for name, value in said.items() for each in (f"--{name}", value)]
    return ["channel", "add", kind, *words, "--token-stdin"]


def channels(root):
    desk = open_desk(root, agent="anna")
    found = desk.admin.channels()
    desk.close()
    return found


def test_a_number_is_connected_and_what_to_enter_at_meta_is_said(root, run, sim, relay, capsys):
    lines = f"{sim.whatsapp.token}\n{APP_SECRET}\n"
    assert run(*whatsapp(sim, relay=relay.url), secrets=lines) == 0
    said = capsys.readouterr().out
    verify = get_secret(root, "whatsapp-verify").reveal()
    assert f"{relay.url}/hooks/meta" in said
    assert verify in said
    assert len(verify) >= 32
    assert sim.whatsapp.is_subscribed
    assert sim.whatsapp.token not in said
    assert APP_SECRET not in said
    (account,) = channels(root)
    assert (account.channel, account.address) == ("whatsapp", sim.whatsapp.number)
    assert json.loads(account.settings)["hook"] == "meta"
    assert get_secret(root, "whatsapp-app").reveal() == APP_SECRET
    assert run("channel", "test", "whatsapp", "--json") == 0
    checks = {each["name"] for each in json.loads(capsys.readouterr().out)["checks"]}
    assert checks >= {"settings", "provider-login", "subscription", "templates", "hook"}


def test_an_account_of_instagram_needs_no_relay(root, run, sim, capsys):
    assert run(*instagram(sim), secrets=f"{sim.instagram.token}\n") == 0
    said = capsys.readouterr().out
    assert "callback" not in said
    (account,) = channels(root)
    assert (account.channel, account.address) == ("instagram", f"@{sim.instagram.handle}")
    assert json.loads(account.settings)["provider"] == "instagram-login"


def test_an_account_with_a_relay_is_subscribed(root, run, sim, relay, capsys):
    lines = f"{sim.instagram.token}\n{APP_SECRET}\n"
    assert run(*instagram(sim, relay=relay.url, hook="shop"), secrets=lines) == 0
    assert sim.instagram.is_subscribed
    assert f"{relay.url}/hooks/shop" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "name the relay with --relay"),
        ({"relay": "", "number": "ACME"}, "no number as providers write it"),
        ({"phone-number-id": "12/../34", "relay": "http://127.0.0.1:1"}, "is not valid"),
        ({"waba-id": "", "relay": "http://127.0.0.1:1"}, "is not valid"),
        ({"version": "latest", "relay": "http://127.0.0.1:1"}, "is not valid"),
        ({"api": "http://graph.example", "relay": "http://127.0.0.1:1"}, "is not valid"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(root, run, sim, capsys, options, words):
    assert run(*whatsapp(sim, **options), secrets="a\nb\n") == 2
    assert words in " ".join(capsys.readouterr().err.split())
    assert not channels(root)
    assert sim.watch.asked == []


def test_a_relay_that_comes_later_is_subscribed_and_the_webhook_is_printed(
    root, run, sim, relay, capsys
):
    assert run(*instagram(sim), secrets=f"{sim.instagram.token}\n") == 0
    assert run("channel", "webhook", "instagram") == 2
    assert "has no webhook" in capsys.readouterr().err
    set_secret(root, "instagram-app", Secret(APP_SECRET))
    change = ["channel", "change", "instagram", "--relay", relay.url, "--hook", "shop"]
    assert run(*change) == 0
    assert sim.instagram.is_subscribed
    capsys.readouterr()
    assert run("channel", "webhook", "instagram") == 0
    said = capsys.readouterr().out
    assert f"{relay.url}/hooks/shop" in said
    verify = get_secret(root, "instagram-verify").reveal()
    assert verify in said
    assert run("channel", "webhook", "instagram") == 0
    assert verify in capsys.readouterr().out
    assert run("channel", "webhook", "instagram", "--json") == 2


def test_a_refused_token_saves_nothing(root, run, sim, relay, capsys):
    assert run(*whatsapp(sim, relay=relay.url), secrets=f"wrong\n{APP_SECRET}\n") == 5
    assert "token" in capsys.readouterr().err
    assert not channels(root)


def test_the_token_of_somebody_else_is_seen(root, run, sim, capsys):
    words = instagram(sim, **{"account-id": "178400001"})
    assert run(*words, secrets=f"{sim.instagram.token}\n") == 5
    assert "sign in to the other account" in " ".join(capsys.readouterr().out.split())
    assert not channels(root)
