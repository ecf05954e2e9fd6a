"""kill -9 at any moment: nothing lost, nothing shown twice, nothing sent twice in silence."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from tests.e2e.test_e2e_email_desk import parsed
from tests.support.box import Box, running_box
from tests.support.material import tool
from tests.support.waiting import PATIENCE

KILLS = 25
"""Kill points of each of the two tests."""
PER_ROUND = 12
_STARTING = 0.45
"""Part of a round in which Python only loads modules: few kills there."""


def start_worker(box: Box, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the worker as the box would."""
    return subprocess.Popen(
        box.command("sync", "--quiet", *arguments),
        env=box.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


class Killer:
    """Runs rounds of the worker and kills each at a moment that the seed chooses."""

    def __init__(self, box: Box, seed: int) -> None:
        self._box = box
        self._dice = random.Random(seed)
        self._whole = 1.0
        self.hits = 0
        """Rounds that were killed before they ended by themselves."""

    def measure(self) -> None:
        """Let one round end, to learn how long one takes on this machine."""
        began = time.monotonic()
        assert start_worker(self._box, "--once").wait(PATIENCE) == 0
        self._whole = time.monotonic() - began

    def round(self) -> None:
        """Run a round and kill it, most often where it works and sometimes where it starts."""
        part = self._dice.uniform(_STARTING if self._dice.random() < 0.9 else 0.0, 1.0)
        began = time.monotonic()
        worker = start_worker(self._box, "--once")
        try:
            worker.wait(part * self._whole)
        except subprocess.TimeoutExpired:
            self.hits += 1
        else:
            # the machine has less to do than when it was measured
            self._whole = time.monotonic() - began
        worker.kill()
        worker.wait()


def rows(box: Box, sql: str) -> list[tuple[Any, ...]]:
    """Look into the database behind the program's back."""
    with closing(sqlite3.connect(box.store / "helpdesk.db")) as link:
        return link.execute(sql).fetchall()


def check_integrity(box: Box) -> None:
    """The database is sound, and so are its search index and its counters."""
    assert rows(box, "PRAGMA integrity_check") == [("ok",)]
    assert rows(box, "PRAGMA foreign_key_check") == []
    store = Store(box.store)
    with store.write() as link:
        link.execute("INSERT INTO message_fts (message_fts, rank) VALUES ('integrity-check', 1)")
    store.close()
    found = box.json("search", "is:open", "--limit", "500")["tickets"]
    assert len(found) == len(rows(box, "SELECT 1 FROM ticket WHERE status = 'open'"))


@pytest.mark.dovecot
@pytest.mark.slow
def test_ingest_survives_kill_at_any_moment(tmp_path: Path) -> None:
    count = (KILLS + 1) * PER_ROUND
    mails = [mail.raw for mail in tool("gen_mail").mails(count, seed=3, odd=0.0)]
    with running_box(tmp_path) as box:
        box.connect_mailbox()
        killer = Killer(box, seed=7)
        box.imap.deliver(mails[:PER_ROUND])
        killer.measure()
        for start in range(PER_ROUND, count, PER_ROUND):
            box.imap.deliver(mails[start : start + PER_ROUND])
            killer.round()
        box.sync()
        check_integrity(box)
        assert killer.hits > KILLS // 2
        stored = Counter(external for (external,) in rows(box, "SELECT external_id FROM message"))
        wanted = Counter(str(parsed(raw)["Message-ID"]).strip("<>") for raw in mails)
        assert stored == wanted
        assert box.sync()["seen"] == 0


@pytest.mark.dovecot
@pytest.mark.slow
def test_sending_survives_kill_at_any_moment(tmp_path: Path) -> None:
    with running_box(tmp_path) as box:
        box.connect_mailbox()
        mails = [mail for mail in tool("gen_mail").mails(80, seed=5, odd=0.0) if not mail.position]
        box.imap.deliver(mail.raw for mail in mails)
        box.sync()
        tickets = [
            row["id"] for row in box.json_here("ticket", "list", "--limit", "200")["tickets"]
        ]
        # a server that takes its time: many a mail is there before its sender knows of it
        box.smtp.after_data = slowly
        killer = Killer(box, seed=11)
        queued = [reply(box, tickets[0], "the first answer")]
        killer.measure()
        for number in range(KILLS):
            queued.append(reply(box, tickets[number % len(tickets)], f"answer {number}"))
            killer.round()
        settle(box)
        check_integrity(box)
        assert killer.hits > KILLS // 2
        check_sent(box, queued)


def slowly(server: object) -> str:
    """Accept a mail after a while, as a server does that scans what comes in."""
    time.sleep(0.25)
    return "250 queued as 1"


def reply(box: Box, ticket: str, text: str) -> int:
    """Queue a reply and return the id of its message."""
    return int(box.here("ticket", "reply", ticket, "--text", text, "-q"))


def check_sent(box: Box, queued: list[int]) -> None:
    """Each reply left exactly once, or the desk says that it does not know."""
    sent = Counter(str(parsed(mail.raw)["Message-ID"]).strip("<>") for mail in box.smtp.taken)
    copies = Counter(
        str(parsed(raw)["Message-ID"]).strip("<>") for raw in box.imap.folder("Gesendet")
    )
    found = rows(box, "SELECT id, delivery, external_id FROM message WHERE direction = 'outbound'")
    assert sorted(key for key, _, _ in found) == sorted(queued)
    assert max(sent.values()) == 1, "a reply went out twice"
    assert set(copies.values()) == {1}, "a copy was filed twice"
    assert {state for _, state, _ in found} <= {"sent", "unknown"}
    for _, state, external in found:
        if state == "sent":
            assert (sent[external], copies[external]) == (1, 1)
    assert sum(state == "sent" for _, state, _ in found) > KILLS // 2


def settle(box: Box) -> None:
    """Let a worker finish what killed ones had claimed."""
    worker = start_worker(box)
    try:
        end = time.monotonic() + 100
        open_states = "SELECT 1 FROM message WHERE delivery IN ('queued', 'sending') LIMIT 1"
        while rows(box, open_states) or box.imap.folder("Gesendet") == []:
            assert time.monotonic() < end, "the outbox never emptied"
            time.sleep(0.2)
    finally:
        worker.terminate()
        worker.wait()
    box.sync()
