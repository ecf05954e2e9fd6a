"""I1 and I8: from a mailbox to tickets, against the floor, and whether the tickets are right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.common import Result, Skipped, interleaved, program, tool, tool_path

MAILS = 10_000
_ROUNDS = 5
_TRUTH_MAILS = 3_000
_USER, _PASSWORD = "agent", "secret"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A private IMAP server with generated mail in its INBOX."""

    port: int
    mails: int
    home: Path

    def environment(self) -> dict[str, str]:
        """Return the environment in which the program reaches it.

        Bytecode is kept, as it is of an installed program, also where it is not for work on it.
        """
        return {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(self.home / "bytecode"),
            "HOME": str(self.home),
            "HELPDESK_SECRET_SUPPORT": _PASSWORD,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }


@contextmanager
def mailbox(mails: int, odd: float = 0.02) -> Iterator[Mailbox]:
    """Start a Dovecot on loopback with so many generated mails; ``odd`` of them awkward."""
    from tests.support.dovecot import free_port

    server, generator = tool_path("dovecot_local"), tool_path("gen_mail")
    with tempfile.TemporaryDirectory(prefix="helpdesk-mailbox-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        port = free_port()
        common = [sys.executable, str(server)]
        place = ["--dir", str(folder / "server")]
        _run([
            sys.executable, str(generator), "maildir", "--count", str(mails),
            "--odd", str(odd), "--out", str(folder / "mail"),
        ])  # fmt: skip
        _run([*common, "start", *place, "--maildir", str(folder / "mail"), "--port", str(port)])
        try:
            yield Mailbox(port, mails, folder)
        finally:
            _run([*common, "stop", *place])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Skipped(f"{Path(command[1]).name} failed: {done.stderr[-200:] or done.stdout[-200:]}")


def new_store(store: Path, box: Mailbox) -> None:
    """Make a store with an agent and the mailbox as its channel."""
    from helpdesk_tui.db.migrate import ensure_schema
    from helpdesk_tui.db.store import Store

    ensure_schema(store)
    settings = {
        "imap_host": "127.0.0.1", "imap_port": box.port, "imap_security": "none",
        "smtp_host": "127.0.0.1", "smtp_port": 9, "smtp_security": "none", "user": _USER,
    }  # fmt: skip
    with closing(Store(store)) as opened, opened.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (name, channel, address, enabled, settings, created_at,"
            " error_code, error_text, state)"
            " VALUES ('support', 'email', 'support@shop.example', 1, ?, 0, '', '', 'new')",
            (json.dumps(settings),),
        )
        connection.execute(
            "INSERT INTO agent (name, full_name, email, role, signature, active, created_at)"
            " VALUES ('anna', 'Anna', 'anna@shop.example', 'admin', '', 1, 0)"
        )


def _sync(store: Path, box: Mailbox) -> dict[str, Any]:
    done = subprocess.run(
        program(store, "sync", "--once", "--json"),
        env=box.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"sync ended with {done.returncode}: {done.stderr[-500:]}")
    summary: dict[str, Any] = json.loads(done.stdout)
    if summary["seen"] != box.mails:
        raise RuntimeError(f"{summary['seen']} of {box.mails} mails were seen")
    return summary


def ingest(mails: int = MAILS) -> list[Result]:
    """Measure mails a second of ``sync --once`` and of the floor, in turn, whole processes."""
    with mailbox(mails) as box, tempfile.TemporaryDirectory() as folder:
        stores = iter(Path(folder) / f"store-{number}" for number in range(_ROUNDS + 1))

        def ours() -> float:
            store = next(stores)
            new_store(store, box)
            started = time.perf_counter()
            _sync(store, box)
            return box.mails / (time.perf_counter() - started)

        def floor() -> float:
            answer = Path(folder) / "floor.json"
            _run([
                sys.executable, str(tool_path("imap_floor")), "--port", str(box.port),
                "--user", _USER, "--password", _PASSWORD, "--stages", "chain",
                "--parser", "lean", "--json", str(answer),
            ])  # fmt: skip
            return float(json.loads(answer.read_text())["chain"]["per_s"])

        ours()  # the server builds its index at the first visit
        (rate, best), _ = interleaved([ours, floor], _ROUNDS)
    note = f"{rate:,.0f}/s against {best:,.0f}/s"
    return [
        Result("I1", f"ingest of {mails:,} mails against the lean floor", rate / best, "×",
               0.5, 0.8, note, more_is_better=True),
    ]  # fmt: skip


def truth(mails: int = _TRUTH_MAILS) -> list[Result]:
    """Count what is lost, ends a run early, or becomes another ticket than it should."""
    results = []
    for share in (0.02, 0.3):
        with mailbox(mails, share) as box, tempfile.TemporaryDirectory() as folder:
            store = Path(folder) / "store"
            new_store(store, box)
            ended = 0
            try:
                _sync(store, box)
            except RuntimeError as error:
                print(error, file=sys.stderr)
                ended = 1
            lost, wrong = compare(store, mails, share)
        for what, value in (("lost", lost), ("runs ended early", ended), ("wrong tickets", wrong)):
            results.append(
                Result("I8", f"{what}, {share:.0%} of {mails:,} mails awkward", value, "", 0, 0)
            )
    return results


def compare(store: Path, mails: int, odd: float) -> tuple[int, int]:
    """Return how many mails are in no ticket or list, and how many threads are not one ticket."""
    import hashlib

    from helpdesk_tui.db.store import Store

    with closing(Store(store)) as opened, opened.read() as connection:
        tickets = dict(connection.execute("SELECT raw_sha256, ticket_id FROM message"))
        listed = {row[0] for row in connection.execute("SELECT raw_sha256 FROM intake")}
    threads: dict[Any, set[int]] = defaultdict(set)
    members: dict[int, set[Any]] = defaultdict(set)
    lost = 0
    for each in tool("gen_mail").mails(mails, odd=odd):
        # the Maildir keeps LF where the mail has CR LF, the server gives CR LF for either
        kept = each.raw.replace(b"\r\n", b"\n")
        raw = kept.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        digest = hashlib.sha256(raw).hexdigest()
        ticket = tickets.get(digest)
        if ticket is None:
            lost += digest not in listed
            continue
        threads[each.truth["thread"]].add(ticket)
        members[ticket].add(each.truth["thread"])
    split = sum(len(found) != 1 for found in threads.values())
    joined = sum(len(found) != 1 for found in members.values())
    return lost, split + joined
