"""The line to a relay: what is asked of it, and what is believed of its answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.sync.channels.errors import Rejected, Retry
from helpdesk_tui.sync.passwords import stored_passwords
from helpdesk_tui.sync.relay_line import RelayLine, hook_of, line_of, relay_of
from helpdesk_tui.sync.relay_wire import answers_at
from tests.support.messaging import MessagingBox
from tests.support.relay import TOKEN, Running, running_relay
from tests.support.relay_hooks import APP_SECRET, AUTH_TOKEN, VERIFY_TOKEN, Hooked, meta_body
from tests.support.store import FakeClock, make_store
from tests.support.waiting import PATIENCE


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


@pytest.fixture
def line(relay: Running) -> Iterator[RelayLine]:
    """Return a line to it."""
    found = RelayLine(relay.url, TOKEN)
    yield found
    found.close()


def password(account: Account, purpose: str) -> str:
    """Return the secrets of tests."""
    app = AUTH_TOKEN if account.channel == "sms" else APP_SECRET
    found = {"relay": TOKEN, "app-secret": app, "verify": VERIFY_TOKEN}
    return found.get(purpose, "")


def test_a_delivery_is_fetched_until_it_is_acknowledged(line: RelayLine, relay: Running) -> None:
    with pytest.raises(Retry, match="hook-unknown"):
        line.deliveries("m", "one")
    url = line.put_hook("m", provider="meta", secrets=[APP_SECRET], consumers=["one"])
    assert url == f"{relay.url}/hooks/m"
    with pytest.raises(Retry, match="hook-unknown"):
        line.deliveries("m", "another")
    Hooked(relay).meta(meta_body("ż"))

    (first,) = line.deliveries("m", "one")
    assert json.loads(first.body)["entry"][0]["changes"] == ["ż"]
    assert line.deliveries("m", "one", after=first.seq) == ()
    health = line.hook_health("m")
    assert (health.is_known, health.waiting, health.oldest) == (True, {"one": 1}, first.at)
    line.ack("m", "one", first.seq)

    assert line.deliveries("m", "one") == ()
    assert line.hook_health("m").last_at == first.at
    assert line.hook_health("nowhere").is_known is False


@pytest.mark.parametrize("is_file", [True, False])
def test_a_file_is_put_fetched_and_deleted(
    line: RelayLine, tmp_path: Path, *, is_file: bool
) -> None:
    data = bytes(range(256)) * 3_000
    path = tmp_path / "label.png"
    path.write_bytes(data)
    token = "x" * 32

    url = line.put_media(
        token, path if is_file else data, name="mój plik.png", content_type="image/png",
        seconds=60,
    )  # fmt: skip

    assert httpx.get(url, timeout=PATIENCE).content == data
    state = line.media_state(token)
    assert state is not None
    assert state.fetched == 1
    assert line.media_state("y" * 32) is None


def test_a_file_above_the_limit_is_refused_for_good(tmp_path: Path) -> None:
    with running_relay(tmp_path, site=None, media_limit=1_000) as relay:
        line = RelayLine(relay.url, TOKEN)
        with pytest.raises(Rejected, match=r"media\.too-large"):
            line.put_media("x" * 32, bytes(2_000), name="a", content_type="a/b", seconds=9)
        line.close()


def test_an_older_relay_says_so() -> None:
    old = httpx.MockTransport(lambda request: httpx.Response(404, json={"error": "not.found"}))
    line = RelayLine("https://relay.example", TOKEN, transport=old)

    with pytest.raises(Retry, match=r"relay\.too-old"):
        line.put_hook("m", provider="meta", secrets=["x"])


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"url": 1}', b'{"url": "javascript:x"}', b'{"url": "http://a\\n"}'],
)
def test_nonsense_of_a_relay_is_not_believed(body: bytes) -> None:
    said = httpx.MockTransport(
        lambda request: httpx.Response(200, content=body, headers={"X-Relay-Version": "1"})
    )
    line = RelayLine("https://relay.example", TOKEN, transport=said)

    with pytest.raises(HelpdeskError, match=r"relay\.(nonsense|version)"):
        line.put_hook("m", provider="meta", secrets=["x"])


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"relay": "chat.shop.example"}, "relay.bad-url"),
        ({"relay": "http://chat.shop.example"}, "relay.plain-refused"),
        ({"relay": "https://chat.shop.example", "hook": "a/b"}, "channel.settings-broken"),
    ],
)
def test_settings_that_are_none_say_so(
    box: MessagingBox, settings: dict[str, str], code: str
) -> None:
    account = box.account("sms", name="odd", **settings)

    with pytest.raises(HelpdeskError) as caught:
        _ = relay_of(account), hook_of(account)

    assert caught.value.code == code


def test_the_token_is_the_secret_relay_or_that_of_the_chat_there(
    box: MessagingBox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").touch()
    monkeypatch.setenv("HELPDESK_CONFIG", str(tmp_path / "config.toml"))
    root = box.store.paths.root
    monkeypatch.setenv("HELPDESK_SECRET_CHAT", "of-the-chat")
    monkeypatch.setenv("HELPDESK_SECRET_OTHER", "of-another")
    for name, url in (("other", "https://b.example"), ("chat", "https://a.example/")):
        with box.store.write() as connection:
            connection.execute(
                "INSERT INTO channel_account (name, channel, address, settings, created_at)"
                " VALUES (?, 'webchat', 'shop', ?, 1)",
                (name, json.dumps({"relay": url})),
            )
    account = box.account("sms", name="us", relay="https://a.example", hook="t")
    found = stored_passwords(root)

    assert found(account, "relay") == "of-the-chat"
    assert [found(account, each) for each in ("app-secret", "verify")] == ["", ""]
    monkeypatch.setenv("HELPDESK_SECRET_RELAY", "of-the-relay")
    monkeypatch.setenv("HELPDESK_SECRET_US_APP", "signs")
    assert found(account, "relay") == "of-the-relay"
    assert found(account, "app-secret") == "signs"


def test_an_account_without_a_relay_has_no_line(box: MessagingBox) -> None:
    assert line_of(box.sms, password) is None


@pytest.mark.parametrize(
    ("url", "answer", "is_ours"),
    [
        ("https://a.example/hooks/m", (405, {"error": "method.wrong"}), True),
        ("http://127.0.0.1:1/hooks/m", (405, {"error": "method.wrong"}), True),
        ("http://a.example/hooks/m", (405, {"error": "method.wrong"}), False),
        ("https://a.example/hooks/m", (405, {"error": "other"}), False),
        ("https://a.example/hooks/m", (405, "no object"), False),
        ("https://a.example/hooks/m", (200, {}), False),
        ("https://a.example/hooks/m", (502, {"error": "method.wrong"}), False),
        ("nonsense", (405, {"error": "method.wrong"}), False),
    ],
)
def test_a_public_address_is_ours_only_if_a_relay_answers(
    url: str, answer: tuple[int, object], *, is_ours: bool
) -> None:
    status, said = answer
    net = httpx.MockTransport(lambda request: httpx.Response(status, json=said))

    assert answers_at(url, transport=net) is is_ours


def test_asking_whether_a_public_address_is_ours_counts_as_nothing(relay: Running) -> None:
    hooked = Hooked(relay)
    url = hooked.publish("m", "meta")

    assert answers_at(url)
    assert not answers_at("http://127.0.0.1:9/hooks/m")

    assert hooked.health()["refused"] == 0
