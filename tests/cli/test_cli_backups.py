"""A store in one file and back."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from helpdesk_tui.cli.demo_command import fill
from helpdesk_tui.cli.main import run
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.services.drafts import Drafts
from tests.support.store import START, add_agent


def listed(root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what the store lists."""
    assert run(["--store", str(root), "ticket", "list", "--limit", "250", "--json"]) == 0
    return capsys.readouterr().out


def test_a_restored_store_is_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, file, copy = tmp_path / "store", tmp_path / "all.tar", tmp_path / "copy"
    fill(root, now=START)
    assert run(["--store", str(root), "backup", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"file": str(file), "size": file.stat().st_size, "missing": []}
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


def test_a_lost_file_is_named_and_all_else_is_in_the_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, file, copy = tmp_path / "store", tmp_path / "all.tar", tmp_path / "copy"
    fill(root, now=START)
    store = Store(root)
    anna = Actor(ActorKind.AGENT, add_agent(store), "anna")
    for name in ("kept.bin", "lost.bin"):
        Drafts(store, anna).attach(1, DraftKind.REPLY, name, name.encode() + os.urandom(150_000))
    before = set(store.paths.blobs.glob("*/*"))
    store.close()
    lost = next(each for each in before if each.read_bytes().startswith(b"lost"))
    lost.unlink()
    assert run(["--store", str(root), "backup", str(file), "--json"]) == 1
    printed = capsys.readouterr()
    (missing,) = json.loads(printed.out)["missing"]
    assert missing == {"sha256": lost.name, "ticket_id": 1, "name": "lost.bin"}
    assert "lost.bin of ticket 1" in printed.err
    assert run(["--store", str(copy), "restore", str(file)]) == 1
    assert "lost.bin of ticket 1" in capsys.readouterr().err
    kept = {each.name for each in (copy / "blobs").glob("*/*")}
    assert kept == {each.name for each in before} - {lost.name}
    assert not (copy / "missing.txt").exists()
    assert listed(copy, capsys) == listed(root, capsys)
