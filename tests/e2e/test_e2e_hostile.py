"""Mail made to hurt: it is stored once, shown harmlessly everywhere, and stops nothing."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.box import Box, running_box
from tests.support.material import material
from tests.support.terminal import Terminal, escapes_of

OWN = "help@store.example"
TRUSTED = "mx.store.example"
FORGED = "this may be forged"
TOKEN = re.compile(r"SEEN-[a-z0-9-]+")
DMARC = """\
Authentication-Results: {server}; spf=none; dmarc={result} (p=none) header.from=customer.example
From: Carla <carla@customer.example>
To: help@store.example
Subject: Results {server} {result}

Please send it to another address.
"""


def cases() -> list[dict[str, Any]]:
    """Return the expectations, in the order in which the mails are delivered."""
    found = json.loads((material("hostile") / "expectations.json").read_text())["cases"]
    assert isinstance(found, list)
    return found


def delivered() -> list[bytes]:
    """Return the hostile mails, and three whose authentication results say something."""
    folder = material("hostile")
    results = ((TRUSTED, "fail"), (TRUSTED, "pass"), ("mx.evil.example", "fail"))
    return [
        *((folder / case["file"]).read_bytes() for case in cases()),
        *(DMARC.format(server=server, result=result).encode() for server, result in results),
    ]


@pytest.mark.dovecot
@pytest.mark.slow
def test_hostile_mail_is_kept_and_harmless_on_every_screen(tmp_path: Path) -> None:
    with running_box(tmp_path) as box:
        assert box.imap.deliver(delivered()) == len(cases()) + 3
        box.connect_mailbox(OWN)
        box.run("agent", "add", "bo", "--email", "agent.bo@store.example")
        box.run("setting", "set", "trusted-authserv-ids", TRUSTED)
        first = box.sync()
        assert (first["seen"], first["failed"]) == (len(cases()) + 3, 0)
        before = files_outside(box)
        stored = everything(box)
        again = box.sync()
        assert (again["seen"], everything(box)) == (0, stored)
        check_stored(stored)
        check_customers(stored)
        check_authentication(box)
        check_commands(box, stored)
        check_screens(box, stored)
        assert files_outside(box) == before


def files_outside(box: Box) -> set[str]:
    """Return the files that lie around the store: no attachment may get there."""
    kept = ("store", "imap", "home")
    return {path.name for path in box.folder.iterdir() if path.name not in kept}


def everything(box: Box) -> dict[str, Any]:
    """Return every ticket with its thread by id, in the order of the list."""
    rows = box.json_here("ticket", "list", "--limit", "200")["tickets"]
    assert box.json_here("ticket", "list", "is:spam", "--limit", "200")["tickets"] == []
    return {row["id"]: box.json_here("ticket", "show", row["id"]) for row in rows}


def tokens_of(thread: Any) -> set[str]:
    """Return the tokens that a ticket shows."""
    shown = [thread["subject"], *(message["text"] for message in thread["messages"])]
    return set(TOKEN.findall(" ".join(shown)))


def check_stored(stored: dict[str, Any]) -> None:
    """Every mail stands in exactly one ticket; a bounce and nothing at all may make none."""
    found = Counter(token for thread in stored.values() for token in tokens_of(thread))
    assert {case["token"] for case in cases() if case["token"]} <= set(found)
    assert set(found.values()) == {1}
    messages = sum(len(thread["messages"]) for thread in stored.values())
    least = sum(case.get("stored", 1) or 0 for case in cases())
    assert least <= messages - 3 <= len(cases())


def check_customers(stored: dict[str, Any]) -> None:
    """Each message belongs to the address that really sent it, and an agent wrote none."""
    owner = {token: thread for thread in stored.values() for token in tokens_of(thread)}
    for case in cases():
        if case["token"] and "customer" in case:
            assert owner[case["token"]]["customer"]["email"] == case["customer"], case["file"]
    authors = {
        message["author"]["kind"] for thread in stored.values() for message in thread["messages"]
    }
    assert authors <= {"customer", "auto"}
    automatic = owner["SEEN-vacation"]["messages"][0]
    assert automatic["automatic"]


def check_authentication(box: Box) -> None:
    """Only the server that was named is believed, and it never says "verified"."""
    with closing(sqlite3.connect(box.store / "helpdesk.db")) as link:
        rows = link.execute("SELECT subject, flags FROM message").fetchall()
    flags = {subject: set(codes.split()) for subject, codes in rows if "Results" in subject}
    assert flags == {
        f"Results {TRUSTED} fail": {"auth-failed"},
        f"Results {TRUSTED} pass": set(),
        "Results mx.evil.example fail": set(),
    }
    assert not any("verified" in codes for _, codes in rows)


def check_commands(box: Box, stored: dict[str, Any]) -> None:
    """What commands print carries no escape either, as text and as JSON."""
    printed = box.here("ticket", "list", "--limit", "200")
    for ticket in stored:
        printed += box.here("ticket", "show", ticket)
        printed += box.here("ticket", "show", ticket, "--json")
    printed += box.run("mail", "explain", *explained()).stdout
    printed += box.run("mail", "explain", *explained(), "--json").stdout
    assert escapes_of(printed.encode()) == []
    assert "\x1b" not in printed


def explained() -> list[str]:
    """Return the paths of all hostile mails."""
    return [str(material("hostile") / case["file"]) for case in cases()]


def check_screens(box: Box, stored: dict[str, Any]) -> None:
    """Go through all tickets on a wide and on a narrow screen."""
    with Terminal(box.command(), env=box.environment(), size=(180, 50)) as screen:
        screen.see("My inbox   open ▾")
        screen.press("g", "a")
        for ticket in stored:
            # the thread follows the cursor
            screen.see(f"#{ticket} open")
            screen.press("j")
        assert "verified" not in screen.text()
        assert escapes_of(bytes(screen.raw)) == []
    with Terminal(box.command(), env=box.environment(), size=(80, 24)) as screen:
        screen.see("My inbox   open ▾")
        screen.press("g", "a")
        screen.see("All tickets   any status ▾")
        first = next(iter(stored.values()))
        screen.see(str(first["subject"])[:20])
        screen.press("enter")
        for ticket, thread in stored.items():
            screen.see(f"#{ticket} open")
            for token in tokens_of(thread):
                screen.see(token)
            is_forged = thread["subject"] == f"Results {TRUSTED} fail"
            assert (FORGED in screen.text()) == is_forged
            screen.press("J")
        assert escapes_of(bytes(screen.raw)) == []
