"""An agent clears fifty tickets by keys alone, in a real terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.cli.demo_command import fill
from tests.support.terminal import Terminal

pytestmark = [pytest.mark.slow]

COMMAND = (sys.executable, "-m", "helpdesk_tui")


class Desk:
    """The sample desk, as its agent and as a script see it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {
            "HELPDESK_STORE": str(root / "store"),
            "HELPDESK_AGENT": "anna",
            "HELPDESK_WORKER": "off",
            "HELPDESK_CONFIG": str(root / "config.toml"),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }
        (root / "config.toml").write_text("", "utf-8")

    def read(self, *words: str) -> dict[str, Any]:
        """Return what a command tells a script."""
        told = subprocess.run(
            [*COMMAND, *words, "--json"],
            env={**os.environ, **self.environment},
            check=True,
            capture_output=True,
            text=True,
        )
        found: dict[str, Any] = json.loads(told.stdout)
        return found

    def tickets(self, query: str) -> list[dict[str, Any]]:
        """Return the tickets that a query finds."""
        found: list[dict[str, Any]] = self.read("ticket", "list", query, "--limit", "500")[
            "tickets"
        ]
        return found

    def terminal(self) -> Terminal:
        return Terminal(COMMAND, size=(120, 36), env=self.environment)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    fill(tmp_path / "store")
    return Desk(tmp_path)


def search(screen: Terminal, desk: Desk, query: str) -> int:
    """Show what a query finds, with the cursor on its first ticket; return how many there are."""
    count = len(desk.tickets(query))
    screen.press("/")
    screen.see("esc cancel")
    screen.press("ctrl+u")
    screen.see('"a phrase"')
    screen.type(query)
    screen.see(query)
    screen.press("enter")
    screen.gone("esc cancel")
    screen.see(f"Search  {query[:20]}")
    lists(screen, count)
    return count


def lists(screen: Terminal, count: int) -> None:
    """Wait until the list of what was found holds so many tickets."""
    said = re.compile(rf"^ +{count} tickets?   ", re.MULTILINE)
    screen.until(lambda: said.search(screen.text()))


def test_an_agent_clears_fifty_tickets_without_a_mouse(desk: Desk) -> None:
    with desk.terminal() as screen:
        screen.see("Mine")
        screen.see("unread")
        wake_the_snoozed(screen)
        work = {ticket["id"] for ticket in desk.tickets("is:open")}
        assert len(work) >= 50
        merge_one_customer(screen, desk)
        snooze_some(screen, desk, 6)
        answer_some(screen, desk, 6)
        hand_one_over(screen, desk)
        close_some(screen, desk, 6)
        close_the_rest(screen, desk)
        assert search(screen, desk, "is:open") == 0
        screen.see("Nothing found")
    assert desk.tickets("is:open") == []
    assert len(desk.tickets("is:snoozed")) == 6
    (merged,) = desk.tickets("is:merged")
    assert merged["id"] in work
    used = {each["name"]: each["uses"] for each in desk.read("macro", "list")["macros"]}
    assert used["Refund sent"] == 6
    assert used["Hand over to Marek"] == 1


def wake_the_snoozed(screen: Terminal) -> None:
    """All snoozed tickets come back at once."""
    screen.press("g", "a", "g", "s")
    screen.see("snoozed ▾")
    screen.see("☾")
    screen.press("*", "A")
    screen.see("15 marked")
    screen.press("E")
    screen.see("y does it")
    screen.press("y")
    screen.see("15 tickets are open again · z undo")
    screen.gone("marked")


def merge_one_customer(screen: Terminal, desk: Desk) -> None:
    """Two tickets of one customer become one, come apart again, and are merged again."""
    customers = Counter(each["customer"]["id"] for each in desk.tickets("is:open channel:email"))
    customer = next(who for who, count in customers.items() if count == 2)
    assert search(screen, desk, f"customer:#{customer} is:open channel:email") == 2
    screen.press("x", "x")
    screen.see("2 marked")
    screen.press("&")
    screen.see("becomes part of")
    screen.press("enter")
    screen.see("merged into")
    lists(screen, 1)
    screen.press("z")
    screen.see("undone")
    lists(screen, 2)
    screen.press("Z")
    screen.see("done again")
    lists(screen, 1)


def snooze_some(screen: Terminal, desk: Desk, count: int) -> None:
    """Each sleeps until another moment; one is taken back and done again."""
    found = search(screen, desk, "is:open")
    for number in range(count):
        screen.press("b")
        screen.see("─ snooze until · #")
        screen.type(f"in {number + 2} days")
        screen.see(f"▌in {number + 2} days")
        screen.press("enter")
        screen.gone("─ snooze until")
        lists(screen, found - number - 1)
    screen.see("sleeps until")
    screen.press("z")
    screen.see("undone")
    lists(screen, found - count + 1)
    screen.press("Z")
    screen.see("done again")
    lists(screen, found - count)


def answer_some(screen: Terminal, desk: Desk, count: int) -> None:
    """A macro writes the answer, tags and closes; the review shows what leaves."""
    found = search(screen, desk, "is:open channel:email")
    for number in range(count):
        screen.press("m")
        screen.see("─ macro for")
        screen.press("3")
        screen.gone("─ macro for")
        screen.see("macro: Refund sent")
        screen.press("ctrl+o")
        screen.see("y send")
        screen.press("y")
        screen.gone("y send")
        lists(screen, found - number - 1)


def hand_one_over(screen: Terminal, desk: Desk) -> None:
    """A macro without a text only acts."""
    found = search(screen, desk, "is:open assignee:none")
    screen.press("m")
    screen.see("─ macro for")
    screen.type("hand over")
    screen.see("▌  Hand over to Marek")
    screen.press("enter")
    screen.see("macro Hand over to Marek · z undo")
    lists(screen, found - 1)


def close_some(screen: Terminal, desk: Desk, count: int) -> None:
    """One by one, the next ticket is under the cursor each time; two are taken back."""
    found = search(screen, desk, "is:open")
    for number in range(count):
        screen.press("e")
        lists(screen, found - number - 1)
    screen.see("closed · z undo")
    for number in range(2):
        screen.press("z")
        lists(screen, found - count + number + 1)
    screen.see("undone: #")
    screen.press("e")
    screen.see("closed · z undo")
    lists(screen, found - count + 1)


def close_the_rest(screen: Terminal, desk: Desk) -> None:
    """Everything at once, taken back in one step, and done again."""
    found = search(screen, desk, "is:open")
    screen.press("*", "A")
    screen.see(f"{found} marked")
    screen.press("e")
    screen.see("y does it")
    screen.press("y")
    screen.see(f"{found} tickets are closed · z undo")
    lists(screen, 0)
    screen.press("z")
    screen.see("undone")
    lists(screen, found)
    screen.press("Z")
    screen.see("done again")
    lists(screen, 0)
