"""``sync`` and the log: what a round prints, where the worker's words go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.cli.main import run
from helpdesk_tui.sync import worker
from tests.support.store import make_root


def test_a_round_without_channels_does_nothing_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_root(tmp_path)
    assert run(["--store", str(root), "sync", "--once", "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["seen"] == 0
    assert summary["errors"] == []
    assert run(["--store", str(root), "sync", "--once"]) == 0
    assert capsys.readouterr().out == "nothing new\n"


def test_an_unknown_channel_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_root(tmp_path)
    assert run(["--store", str(root), "sync", "--once", "--channel", "nobody"]) == 4
    assert "nobody" in capsys.readouterr().err


def test_a_server_that_refuses_is_named_and_decides_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"user": "support@shop.example", "text": "no \x1b[31m"}
    error = {"channel": "support", "code": "imap.login-refused", "values": values}

    def refused(root: Path, **options: Any) -> dict[str, Any]:
        return {"seen": 3, "errors": [error]}

    monkeypatch.setattr(worker, "run", refused)
    assert run(["--store", str(make_root(tmp_path)), "sync", "--once"]) == 5
    printed = capsys.readouterr()
    assert printed.out == "3 read\n"
    (line,) = printed.err.splitlines()
    assert line.startswith("support: IMAP login refused for support@shop.example")
    assert "\x1b" not in line
