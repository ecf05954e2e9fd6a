"""A store that the accounts of a Unix group share: modes, identities, disks."""

from __future__ import annotations

import grp
import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from site import getsitepackages

import pytest

from helpdesk_tui.db.blobs import put_blob
from helpdesk_tui.db.modes import is_shared, mend_modes, share, wrong_modes
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import NotAllowed, NotFound, StoreError
from helpdesk_tui.services import identity
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.services.disks import disk_kind, require_local
from helpdesk_tui.services.identity import acting_account
from helpdesk_tui.services.setup import prepare_store, share_store
from tests.support.store import add_agent, make_store
from tests.support.waiting import PATIENCE

PROJECT = Path(__file__).resolve().parents[2]
PATHS = os.pathsep.join((str(PROJECT), *getsitepackages()))
GROUP, ONE, TWO, STRANGER = "games", "daemon", "bin", "sys"
"""A group and accounts that every Debian has; the stranger is not let into the group."""
MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
files:/desk /srv/desk nfs4 rw 0 0
//nas/desk /srv/my\\040desk cifs rw 0 0
tmpfs /srv/desk/fast tmpfs rw 0 0
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Return a store of this process's own group, made under a umask that takes all away."""
    root = tmp_path / "desk"
    before = os.umask(0o077)
    try:
        share(root, os.getegid())
        prepare_store(root)
        store = Store(root)
        with store.write() as connection:
            put_blob(connection, store.paths, "ab" * 32, 200_000, "plain", b"x" * 200_000)
        store.close()
    finally:
        os.umask(before)
    return root


def test_the_group_may_write_every_file_whatever_the_umask(shared: Path) -> None:
    assert is_shared(shared)
    found = {path: mode(path) for path in (shared, *shared.rglob("*"))}
    assert len(found) >= 6
    for path, has in found.items():
        assert has == (0o2770 if path.is_dir() else 0o660), path
    assert list(wrong_modes(shared)) == []


def test_wrong_modes_are_found_and_mended(shared: Path) -> None:
    database = shared / "helpdesk.db"
    database.chmod(0o640)
    blob = next(path for path in (shared / "blobs").rglob("*") if path.is_file())
    blob.chmod(0o600)
    assert {wrong.path for wrong in wrong_modes(shared)} == {database, blob}
    assert mend_modes(shared) == 2
    assert list(wrong_modes(shared)) == []


def test_a_store_of_one_person_stays_their_own(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    root = store.paths.root
    store.close()
    assert not is_shared(root)
    assert mode(root) == 0o700
    assert mode(root / "helpdesk.db") == 0o600
    (root / "helpdesk.db").chmod(0o604)
    assert [(wrong.found, wrong.wanted) for wrong in wrong_modes(root)] == [(0o604, 0o600)]


def test_a_store_open_to_all_is_refused(shared: Path) -> None:
    shared.chmod(0o2775)
    with pytest.raises(StoreError) as raised:
        prepare_store(shared)
    assert raised.value.code == "store.open-to-all"


def test_a_group_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as raised:
        share_store(tmp_path / "desk", "no-such-group")
    assert raised.value.code == "group.unknown"


def test_the_account_is_the_agent(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(shared)
    add_agent(store, "anna")
    store.close()
    monkeypatch.setattr(identity, "account_name", lambda: "anna")
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert acting_account(shared, "") == acting_account(shared, "anna") == "anna"
    desk = open_desk(shared)
    assert (desk.actor.name, desk.actor.identified_by) == ("anna", "account")
    desk.close()
    with pytest.raises(NotAllowed) as raised:
        open_desk(shared, agent="bert")
    assert raised.value.code == "agent.by-account"
    monkeypatch.setattr(identity, "account_name", lambda: "carl")
    with pytest.raises(NotAllowed) as raised:
        open_desk(shared)
    assert raised.value.code == "agent.no-account"


def test_names_are_typed_where_nothing_is_shared(tmp_path: Path) -> None:
    assert acting_account(tmp_path, "anna") is None


def test_an_account_without_a_name_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 987_654_321)
    assert identity.account_name() == ""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/srv/desk", "nfs4"),
        ("/srv/desk/store", "nfs4"),
        ("/srv/desk/fast/store", "tmpfs"),
        ("/srv/my desk", "cifs"),
        ("/srv/desktop", "ext4"),
    ],
)
def test_disks_of_other_machines_are_refused(tmp_path: Path, place: str, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert disk_kind(Path(place), mounts) == kind
    if kind in ("nfs4", "cifs"):
        with pytest.raises(StoreError) as raised:
            require_local(Path(place), mounts)
        assert raised.value.values["kind"] == kind
    else:
        require_local(Path(place), mounts)


def test_without_a_list_of_mounts_nothing_is_refused(tmp_path: Path) -> None:
    require_local(tmp_path, tmp_path / "none")


class Accounts:
    """Runs the program as other accounts of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.python = sys.executable

    def run(self, account: str, *arguments: str, in_group: bool = True) -> tuple[int, str, str]:
        """Run a command as an account under a umask that hides everything."""
        entry = pwd.getpwnam(account)
        groups = str(grp.getgrnam(GROUP).gr_gid) if in_group else str(entry.pw_gid)
        done = subprocess.run(
            ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", f"--groups={groups}",
             "sh", "-c", 'umask 077; exec "$@"', "sh", self.python, "-m", "helpdesk_tui",
             "--store", str(self.root), *arguments],
            cwd=PROJECT,
            env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": PATHS,
                 "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
            capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def accounts() -> Iterator[Accounts]:
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can act as other accounts (setpriv)")
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-group-"))
    folder.chmod(0o755)
    found = Accounts(folder / "desk")
    try:
        code, _, errors = found.run(ONE, "--version")
        if code != 0:
            # an interpreter in somebody's home is closed to others; the system's is not
            found.python = f"/usr/bin/python3.{sys.version_info.minor}"
            code, _, errors = found.run(ONE, "--version")
        if code != 0:
            pytest.skip(f"other accounts cannot run this Python here: {errors.strip()[-200:]}")
        yield found
    finally:
        shutil.rmtree(folder)


def test_two_accounts_work_on_one_store(accounts: Accounts) -> None:
    setup = subprocess.run(
        [sys.executable, "-m", "helpdesk_tui", "--store", str(accounts.root), "init", "--group",
         GROUP, "--non-interactive", "--set", f"agent.name={ONE}"],
        cwd=PROJECT, capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    assert ONE in setup.stdout + setup.stderr
    assert accounts.run(TWO, "ticket", "list", "--json")[0] == 3
    code, _, errors = accounts.run(ONE, "agent", "add", TWO)
    assert code == 0, errors
    for account in (ONE, TWO):
        code, out, errors = accounts.run(account, "setting", "set", "notify", "none", "--json")
        assert code == 0, errors
        assert json.loads(out)["own"] is True
        assert accounts.run(account, "status", "--json")[0] == 0
    code, _, errors = accounts.run(TWO, "--agent", ONE, "ticket", "list")
    assert code == 3
    assert "Unix account" in errors
    assert accounts.run(TWO, "setting", "set", "desk.name", "Mine")[0] == 3
    code, _, errors = accounts.run(STRANGER, "ticket", "list", in_group=False)
    assert code != 0
    assert "Traceback" not in errors
    assert {mode(path) for path in accounts.root.iterdir() if path.is_file()} == {0o660}
