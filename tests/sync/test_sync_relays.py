"""The worker and a real relay: webhooks and short links are there, also after a loss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from helpdesk_tui.db.messaging.short_links import add_link
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.messaging.relaying import Click
from helpdesk_tui.services.messaging.short_links import ShortLinks
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.receiving import Password
from helpdesk_tui.sync.relays import RelaysLoop
from tests.support.messaging import MessagingBox
from tests.support.relay import TOKEN, Running, running_relay
from tests.support.relay_hooks import APP_SECRET, AUTH_TOKEN, VERIFY_TOKEN, Hooked, meta_body
from tests.support.store import FakeClock, make_store
from tests.support.waiting import PATIENCE

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/130 Mobile Safari/537.36"}


@pytest.fixture
def box(tmp_path: Path) -> Iterator[MessagingBox]:
    """Return a store with an account of each channel."""
    store = make_store(tmp_path / "desk")
    yield MessagingBox(store, FakeClock())
    store.close()


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Running]:
    """Return a relay that knows nothing yet."""
    with running_relay(tmp_path / "relay", site=None) as running:
        yield running


def password(account: Account, purpose: str) -> str:
    """Return the secrets of tests."""
    app = AUTH_TOKEN if account.channel == "sms" else APP_SECRET
    found = {"relay": TOKEN, "app-secret": app, "verify": VERIFY_TOKEN}
    return found.get(purpose, "")


@pytest.fixture
def loop(box: MessagingBox) -> Iterator[RelaysLoop]:
    """Return the worker's thread, not started."""
    found = RelaysLoop(box.store, password)
    yield found
    found.finish()


def tell(box: MessagingBox, password: Password = password) -> None:
    """Bring all relays up to date, as a worker that begins anew."""
    loop = RelaysLoop(box.store, password)
    try:
        loop.once()
    finally:
        loop.finish()


def link_in_a_message(box: MessagingBox, account: Account, code: str, url: str) -> int:
    """Add a message that holds a short link; return its id."""
    box.told(account)
    message = int(box.rows("message")[-1]["id"])
    with box.store.write() as connection:
        assert add_link(connection, code, message, url)
    return message


def clicked(store: Store, message: int) -> int:
    """Return how often links in a message were followed."""
    with store.read() as connection:
        found = connection.execute(
            "SELECT sum(clicks) FROM short_link WHERE message_id = ?", (message,)
        )
        return int(found.fetchone()[0])


def test_the_webhook_of_every_account_is_published(box: MessagingBox, relay: Running) -> None:
    box.account("sms", name="sms-hooked", relay=relay.url, hook="t")
    box.account("whatsapp", name="wa-hooked", relay=relay.url, hook="m")
    box.account("instagram", name="ig-hooked", relay=relay.url, hook="m")

    tell(box)

    hooked = Hooked(relay)
    assert hooked.twilio({"MessageSid": "SM1"}).status_code == 200
    assert hooked.meta(meta_body("x")).status_code == 200
    assert hooked.health("t")["waiting"] == {"sms-hooked": 1}
    assert hooked.health("m")["waiting"] == {"ig-hooked": 1, "wa-hooked": 1}
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "7"}
    assert httpx.get(f"{relay.url}/hooks/m", params=asked, timeout=PATIENCE).text == "7"


def test_who_logs_in_with_the_auth_token_needs_no_other_secret(
    box: MessagingBox, relay: Running
) -> None:
    box.account("sms", name="plain", relay=relay.url, hook="plain")
    box.account("sms", name="keyed", relay=relay.url, hook="keyed", key_sid="SK1")
    given = {"relay": TOKEN, "token": AUTH_TOKEN}

    tell(box, lambda account, purpose: given.get(purpose, ""))

    hooked = Hooked(relay)
    assert hooked.twilio({"a": "b"}, hook="plain").status_code == 200
    # the secret of a key signs nothing
    assert hooked.twilio({"a": "b"}, hook="keyed").status_code == 403


def test_a_relay_that_was_lost_is_told_everything_anew(
    box: MessagingBox, loop: RelaysLoop, tmp_path: Path
) -> None:
    with running_relay(tmp_path / "one", site=None) as relay:
        port = httpx.URL(relay.url).port or 0
        account = box.account("whatsapp", name="wa", relay=relay.url, hook="m")
        message = link_in_a_message(box, account, "Ab3xY9", "https://shop.example/1")
        loop.step()
        assert httpx.get(f"{relay.url}/l/Ab3xY9", timeout=PATIENCE).status_code == 302
    assert loop.step() > 0
    with running_relay(tmp_path / "another", site=None, port=port) as relay:
        tell(box)
        tell(box)
        assert Hooked(relay).meta(meta_body("x")).status_code == 200
        assert (
            httpx.get(f"{relay.url}/l/Ab3xY9", headers=PHONE, timeout=PATIENCE).status_code == 302
        )
        tell(box)
        assert clicked(box.store, message) == 1


def test_a_secret_that_was_changed_is_published_soon(
    box: MessagingBox, relay: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_tui.sync.relays._LOOK_EVERY", 0.0)
    box.account("sms", name="plain", relay=relay.url, hook="plain")
    given = {"relay": TOKEN, "token": "as it was"}
    loop = RelaysLoop(box.store, lambda account, purpose: given.get(purpose, ""))
    try:
        loop.step()
        assert Hooked(relay).twilio({"a": "b"}, hook="plain").status_code == 403
        given["token"] = AUTH_TOKEN
        loop.step()
        assert Hooked(relay).twilio({"a": "b"}, hook="plain").status_code == 200
    finally:
        loop.finish()


def test_a_look_now_and_then_finds_that_a_webhook_is_unknown(
    box: MessagingBox, loop: RelaysLoop, relay: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_tui.sync.relays._LOOK_EVERY", 0.0)
    box.account("whatsapp", name="wa", relay=relay.url, hook="m")
    loop.step()
    Hooked(relay).meta(meta_body("x"))
    with relay.box() as client:
        # as good as lost: nobody is waited for any more
        Hooked(relay).publish("m", "meta", consumers=[], secrets=[])
        assert client.get("/box/v1/hooks/m/health").json()["waiting"] == {}
    loop.step()
    # the relay knows it, so that it is left alone until its hour has come
    assert Hooked(relay).health()["waiting"] == {}
    monkeypatch.setattr("helpdesk_tui.sync.relays._PUBLISH_EVERY", 0.0)
    loop.step()
    assert Hooked(relay).health()["waiting"] == {"wa": 1}


def test_a_changed_account_is_published_at_once(
    box: MessagingBox, loop: RelaysLoop, relay: Running
) -> None:
    account = box.account("whatsapp", name="wa", relay=relay.url, hook="m")
    loop.step()

    box.change("channel_account", account.id, name="renamed")
    loop.step()

    assert Hooked(relay).health()["waiting"] == {"renamed": 0}


def test_an_account_that_is_switched_off_finds_what_came_meanwhile(
    box: MessagingBox, relay: Running
) -> None:
    off = box.account("whatsapp", name="off", relay=relay.url, hook="m")
    box.account("instagram", name="on", relay=relay.url, hook="m")
    box.change("channel_account", off.id, enabled=0)

    tell(box)
    Hooked(relay).meta(meta_body("x"))

    assert Hooked(relay).health()["waiting"] == {"off": 1, "on": 1}


def test_one_relay_out_of_reach_keeps_no_other_waiting(
    box: MessagingBox, loop: RelaysLoop, relay: Running
) -> None:
    box.account("sms", name="dead", relay="http://127.0.0.1:9", hook="t")
    box.account("whatsapp", name="wa", relay=relay.url, hook="m")
    box.account("sms", name="odd", relay="ftp://nowhere", hook="t")

    with pytest.raises(Retry) as caught:
        loop.once()

    assert caught.value.code == "relay.unreachable"
    assert Hooked(relay).health()["known"] is True
    assert loop.step() <= 60


def test_clicks_are_counted_once(box: MessagingBox, relay: Running) -> None:
    account = box.account("sms", name="us", relay=relay.url)
    message = link_in_a_message(box, account, "Ab3xY9", "https://shop.example/1?a=b")
    tell(box)
    for _ in range(3):
        answer = httpx.get(f"{relay.url}/l/Ab3xY9", headers=PHONE, timeout=PATIENCE)
        assert answer.headers["location"] == "https://shop.example/1?a=b"

    tell(box)
    tell(box)

    assert clicked(box.store, message) == 3


def test_a_click_that_is_told_twice_counts_once(box: MessagingBox) -> None:
    message = link_in_a_message(box, box.sms, "Ab3xY9", "https://shop.example/")
    now = datetime(2026, 5, 1, tzinfo=UTC)
    clicks = [Click(each, "Ab3xY9", now + timedelta(seconds=each)) for each in range(3)]
    links = ShortLinks(box.store)

    links.clicked(clicks[:2])
    links.clicked(clicks)
    links.clicked([Click(9, "unknown", now)])

    assert clicked(box.store, message) == 3


def test_many_links_are_published_in_one_go(box: MessagingBox, relay: Running) -> None:
    account = box.account("sms", name="us", relay=relay.url)
    box.told(account)
    message = int(box.rows("message")[-1]["id"])
    with box.store.write() as connection:
        for number in range(1_200):
            add_link(connection, f"code{number}", message, f"https://shop.example/{number}")

    tell(box)

    assert ShortLinks(box.store).unpublished([account.id], 10) == {}
    assert ShortLinks(box.store).expected([account.id]) == 1_200
    answer = httpx.get(f"{relay.url}/l/code1199", timeout=PATIENCE)
    assert answer.headers["location"] == "https://shop.example/1199"
