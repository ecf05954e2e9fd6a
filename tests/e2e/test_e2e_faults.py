"""What goes wrong on a box: each time one clear line that says what to do, and nothing lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support.box import Box, running_box
from tests.support.dovecot import PASSWORD, USER, free_port
from tests.support.terminal import Terminal
from tests.support.waiting import until

pytestmark = [pytest.mark.dovecot, pytest.mark.slow]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """One pair of mail servers for all tests here."""
    with running_box(tmp_path_factory.mktemp("faults")) as box:
        box.connect_mailbox()
        yield box


@pytest.fixture
def box(servers: Box, tmp_path: Path) -> Box:
    """A fresh store beside an empty mailbox, connected."""
    fresh = Box(tmp_path, servers.imap, servers.smtp)
    (tmp_path / "home").mkdir()
    for folder in ("new", "cur"):
        for file in (servers.imap.maildir / folder).iterdir():
            file.unlink()
    shutil.copytree(servers.store, fresh.store)
    return fresh


def mail(number: int, size: int = 0) -> bytes:
    """Return a question, with an attachment of the wanted size that does not compress."""
    made = EmailMessage()
    made["From"], made["To"] = f"c{number}@customer.example", USER
    made["Subject"], made["Message-ID"] = f"Question {number}", f"<q{number}@customer.example>"
    made.set_content(f"text of {number}\n")
    if size:
        made.add_attachment(
            os.urandom(size), maintype="image", subtype="jpeg", filename=f"{number}.jpg"
        )
    return made.as_bytes()


def the_line(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    """Stderr is one line that holds these parts, and no traceback, no bytes marks, no errno."""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    for part in parts:
        assert part in lines[0]
    assert "Errno" not in lines[0]
    assert "b'" not in lines[0]


def ends_with(box: Box, *parts: str, **environment: str) -> None:
    """The UI does not open: it ends with one line in the terminal that is left as it was."""
    with Terminal(box.command(), env=box.environment(**environment), size=(120, 36)) as screen:
        assert screen.ended(), screen.text()
        screen.pump(0.2)
        shown = "".join(line.rstrip("\n") for line in screen.screen.display).split()
        assert "Traceback" not in shown
        for part in parts:
            assert part in " ".join(shown)
        assert b"\x1b[?1049h" not in screen.raw


def test_a_wrong_password_is_told_and_costs_nothing(box: Box) -> None:
    box.imap.deliver([mail(1)])
    done = box.run("sync", "--once", expect=5, more={"HELPDESK_SECRET_SUPPORT": "wrong"})
    the_line(done, "support: ", "login refused", USER, "check the (app) password")
    assert "wrong" not in done.stdout + done.stderr
    assert box.sync()["tickets"] == 1
    (ticket,) = box.json_here("ticket", "list")["tickets"]
    box.here("ticket", "reply", ticket["id"], "--text", "an answer")
    sent = len(box.smtp.taken)
    box.run("sync", "--once", expect=5, more={"HELPDESK_SECRET_SUPPORT": "wrong"})
    (question, answer) = box.json_here("ticket", "show", ticket["id"])["messages"]
    assert (question["delivery"], answer["delivery"]) == ("received", "queued")
    assert len(box.smtp.taken) == sent


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        (
            {"imap": "closed"},
            ("localhost cannot be reached", "Connection refused", "host and port"),
        ),
        (
            {"host": "no.such.host.invalid"},
            ("no.such.host.invalid cannot be reached", "check host"),
        ),
        ({"ca": ""}, ("certificate of localhost is not trusted", "--ca-file")),
        ({"imap": "smtp"}, ("no secure connection to localhost", "TLS from the first byte")),
    ],
    ids=["closed port", "unknown host", "unknown authority", "wrong port"],
)
def test_a_server_that_is_not_reached_or_not_trusted_is_named(
    box: Box, changed: dict[str, str], parts: tuple[str, ...]
) -> None:
    port = {"closed": free_port(), "smtp": box.smtp.port}.get(changed.get("imap", ""))
    ca = changed.get("ca", str(box.imap.certificates.ca))
    add = (
        "channel", "add", "email", "--name", "second", "--address", "second@shop.example",
        "--user", USER, "--imap-host", changed.get("host", "localhost"),
        "--imap-port", str(port or box.imap.tls_port), "--smtp-host", "localhost",
        "--smtp-port", str(box.smtp.port), "--smtp-tls", "starttls",
        "--password-stdin", *(("--ca-file", ca) if ca else ()),
    )  # fmt: skip
    secret = f"{PASSWORD}\n"
    tried = box.run(*add, input=secret, expect=5)
    assert any(all(part in line for part in parts) for line in tried.stdout.splitlines()), tried
    the_line(tried, "nothing was saved for second", "--no-test")
    assert [each["name"] for each in box.json_here("channel", "list")["channels"]] == ["support"]
    box.run(*add, "--no-test", input=secret)
    the_line(box.run("sync", "--once", "--channel", "second", expect=5), "second: ", *parts)


def test_a_mail_server_that_is_gone_keeps_the_reply(box: Box) -> None:
    box.imap.deliver([mail(2)])
    box.sync()
    (ticket,) = box.json_here("ticket", "list")["tickets"]
    box.here("ticket", "reply", ticket["id"], "--text", "an answer")
    with closing(sqlite3.connect(box.store / "helpdesk.db")) as link, link:
        link.execute(
            "UPDATE channel_account SET settings = json_set(settings, '$.smtp_port', ?)",
            (free_port(),),
        )
    done = box.run("sync", "--once", expect=5)
    the_line(done, "support: localhost cannot be reached: Connection refused", "host and port")
    answer = box.json_here("ticket", "show", ticket["id"])["messages"][-1]
    assert answer["delivery"] == "queued"


def test_a_missing_store_is_told_with_what_makes_one(box: Box) -> None:
    gone = str(box.folder / "nowhere")
    for command in (("ticket", "list"), ("sync", "--once"), ("agent", "list")):
        the_line(
            box.run(*command, expect=4, more={"HELPDESK_STORE": gone}),
            gone,
            "'helpdesk init' makes one",
        )
    ends_with(box, "'helpdesk init' makes one", HELPDESK_STORE=gone)
    assert not Path(gone).exists()


def test_a_newer_store_is_left_alone(box: Box) -> None:
    database = box.store / "helpdesk.db"
    with closing(sqlite3.connect(database)) as link:
        link.execute("PRAGMA user_version = 99")
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = database.read_bytes()
    for command in (("ticket", "list"), ("sync", "--once"), ("agent", "add", "bo")):
        done = box.run(*command, expect=2)
        the_line(done, "the store is newer (99) than this program", "update helpdesk")
    ends_with(box, "the store is newer (99)", "update helpdesk")
    assert database.read_bytes() == before


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """Mount a disk of its own; skips the test where that is not permitted."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root (CAP_SYS_ADMIN)")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    """Change the disk under the store."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def test_a_read_only_store_can_be_read_and_says_why_no_more(box: Box) -> None:
    box.imap.deliver([mail(3)])
    box.sync()
    disk = box.folder / "disk"
    with mounted(disk, "size=64m,mode=700"):
        fixed = disk / "store"
        shutil.copytree(box.store, fixed)
        remount(disk, "ro")
        here = {"HELPDESK_STORE": str(fixed)}
        assert "Question 3" in box.run("ticket", "list", more=here).stdout
        for command in (("sync", "--once"), ("agent", "add", "bo"), ("ticket", "close", "1")):
            done = box.run(*command, expect=2, more=here)
            the_line(done, str(fixed), "cannot be written", "ead-only", "on a disk that can")
        ends_with(box, "cannot be written", "Read-only file system", **here)


def test_a_full_disk_pauses_the_sync_and_loses_nothing(box: Box) -> None:
    disk = box.folder / "disk"
    raws = [mail(number, 150_000 if number % 2 else 60_000) for number in range(60)]
    with mounted(disk, "size=4m,mode=700"):
        full = {"HELPDESK_STORE": str(disk / "store")}
        shutil.copytree(box.store, disk / "store")
        box.imap.deliver(raws[:1])
        box.run("sync", "--once", more=full)
        box.imap.deliver(raws[1:])
        done = box.run("sync", "--once", expect=2, more=full)
        the_line(done, "the disk of", str(disk / "store"), "is full", "free some space")
        stored = subjects(disk)
        assert 1 <= len(set(stored)) == len(stored) < len(raws)
        box.run("sync", "--once", expect=2, more=full)
        assert set(subjects(disk)) >= set(stored)
        typed = disk.parent / "typed.txt"
        typed.write_text("a very long note " * 20_000)
        done = box.run("ticket", "note", "1", "--file", str(typed), expect=2, more=full)
        the_line(done, "is full", "free some space")
        remount(disk, "size=64m")
        box.run("sync", "--once", more=full)
        assert sorted(subjects(disk)) == sorted(f"Question {number}" for number in range(60))
        assert box.run("sync", "--once", "--json", more=full).stdout.startswith('{"seen": 0')
        with closing(sqlite3.connect(disk / "store" / "helpdesk.db")) as link:
            assert link.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def subjects(disk: Path) -> list[str]:
    """Return the subjects of the messages that are stored on the disk."""
    with closing(sqlite3.connect(disk / "store" / "helpdesk.db")) as link:
        return [row[0] for row in link.execute("SELECT subject FROM message")]


def test_a_running_worker_goes_on_after_a_full_disk(box: Box) -> None:
    disk = box.folder / "disk"
    with mounted(disk, "size=4m,mode=700"):
        full = {"HELPDESK_STORE": str(disk / "store")}
        shutil.copytree(box.store, disk / "store")
        box.imap.deliver(mail(number, 150_000) for number in range(40))
        worker = subprocess.Popen(
            box.command("sync", "--quiet"), env=box.environment(**full), stdin=subprocess.DEVNULL
        )
        try:
            until(lambda: os.statvfs(disk).f_bavail < 64)
            # it comes to the end of its first pause and finds no room again
            with pytest.raises(subprocess.TimeoutExpired):
                worker.wait(4)
            assert len(subjects(disk)) < 40
            remount(disk, "size=64m")
            until(lambda: len(subjects(disk)) == 40)
        finally:
            worker.terminate()
            worker.wait()
