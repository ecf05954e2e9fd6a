"""Other programs to measure against, found where Debian puts them, on mails of a seeded store."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from email.utils import format_datetime
from pathlib import Path

from benchmarks.common import Skipped, cache, seeded
from benchmarks.term import Term, terminal
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.times import from_us

_NEWEST = (
    "SELECT id, subject, text, author_name, sender, recipients, received_at FROM message"
    " ORDER BY id DESC LIMIT ?"
)
LISTED = 2_000
"""Mails of the mailbox that mail readers list."""
_NEOMUTT = 'set quit=yes help=yes mbox_type=Maildir record="" postponed="" sort=threads\n'
_AERC = """\
[box]
source = maildir://{root}
default = INBOX
from = Anna <anna@shop.example>
check-mail = 0
"""


def maildir(mails: int, tickets: int) -> Path:
    """Return a folder with the newest mails of a seeded store, made once and then kept."""
    box = cache() / f"maildir-{tickets}-{mails}"
    if (box / "made").exists():
        return box
    shutil.rmtree(box, ignore_errors=True)
    inbox = box / "INBOX"
    for name in ("cur", "new", "tmp"):
        (inbox / name).mkdir(parents=True)
    with closing(sqlite3.connect(StorePaths(seeded(tickets)).database)) as link:
        for row in link.execute(_NEWEST, (mails,)):
            (inbox / "cur" / f"{row[0]}.bench:2,S").write_bytes(_mail(*row))
    (box / "made").touch()
    return box


def mbox(mails: int, tickets: int) -> Path:
    """Return one file with the newest mails of a seeded store, made once and then kept."""
    path = cache() / f"mails-{tickets}-{mails}.mbox"
    if path.exists():
        return path
    part = path.with_suffix(".part")
    with (
        closing(sqlite3.connect(StorePaths(seeded(tickets)).database)) as link,
        part.open("wb") as out,
    ):
        for row in link.execute(_NEWEST, (mails,)):
            body = _mail(*row).replace(b"\nFrom ", b"\n>From ")
            out.write(b"From customer@shop.example Fri Nov 20 12:00:00 2026\n" + body + b"\n")
    part.rename(path)
    return path


def _mail(
    number: int, subject: str, text: str, name: str, sender: str, to: str, received: int
) -> bytes:
    # headers as they are, in UTF-8: the library would take minutes for so many
    head = (
        f'From: "{name}" <{sender}>\nTo: support@shop.example\nSubject: {subject}\n'
        f"Date: {format_datetime(from_us(received))}\nMessage-ID: <{number}@bench.example>\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\n"
    )
    return f"{head}\n{text}\n".encode()


def needed(program: str, package: str) -> str:
    """Return the path of a program.

    Raises:
        Skipped: if it is not installed, with what would install it.
    """
    found = shutil.which(program)
    if found is None:
        raise Skipped(f"{program} is not on the path: apt-get install {package}")
    return found


@contextlib.contextmanager
def neomutt(tickets: int) -> Iterator[Term]:
    """Open a mailbox in neomutt."""
    program = needed("neomutt", "neomutt")
    box = maildir(LISTED, tickets) / "INBOX"
    with tempfile.TemporaryDirectory() as folder:
        rc = Path(folder) / "rc"
        rc.write_text(f"{_NEOMUTT}set folder={folder}\nset spoolfile={box}\n")
        command = [program, "-n", "-F", str(rc), "-R", "-f", str(box)]
        with terminal(command, "NeoMutt") as term:
            yield term


@contextlib.contextmanager
def aerc(tickets: int) -> Iterator[Term]:
    """Open a mailbox in aerc."""
    program = needed("aerc", "aerc")
    box = maildir(LISTED, tickets)
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "aerc"
        settings.mkdir()
        accounts = settings / "accounts.conf"
        accounts.write_text(_AERC.format(root=box))
        accounts.chmod(0o600)
        for name in ("aerc.conf", "binds.conf"):
            shared = Path("/usr/share/aerc") / name
            if shared.exists():
                shutil.copy(shared, settings / name)
        home = ["env", f"XDG_CONFIG_HOME={folder}", f"XDG_CACHE_HOME={folder}", f"HOME={folder}"]
        with terminal([*home, program], "INBOX") as term:
            yield term


class Notmuch:
    """notmuch's library in a process of its own, on the mails of a store; times come from there."""

    def __init__(self, tickets: int) -> None:
        needed("notmuch", "notmuch python3-notmuch2")
        python = "/usr/bin/python3"
        probe = subprocess.run([python, "-c", "import notmuch2"], capture_output=True, check=False)
        if probe.returncode:
            raise Skipped("notmuch's library is not there: apt-get install python3-notmuch2")
        box = maildir(tickets, tickets)
        self._index(box)
        server = Path(__file__).with_name("notmuch_peer.py")
        self._process = subprocess.Popen(
            [python, str(server), str(box)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def _index(self, box: Path) -> None:
        config = box / "notmuch-config"
        if (box / "indexed").exists():
            return
        config.write_text(
            f"[database]\npath={box}\n[user]\nname=Anna\nprimary_email=anna@shop.example\n"
            "[new]\ntags=inbox\nignore=notmuch-config;made;indexed\n"
        )
        subprocess.run(
            ["notmuch", f"--config={config}", "new", "--quiet"], check=True, capture_output=True
        )
        (box / "indexed").touch()

    def search(self, words: str) -> float:
        """Return the seconds that the newest 50 mails with some words take."""
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("notmuch has no pipes")
        process.stdin.write(words + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"waited for notmuch to answer {words!r}: it ended")
        seconds, found = line.split()
        if int(found) != 50:
            raise RuntimeError(f"notmuch found {found} of 50 mails for {words!r}")
        return float(seconds)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
