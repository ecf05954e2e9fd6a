from __future__ import annotations

import io
import os
import sqlite3
import tarfile
import threading

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.services.backup import backup, restore
from helpdesk_tui.services.drafts import Drafts
from helpdesk_tui.services.setup import prepare_store
from tests.support.store import add_agent, add_message, add_ticket, make_root


@pytest.fixture
def root(tmp_path):
    root = make_root(tmp_path)
    store = Store(root)
    ticket = add_ticket(store, subject="Parcel")
    add_message(store, ticket)
    anna = Actor(ActorKind.AGENT, add_agent(store), "anna")
    Drafts(store, anna).attach(ticket, DraftKind.REPLY, "big.bin", os.urandom(150_000))
    store.close()
    return root


def subjects(root):
    with sqlite3.connect(root / "helpdesk.db") as link:
        found = link.execute("SELECT subject FROM ticket ORDER BY id").fetchall()
    link.close()
    return [name for (name,) in found]


def test_a_backup_becomes_the_same_store_again(root, tmp_path):
    file, target = tmp_path / "desk.tar", tmp_path / "new"
    backup(root, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["desk.tar", "store"]
    restore(file, target)
    assert subjects(target) == ["Parcel"]
    assert target.stat().st_mode & 0o777 == 0o700
    assert [each.stat().st_size for each in (target / "blobs").glob("*/*")] == [150_000]
    prepare_store(target)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["desk.tar", "new", "store"]


def test_a_reply_on_its_way_is_not_sent_by_a_restored_store(root, tmp_path):
    store = Store(root)
    add_message(store, 1, direction="outbound", delivery="queued")
    store.close()
    backup(root, tmp_path / "desk.tar")
    restore(tmp_path / "desk.tar", tmp_path / "new")
    with sqlite3.connect(tmp_path / "new" / "helpdesk.db") as link:
        states = link.execute(
            "SELECT delivery, error_code FROM message WHERE direction = 'outbound'"
        ).fetchall()
    link.close()
    assert states == [("unknown", "restore.uncertain")]


def test_a_backup_is_consistent_while_agents_write(root, tmp_path):
    stop = threading.Event()
    store = Store(root)

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            ticket = add_ticket(store, subject=f"live {number}", email="live@x.example")
            add_message(store, ticket)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(3):
            backup(root, tmp_path / f"{number}.tar")
    finally:
        stop.set()
        thread.join()
        store.close()
    for number in range(3):
        restore(tmp_path / f"{number}.tar", tmp_path / f"new{number}")
        assert "Parcel" in subjects(tmp_path / f"new{number}")


def test_nothing_is_overwritten(root, tmp_path):
    file = tmp_path / "desk.tar"
    backup(root, file)
    for call, code in (
        (lambda: backup(root, file), "file.exists"),
        (lambda: restore(file, root), "restore.not-empty"),
        (lambda: backup(tmp_path / "none", tmp_path / "x.tar"), "store.missing"),
        (lambda: restore(tmp_path / "none.tar", tmp_path / "x"), "file.missing"),
        (lambda: backup(root, tmp_path / "none" / "x.tar"), "backup.failed"),
    ):
        with pytest.raises(HelpdeskError) as caught:
            call()
        assert caught.value.code == code
    assert subjects(root) == ["Parcel"]


def tar_of(path, *members):
    with tarfile.open(path, "w") as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            if data is None:
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
                archive.addfile(member)
            else:
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    return path


@pytest.mark.parametrize(
    "members",
    [
        [("../evil", b"x")],
        [("/tmp/evil", b"x")],
        [("helpdesk.db", None)],
        [("blobs/aa/../../../evil", b"x")],
        [("helpdesk.db", b"no database")],
        [("helpdesk.db", b"")],
        [],
    ],
)
def test_what_is_no_backup_is_refused_and_leaves_nothing(tmp_path, members):
    file = tar_of(tmp_path / "bad.tar", *members)
    with pytest.raises(HelpdeskError) as caught:
        restore(file, tmp_path / "new")
    assert caught.value.code in ("backup.broken", "file.exists")
    assert [each.name for each in tmp_path.iterdir()] == ["bad.tar"]


def test_no_archive_at_all_is_refused(tmp_path):
    file = tmp_path / "bad.tar"
    file.write_bytes(b"x" * 5000)
    with pytest.raises(HelpdeskError, match=r"backup\.broken"):
        restore(file, tmp_path / "new")


def test_a_backup_that_lacks_an_attachment_is_refused(root, tmp_path):
    backup(root, tmp_path / "desk.tar")
    with (
        tarfile.open(tmp_path / "desk.tar") as whole,
        tarfile.open(tmp_path / "part.tar", "w") as part,
    ):
        member = whole.getmember("helpdesk.db")
        part.addfile(member, whole.extractfile(member))
    with pytest.raises(HelpdeskError) as caught:
        restore(tmp_path / "part.tar", tmp_path / "new")
    assert caught.value.code == "backup.broken"


def test_a_newer_store_is_not_restored(root, tmp_path):
    with sqlite3.connect(root / "helpdesk.db") as link:
        link.execute("PRAGMA user_version = 99")
    link.close()
    backup(root, tmp_path / "desk.tar")
    with pytest.raises(HelpdeskError, match=r"store\.newer"):
        restore(tmp_path / "desk.tar", tmp_path / "new")
