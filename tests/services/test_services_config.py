from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.services.config import config_file, load_config, store_path


def test_the_file_says_what_is_needed_before_the_store_opens(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text(
        'store = "/srv/desk"\nagent = "anna"\ntheme = "light"\nzone = "Europe/Warsaw"\n'
        'ascii = true\ndownloads = "~/in"\n[secrets]\nsupport = ["pass", "show", "x"]\n'
        '[keys]\n"ticket.close" = ["x"]\n'
    )
    config = load_config(file, {})
    assert (config.store, config.agent, config.theme) == (Path("/srv/desk"), "anna", "light")
    assert (config.zone, config.ascii, config.downloads) == (
        "Europe/Warsaw", True, Path("~/in").expanduser(),
    )  # fmt: skip
    assert config.commands == {"support": ("pass", "show", "x")}
    assert config.keys == {"ticket.close": ["x"]}
    assert config.secrets_file == tmp_path / "secrets.toml"


def test_the_environment_wins(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('store = "/srv/desk"\nagent = "anna"\n')
    environ = {
        "HELPDESK_STORE": str(tmp_path), "HELPDESK_AGENT": "bert", "HELPDESK_CONFIG": str(file),
    }  # fmt: skip
    config = load_config(None, environ)
    assert (config.store, config.agent, config.file) == (tmp_path, "bert", file)


def test_without_a_file_everything_has_its_default(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    config = load_config(None, {})
    assert config_file({}) == tmp_path / "c" / "helpdesk" / "config.toml"
    assert (config.store, config.agent) == (tmp_path / "d" / "helpdesk", "")


def test_a_named_file_must_be_there(tmp_path):
    with pytest.raises(NotFound, match=r"config\.missing"):
        load_config(tmp_path / "none.toml", {})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("stor = 1", "config.unknown-key"),
        ("store = 1", "config.wrong-type"),
        ("password = 'x'", "config.secret"),
        ("[secrets]\nsupport = 'hunter2'", "config.secret"),
        ("[secrets]\nsupport = [1]", "config.wrong-type"),
        ("= 1", "config.broken"),
        ("keys = " + "[" * 20_000, "config.broken"),
        ("store = 'postgresql+psycopg://x'", "store.address"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, code):
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        load_config(file, {})
    assert caught.value.code == code
    assert "hunter2" not in str(caught.value)


def test_bytes_that_are_no_text_and_folders_are_named(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"config\.broken"):
        load_config(file, {})
    with pytest.raises(UsageError, match=r"config\.unreadable"):
        load_config(tmp_path, {})


def test_a_store_is_a_folder():
    assert store_path("~/x") == Path("~/x").expanduser()
