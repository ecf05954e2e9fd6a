"""What doctor says of numbers and accounts at providers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from helpdesk_tui.cli.doctor_messaging import messaging_findings
from helpdesk_tui.services.messaging.meta import MetaAccount, TokenAge
from helpdesk_tui.services.secrets import Secret, set_secret
from tests.support.meta_desk import MetaDesk
from tests.support.providers.running import running_providers
from tests.support.relay import TOKEN, running_relay
from tests.support.relay_hooks import Hooked, metas_signature
from tests.support.shell import Shell
from tests.support.store import make_store
from tests.support.waiting import PATIENCE


@pytest.fixture
def sim():
    with running_providers() as running:
        yield running


@pytest.fixture
def desk(tmp_path, sim, shell: Shell):
    store = make_store(tmp_path)
    with running_relay(tmp_path / "relay", site=None) as relay:
        made = MetaDesk(store, sim, relay)
        set_secret(store.paths.root, "relay", Secret(TOKEN))
        yield made
    store.close()


def connect(desk, account, token):
    root = desk.store.paths.root
    set_secret(root, account.name, Secret(token))
    set_secret(root, f"{account.name}-app", Secret(desk.sim.whatsapp.hook.secret))


def said(desk):
    return [(each.state, each.detail) for each in messaging_findings(desk.store.paths.root)]


def test_all_is_well_but_for_the_webhook_that_nothing_came_by(desk, sim):
    account = desk.whatsapp()
    connect(desk, account, sim.whatsapp.token)
    found = said(desk)
    assert [state for state, _ in found] == ["ok", "warning"]
    assert "/hooks/meta" in found[1][1]
    sim.whatsapp.customer_sends("+15557770001", "hello")
    desk.fetch(account)
    assert [state for state, _ in said(desk)] == ["ok"]


def test_a_wrong_signature_is_said_until_a_right_one_comes(desk, sim):
    account = desk.whatsapp()
    connect(desk, account, sim.whatsapp.token)
    desk.fetch(account)
    url = f"{desk.relay.url}/hooks/meta"
    assert httpx.post(url, content=b"{}", timeout=PATIENCE).status_code == 403
    (failed,) = [detail for state, detail in said(desk) if state == "failed"]
    assert "its signature was wrong" in failed
    sim.whatsapp.customer_sends("+15557770001", "hello")
    desk.fetch(account)
    assert [state for state, _ in said(desk)] == ["ok"]


def test_news_that_nobody_fetches_are_said(desk, sim, monkeypatch):
    account = desk.whatsapp()
    connect(desk, account, sim.whatsapp.token)
    desk.fetch(account)
    body = b'{"object":"whatsapp_business_account","entry":[]}'
    secret = sim.whatsapp.hook.secret
    signed = {"X-Hub-Signature-256": metas_signature(body, secret)}
    httpx.post(
        f"{desk.relay.url}/hooks/meta", content=body, headers=signed, timeout=PATIENCE
    ).raise_for_status()
    monkeypatch.setattr("helpdesk_tui.cli.doctor_messaging._LATE", timedelta(0))
    assert any("waits at the relay for too long" in detail for _, detail in said(desk))


def test_a_public_address_that_leads_nowhere_is_warned_about(desk, sim, tmp_path):
    account = desk.whatsapp()
    connect(desk, account, sim.whatsapp.token)
    desk.fetch(account)
    assert not any("does not answer" in detail for _, detail in said(desk))
    port = httpx.URL(desk.relay.url).port
    with running_relay(tmp_path / "moved", site=None, public_url="http://127.0.0.1:9") as moved:
        with desk.store.write() as connection:
            connection.execute("UPDATE channel_account SET settings = replace(settings, ?, ?)",
                               (str(port), str(httpx.URL(moved.url).port)))  # fmt: skip
        Hooked(moved).publish("meta", "meta", consumers=[account.name])
        assert any("does not answer at http://127.0.0.1:9" in each for _, each in said(desk))


def test_a_relay_that_does_not_know_its_address_is_named(desk, sim, monkeypatch):
    account = desk.whatsapp()
    connect(desk, account, sim.whatsapp.token)
    desk.fetch(account)
    # a provider of the real world is not on this machine
    monkeypatch.setattr(
        "helpdesk_tui.sync.channels.messaging.relay_checks.setting_of",
        lambda account, name: "https://graph.facebook.com",
    )
    assert any("does not know its public address" in detail for _, detail in said(desk))


def test_each_step_that_fails_is_named(desk, sim):
    connect(desk, desk.whatsapp(), "wrong")
    (first, *_) = said(desk)
    assert first[0] == "failed"
    assert "the token has run out, or was withdrawn" in first[1]


def test_a_number_without_approved_templates_is_warned_about(desk, sim):
    connect(desk, desk.whatsapp(), sim.whatsapp.token)
    sim.whatsapp.templates = []
    assert any("no template is approved" in detail for _, detail in said(desk))


def test_a_token_that_ends_soon_is_warned_about(desk, sim):
    account = desk.instagram()
    connect(desk, account, sim.instagram.token)
    now = datetime.now(UTC)
    known = MetaAccount(desk.store, account)
    known.save_token_age(TokenAge(now, now + timedelta(days=50)))
    assert not any("ends on" in detail for _, detail in said(desk))
    known.save_token_age(TokenAge(now, now + timedelta(days=5)))
    assert any("ends on" in detail for _, detail in said(desk))


def test_accounts_that_are_off_are_left_alone(desk, sim):
    desk.whatsapp()
    with desk.store.write() as connection:
        connection.execute("UPDATE channel_account SET enabled = 0")
    assert said(desk) == []
    assert json.dumps([asked.operation for asked in sim.watch.asked]) == "[]"
