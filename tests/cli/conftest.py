"""The command line in an empty home, and on a store that was just made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.sync.channels import email
from tests.support.shell import Shell
from tests.support.store import make_root


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    for name in [name for name in os.environ if name.startswith("HELPDESK_")]:
        if name != "HELPDESK_MATERIAL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HELPDESK_CONFIG", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HELPDESK_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return Shell(tmp_path, capsys)


@pytest.fixture
def desk(shell: Shell, tmp_path: Path) -> Shell:
    # how a store is made from nothing is for the tests of that: here it is there, without an owner
    make_root(tmp_path)
    shell("init", "--non-interactive", "--set", "agent.name=anna", "--set", "desk.name=Acme")
    return shell


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every server answer; returns the passwords it was asked with."""
    seen: list[str] = []

    def answer(account: object, secret: str, *_: str) -> list[Check]:
        seen.append(secret)
        return [Check("imap-connect", True, values={"host": "h"}), Check("imap-login", True)]

    monkeypatch.setattr(email, "test", answer)
    return seen
