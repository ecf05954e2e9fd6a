"""What a start loads before its first picture: every module there makes each start wait."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.store import add_agent, add_message, add_ticket, make_store

OURS = 105
"""Modules of ours, packages among them, that a first picture may take; it took 103."""
LATER = (
    "alembic",
    "hashlib",
    "helpdesk_tui.domain.accounts",
    "helpdesk_tui.domain.commerce",
    "helpdesk_tui.domain.customers",
    "helpdesk_tui.domain.mail",
    "helpdesk_tui.domain.messages",
    "helpdesk_tui.domain.presence",
    "helpdesk_tui.domain.quiet_hours",
    "helpdesk_tui.domain.ticket_details",
    "helpdesk_tui.screens.thread",
    "helpdesk_tui.sync",
    "helpdesk_tui.widgets.sidebar",
    "helpdesk_tui.widgets.thread",
    "helpdesk_tui.widgets.words.codes",
    "helpdesk_tui.widgets.words.errors",
    "httpx",
    "imapclient",
    "keyring",
    "secrets",
    "sqlalchemy",
    "sqlmodel",
    "tomllib",
)
"""What has its use after the first picture, or in other processes."""

START = """
import sys
from pathlib import Path

from textual.drivers.headless_driver import HeadlessDriver

from helpdesk_tui.app import HelpdeskApp
from helpdesk_tui.cli import ui
from helpdesk_tui.cli.main import run


class Terminal(HeadlessDriver):
    is_headless = False

    def write(self, data):
        told = Path(sys.argv[2])
        if "Lena Doe" in data and not told.exists():
            told.write_text("\\n".join(sys.modules))
            self._app.exit()


HelpdeskApp.get_driver_class = lambda self: Terminal
ui._require_terminal = lambda: None
sys.exit(run(["--store", sys.argv[1], "--agent", "anna"]))
"""


def test_the_first_picture_loads_no_more_than_it_shows(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    add_agent(store, "anna")
    for priority in ("low", "normal", "high", "urgent"):
        ticket = add_ticket(store, assignee="anna", status="open", unread=1, priority=priority)
        add_message(store, ticket, text="Where is my parcel?")
    store.close()
    # what measures coverage loads modules of its own
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HELPDESK_", "COVERAGE_", "COV_"))
    }
    told = tmp_path / "loaded"
    subprocess.run(
        [sys.executable, "-c", START, str(store.paths.root), str(told)],
        env={**kept, "XDG_CONFIG_HOME": str(tmp_path), "HELPDESK_WORKER": "off"},
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=120,
    )
    loaded = told.read_text().split("\n")
    assert [name for name in LATER if name in loaded] == []
    ours = [name for name in loaded if name.partition(".")[0] == "helpdesk_tui"]
    assert len(ours) <= OURS, ours
