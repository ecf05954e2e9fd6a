"""What the doctor says of the files of a store that a group shares, and how it mends them."""

from __future__ import annotations

import grp
import os
import stat
from pathlib import Path

import pytest

from helpdesk_tui.cli.main import run
from helpdesk_tui.services import disks
from tests.support.shell import Shell


def checks(shell: Shell, code: int) -> dict[str, dict[str, str]]:
    found = shell.json("doctor", code=code)["checks"]
    return {each["name"]: each for each in found}


def test_wrong_modes_of_a_shared_store_are_named_and_mended(desk: Shell) -> None:
    assert checks(desk, 0)["modes"]["state"] == "ok"
    desk.store.chmod(0o2770)
    found = checks(desk, 1)["modes"]
    assert found["state"] == "failed"
    assert "600, not 660" in found["detail"] or "700, not 2770" in found["detail"]
    assert "--mend" in found["mend"]
    desk("doctor", "--mend")
    found = checks(desk, 0)["modes"]
    assert (found["state"], "shared by the group" in found["detail"]) == ("ok", True)
    database = desk.store / "helpdesk.db"
    assert stat.S_IMODE(database.stat().st_mode) == 0o660


def test_a_store_on_a_network_disk_is_refused(
    desk: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"box:/desk {tmp_path.resolve()} nfs4 rw 0 0\n")
    monkeypatch.setattr(disks, "MOUNTS", mounts)
    monkeypatch.setattr(disks.disk_kind, "__defaults__", (mounts,))
    monkeypatch.setattr(disks.require_local, "__defaults__", (mounts,))
    assert "network disk (nfs4)" in desk.fails("ticket", "list", code=2)


def test_a_shared_store_is_made_for_a_group(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "shared"
    group = grp.getgrgid(os.getegid()).gr_name
    common = ["--store", str(root), "init", "--non-interactive", "--set", "agent.name=anna"]
    assert run([*common, "--group", "no-such-group"]) == 4
    assert "groupadd no-such-group" in capsys.readouterr().err
    assert run([*common, "--group", group]) == 0
    assert stat.S_IMODE(root.stat().st_mode) == 0o2770
    assert stat.S_IMODE((root / "helpdesk.db").stat().st_mode) == 0o660
