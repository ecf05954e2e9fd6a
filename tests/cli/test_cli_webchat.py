"""The chat tab by command: connected, its snippets, its key, and what doctor says of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpdesk_tui.cli.main import run as run_cli
from helpdesk_tui.services.desk import open_desk
from tests.support.relay import TOKEN, running_relay
from tests.support.shell import Shell
from tests.support.store import add_agent, make_store


@pytest.fixture
def root(tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HELPDESK_SECRET_CHAT", TOKEN)
    store = make_store(tmp_path)
    add_agent(store, "anna", role="owner")
    store.close()
    return store.paths.root


def run(root: Path, *words: str) -> int:
    return run_cli(["--store", str(root), "--agent", "anna", *words])


def test_a_chat_is_connected_through_its_relay(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_relay(tmp_path / "relay", site=None) as relay:
        assert run(root, "channel", "add", "webchat", "--relay", relay.url, "--origin",
                   "https://shop.example/start", "--json") == 0  # fmt: skip
    out = capsys.readouterr().out
    assert json.loads(out)["channel"] == "webchat"
    desk = open_desk(root, agent="anna")
    assert desk.settings.get("chat-origins") == ["https://shop.example"]
    assert desk.addresses.list() == ()
    desk.close()
    assert run(root, "channel", "snippet", "chat") == 0
    assert f'{relay.url}/widget.js" data-site="shop"' in capsys.readouterr().out


def test_a_relay_that_refuses_is_not_saved(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("HELPDESK_SECRET_CHAT", "another token of forty characters, all wrong")
    with running_relay(tmp_path / "relay", site=None) as relay:
        assert run(root, "channel", "add", "webchat", "--relay", relay.url) == 5
    desk = open_desk(root, agent="anna")
    assert desk.admin.channels() == ()
    desk.close()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--relay", "http://chat.shop.example"), 2),
        (("--relay", "https://x.example", "--site", "a/b"), 2),
        (("--relay", "https://x.example", "--origin", "shop"), 2),
    ],
)
def test_what_cannot_be_a_chat_is_refused_at_once(
    root: Path, words: tuple[str, ...], code: int
) -> None:
    assert run(root, "channel", "add", "webchat", "--no-test", *words) == code


def test_the_key_is_shown_when_asked_for_and_renewed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(root, "channel", "add", "webchat", "--no-test", "--relay", "https://chat.shop.example")
    capsys.readouterr()
    assert run(root, "channel", "identity-key", "chat", "--json") == 2
    keys = []
    for words in ((), (), ("--rotate",), ("--drop-former",)):
        assert run(root, "channel", "identity-key", "chat", *words) == 0
        keys.append(capsys.readouterr().out.strip())
    first, again, renewed, kept = keys
    assert first == again != renewed == kept
    assert len(first) >= 43


@pytest.mark.parametrize("language", ["python", "node", "ruby", "php", "liquid"])
def test_snippets_are_filled_in_and_hold_no_key(
    root: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(root, "channel", "add", "webchat", "--no-test", "--relay", "https://chat.acme.example")
    capsys.readouterr()
    assert run(root, "channel", "snippet", "chat", "--language", language) == 0
    text = capsys.readouterr().out
    assert "SITE_ID" not in text
    assert "chat.shop.example" not in text
    run(root, "channel", "identity-key", "chat")
    assert capsys.readouterr().out.strip() not in text


def test_doctor_says_what_the_tab_still_needs(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(root, "channel", "add", "webchat", "--no-test", "--relay", "https://chat.acme.example")
    run(root, "doctor")
    text = capsys.readouterr().out
    assert "no page may carry the tab yet" in text
    assert "no privacy policy" in text
    for name in ("chat-origins", "chat-privacy-url", "chat-terms-url"):
        run(root, "setting", "set", name, "https://shop.example/x")
    capsys.readouterr()
    run(root, "doctor")
    assert "0 answers are published" in capsys.readouterr().out
