"""Finding mails on disk: mbox, Maildir, single files, folders of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpdesk_tui.cli.mailfiles import count_mails, find_files, read_mails

MBOX = (
    b"From a@b Thu Jan  1 00:00:00 2026\nSubject: one\n\nHello\n>From here on\n>>From twice\n\n"
    b"From c@d Fri Jan  2 00:00:00 2026\nSubject: two\n\nsee\nFrom the middle of a text\n"
)


def mails(*paths: Path) -> list[bytes]:
    """Return the mails under the paths."""
    return [found.raw for file in find_files(paths) for found in read_mails(file)]


def make_maildir(folder: Path, names: dict[str, bytes]) -> Path:
    """Make a Maildir with those files under cur and new."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    for name, raw in names.items():
        (folder / name).write_bytes(raw)
    return folder


def test_an_mbox_is_split_at_separators_only_and_unquoted(tmp_path: Path) -> None:
    box = tmp_path / "inbox"
    box.write_bytes(MBOX)
    assert mails(box) == [
        b"Subject: one\n\nHello\nFrom here on\n>From twice\n",
        b"Subject: two\n\nsee\nFrom the middle of a text\n",
    ]
    assert count_mails(find_files([box])) == 2


def test_an_mbox_with_crlf_is_split_too(tmp_path: Path) -> None:
    box = tmp_path / "inbox.mbox"
    box.write_bytes(MBOX.replace(b"\n", b"\r\n"))
    assert len(mails(box)) == count_mails(find_files([box])) == 2


def test_a_maildir_comes_in_the_order_of_delivery(tmp_path: Path) -> None:
    folder = make_maildir(
        tmp_path / "Maildir",
        {
            "new/1700000009.x.host": b"third",
            "cur/1700000001.y.host:2,S": b"first",
            "cur/999.z.host": b"zero",
            "new/odd-name": b"last",
            "tmp/1700000002.half": b"half written",
        },
    )
    make_maildir(folder / ".Old", {"cur/1.a.host": b"older folder"})
    assert mails(folder) == [b"zero", b"first", b"third", b"last", b"older folder"]


def test_a_folder_is_searched_for_mails_and_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"one")
    (tmp_path / "notes.txt").write_bytes(b"From me to you: no mail")
    (tmp_path / "old.mbox").write_bytes(MBOX)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "17").write_bytes(b"mh style")
    make_maildir(tmp_path / "md", {"new/5.q.host": b"five"})
    found = mails(tmp_path)
    assert sorted(found[:2]) == [b"mh style", b"one"]
    assert b"five" in found
    assert len(found) == 5


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"one")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert mails(tmp_path) == [b"one"]


def test_a_named_file_is_a_mail_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "message.txt"
    path.write_bytes(b"Subject: x\n\ny")
    assert mails(path) == [b"Subject: x\n\ny"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read every file")
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "secret.eml"
    path.write_bytes(b"x")
    path.chmod(0)
    (found,) = (each for file in find_files([path]) for each in read_mails(file))
    assert found.error


def test_a_file_that_vanished_says_why(tmp_path: Path) -> None:
    path = tmp_path / "gone.eml"
    path.write_bytes(b"x")
    files = find_files([path])
    path.unlink()
    (found,) = (each for file in files for each in read_mails(file))
    assert "No such file" in found.error


def test_a_device_without_an_end_is_not_read() -> None:
    (found,) = (each for file in find_files([Path("/dev/zero")]) for each in read_mails(file))
    assert (found.raw, found.error) == (b"", "it is a device")
