"""A store in one file and back."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from helpdesk_tui.cli.demo_command import fill
from helpdesk_tui.cli.main import run
from tests.support.store import START


def listed(root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what the store lists."""
    assert run(["--store", str(root), "ticket", "list", "--limit", "250", "--json"]) == 0
    return capsys.readouterr().out


def test_a_restored_store_is_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, file, copy = tmp_path / "store", tmp_path / "all.tar", tmp_path / "copy"
    fill(root, now=START)
    assert run(["--store", str(root), "backup", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"file": str(file), "size": file.stat().st_size}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run(["--store", str(copy), "restore", str(file)]) == 0
    capsys.readouterr()
    assert listed(copy, capsys) == listed(root, capsys)
    target = tmp_path / "picture"
    assert run(["--store", str(copy), "attachment", "get", "1", "-o", str(target)]) == 0
    assert target.stat().st_size > 0


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, file = tmp_path / "store", tmp_path / "all.tar"
    fill(root, now=START)
    assert run(["--store", str(root), "backup", str(file)]) == 0
    assert run(["--store", str(root), "backup", str(file)]) == 2
    assert run(["--store", str(root), "restore", str(file)]) == 2
    assert run(["--store", str(tmp_path / "x"), "restore", str(tmp_path / "none")]) == 4
    file.write_bytes(b"no backup")
    assert run(["--store", str(tmp_path / "y"), "restore", str(file)]) == 2
    assert not (tmp_path / "y" / "helpdesk.db").exists()
    capsys.readouterr()
