"""Everything a chat runs through, as processes of their own: relay, line, worker, programs, CLI."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.setting import webchat as names
from helpdesk_tui.relay.presence import Patience
from helpdesk_tui.services.desk import Desk, open_desk
from helpdesk_tui.services.secrets import variable_of
from helpdesk_tui.services.worker_state import start_worker
from tests.support.cut_line import CutLine, running_line
from tests.support.dovecot import PASSWORD
from tests.support.relay import IDENTITY_KEY, ORIGIN, TOKEN, Running
from tests.support.relay_killed import KilledRelay
from tests.support.relay_talk import Listener, say
from tests.support.store import add_agent, make_root
from tests.support.terminal import Terminal
from tests.support.waiting import PATIENCE, until

SITE = "shop"
ACCOUNT = "chat"
MAILBOX = "support"
NAME = "Acme Outdoor"


@dataclass(slots=True)
class Visitor:
    """Somebody in a browser: what they write, and what they see."""

    client: httpx.Client
    name: str
    listener: Listener | None = None
    _said: int = 0

    def come(self) -> None:
        """Open the page, or come back to it."""
        self.listener = Listener(self.client)

    def leave(self) -> None:
        """Close the page."""
        if self.listener is not None:
            self.listener.cut()
            self.listener = None

    def say(self, text: str, **more: Any) -> None:
        """Write one message, again and again until the relay has it, as the widget does."""
        self._said += 1
        id_ = f"{self.name}-{self._said}"

        def is_taken() -> bool:
            try:
                say(self.client, id_, text, **more)
            except httpx.TransportError:
                return False
            return True

        until(is_taken)

    def sees(self, text: str) -> None:
        """Wait until a message with this text has come."""
        until(lambda: any(text in each for each in self.texts))

    @property
    def texts(self) -> list[str]:
        """Return what was written to the visitor, in the order in which it came."""
        told = self.listener.told if self.listener else []
        return [data["text"] for _, event, data in told if event == "message" and not _is_own(data)]

    @property
    def events(self) -> list[str]:
        """Return the names of what came."""
        return self.listener.names() if self.listener else []


def _is_own(message: Mapping[str, Any]) -> bool:
    return bool(message["from"] == "visitor")


@dataclass(slots=True)
class World:
    """A desk with two agents and a chat tab, and all that is between them and their visitors."""

    folder: Path
    root: Path
    relay: KilledRelay
    line: CutLine
    worker: subprocess.Popen[bytes] | None = None
    _stack: ExitStack = field(default_factory=ExitStack)
    _visitors: int = 0

    @property
    def environ(self) -> dict[str, str]:
        """The environment of every process of the desk."""
        home = str(self.folder / "home")
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HELPDESK_", "XDG_")) and name not in ("DISPLAY", "NO_COLOR")
        }
        return {
            **kept,
            "HOME": home, "XDG_CONFIG_HOME": f"{home}/config", "XDG_DATA_HOME": f"{home}/data",
            "HELPDESK_STORE": str(self.root), "TZ": "UTC",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            variable_of(ACCOUNT): TOKEN,
            variable_of(f"{ACCOUNT}-identity"): IDENTITY_KEY,
            variable_of(MAILBOX): PASSWORD,
        }  # fmt: skip

    # processes -----------------------------------------------------------------------------------

    def start_worker(self) -> None:
        """Start the worker."""
        self.worker = start_worker(self.root, environ=self.environ)

    def is_up(self) -> bool:
        """Tell whether the relay knows the site; fails at once if the worker has died."""
        assert self.worker is not None
        assert self.worker.poll() is None, "the worker does not start"
        return self.site().get("name") == NAME

    def kill_worker(self) -> None:
        """Kill the worker as the kernel would."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.communicate(timeout=PATIENCE)
            self.worker = None

    def program(self, ticket: int, agent: str = "anna") -> Terminal:
        """Open the program of an agent in a terminal, in a ticket."""
        argv = [sys.executable, "-m", "helpdesk_tui", "--agent", agent, "--ticket", str(ticket)]
        return Terminal(argv, (140, 40), {**self.environ, "HELPDESK_WORKER": "off"})

    def cli(self, *arguments: str, code: int = 0, agent: str = "anna") -> str:
        """Run a command; returns what it printed, complaints included."""
        done = subprocess.run(
            [sys.executable, "-m", "helpdesk_tui", "--agent", agent, *arguments],
            env=self.environ, capture_output=True, text=True, timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == code, f"{arguments}: {done.returncode}: {said}"
        return said

    def desk(self, agent: str = "anna") -> closing[Desk]:
        """Open the desk in this process; use it in a ``with``."""
        return closing(open_desk(self.root, agent=agent))

    def set(self, **values: Any) -> None:
        """Change settings of the desk; ``_`` stands for ``-``."""
        with self.desk() as desk:
            for name, value in values.items():
                desk.settings.set(name.replace("_", "-"), value, desk=True)

    # visitors ------------------------------------------------------------------------------------

    def running(self) -> Running:
        """Return clients of the relay, as browsers reach it: past the line."""
        return self.relay.running()

    def visitor(self, name: str, **claims: Any) -> Visitor:
        """Let a customer come who has not been here."""
        self._visitors += 1
        who = {"sub": str(2000 + self._visitors), "email": f"{name.lower()}@customer.example"}
        client = self.running().visitor(**{**who, "name": name, **claims})
        self._stack.callback(client.close)
        found = Visitor(client, name)
        self._stack.callback(found.leave)
        found.come()
        return found

    def site(self) -> dict[str, Any]:
        """Return what browsers are told of the site."""
        with self.running().browser() as browser:
            found = browser.get(f"/v1/sites/{SITE}")
            return dict(found.json()) if found.status_code == 200 else {}

    # the store -----------------------------------------------------------------------------------

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        where = f"file:{StorePaths(self.root).database}?mode=ro"
        with closing(sqlite3.connect(where, uri=True, timeout=PATIENCE)) as connection:
            return connection.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        """Return the only value that a query finds."""
        found = self.rows(query, *values)
        assert len(found) == 1, found
        return found[0][0]

    def change(self, query: str, *values: Any) -> None:
        """Change rows, as time would: no other clock is to be had in processes of their own."""
        where = StorePaths(self.root).database
        with closing(sqlite3.connect(where, timeout=PATIENCE)) as connection, connection:
            connection.execute(query, values)

    def ticket_of(self, text: str) -> int:
        """Wait for the message with a text, and return its ticket."""
        query = "SELECT ticket_id FROM message WHERE rtrim(text, char(10)) = ?"
        until(lambda: bool(self.rows(query, text)))
        return int(self.one(query, text))

    def ticket(self, ticket_id: int, column: str) -> Any:
        """Return a column of a ticket."""
        return self.one(f"SELECT {column} FROM ticket WHERE id = ?", ticket_id)

    def thread(self, ticket_id: int) -> list[tuple[str, str]]:
        """Return who wrote what in a ticket, oldest first."""
        query = "SELECT author_kind, text FROM message WHERE ticket_id = ? ORDER BY id"
        return [(row[0], row[1]) for row in self.rows(query, ticket_id)]

    def happened(self, ticket_id: int) -> list[str]:
        """Return the kinds of what happened to a ticket."""
        query = "SELECT kind FROM activity WHERE ticket_id = ? ORDER BY id"
        return [row[0] for row in self.rows(query, ticket_id)]

    def close(self) -> None:
        """End everything."""
        self._stack.close()
        if self.worker is not None:
            self.worker.terminate()
            self.worker.communicate(timeout=PATIENCE)
            self.worker = None


def _settle(world: World, origins: list[str]) -> None:
    with closing(open_desk(world.root)) as desk:
        add_agent(desk.store, "anna", role="owner", full_name="Anna Zielińska")
        add_agent(desk.store, "marek", full_name="Marek Lis")
        desk.admin.add_channel(ACCOUNT, "webchat", SITE)
        account = next(each for each in desk.admin.channels() if each.name == ACCOUNT)
        desk.admin.set_channel_settings(account.id, {"relay": world.line.url})
        desk.admin.set_channel_state(account.id, enabled=True)
    with world.desk() as desk:
        desk.settings.set(names.CHAT_ORIGINS, [ORIGIN, *origins], desk=True)
        desk.settings.set(names.CHAT_LOGIN, "all", desk=True)
        desk.settings.set(names.CHAT_NAME, NAME, desk=True)


@contextmanager
def running_world(
    folder: Path, *, origins: tuple[str, ...] = (), grace: float = 2.0
) -> Iterator[World]:
    """Give a world whose relay knows the site.

    Args:
        folder: For everything.
        origins: Web addresses of the shop, besides that of visitors without a browser.
        grace: Seconds after which a visitor without an open page counts as gone.
    """
    relay = KilledRelay(folder / "relay", Patience(grace=grace, restart=grace + 10))
    try:
        with running_line(relay.port) as line:
            world = World(folder, make_root(folder), relay, line)
            (folder / "home").mkdir()
            _settle(world, list(origins))
            world.start_worker()
            try:
                until(world.is_up)
                yield world
            finally:
                world.close()
    finally:
        relay.kill()
