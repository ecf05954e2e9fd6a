"""A desk as it runs: its worker, its programs and its commands are processes of their own."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.services.desk import Desk, open_desk
from helpdesk_tui.services.secrets import variable_of
from helpdesk_tui.services.worker_state import start_worker, worker_running
from tests.support.terminal import Terminal
from tests.support.waiting import PATIENCE, until


@dataclass(slots=True)
class DeskWorld:
    """A store and the processes that work on it."""

    folder: Path
    root: Path
    environ: dict[str, str] = field(default_factory=dict, kw_only=True)
    """The environment of every process of the desk."""
    worker: subprocess.Popen[bytes] | None = field(default=None, kw_only=True)

    # processes -----------------------------------------------------------------------------------

    def start_worker(self) -> None:
        """Start the worker and wait until it works."""
        self.worker = start_worker(self.root, environ=self.environ)
        until(self._is_up)

    def _is_up(self) -> bool:
        assert self.worker is not None
        assert self.worker.poll() is None, "the worker does not start"
        return worker_running(StorePaths(self.root))

    def kill_worker(self) -> None:
        """Kill the worker as the kernel would."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.communicate(timeout=PATIENCE)
            self.worker = None

    def program(
        self, *arguments: str, size: tuple[int, int] = (120, 36), answers: Sequence[Any] = (),
        agent: str = "anna", **env: str,
    ) -> Terminal:  # fmt: skip
        """Open the program in a terminal."""
        argv = [sys.executable, "-m", "helpdesk_tui", "--agent", agent, *arguments]
        environ = {**self.environ, "HELPDESK_WORKER": "off", **env}
        return Terminal(argv, size, environ, answers)

    def opened(self, ticket: int, **how: Any) -> Terminal:
        """Open the program in a ticket."""
        return self.program("--ticket", str(ticket), **how)

    def cli(self, *arguments: str, code: int = 0, given: bytes = b"", **env: str) -> str:
        """Run a command; returns what it printed, complaints included."""
        done = self.run(*arguments, given=given, **env)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == code, f"{arguments}: {done.returncode}: {said}"
        return said

    def run(
        self, *arguments: str, given: bytes = b"", **env: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command as it would be over SSH; returns all that came back."""
        return subprocess.run(
            [sys.executable, "-m", "helpdesk_tui", "--agent", "anna", *arguments],
            env={**self.environ, **env}, capture_output=True, timeout=PATIENCE, input=given,
            check=False,
        )  # fmt: skip

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Run a command with ``--json``; returns the document."""
        done = self.run(*arguments, "--json")
        assert done.returncode == code, done.stderr.decode()
        return json.loads(done.stdout)

    def desk(self) -> closing[Desk]:
        """Open the desk in this process; use it in a ``with``."""
        return closing(open_desk(self.root, agent="anna"))

    def set(self, **values: Any) -> None:
        """Change settings of the desk; ``_`` stands for ``-``."""
        with self.desk() as desk:
            for name, value in values.items():
                desk.settings.set(name.replace("_", "-"), value, desk=True)

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
        until(lambda: self.rows(query, text))
        return int(self.one(query, text))

    def close(self) -> None:
        """End everything."""
        if self.worker is not None:
            self.worker.terminate()
            self.worker.communicate(timeout=PATIENCE)
            self.worker = None


def desk_environ(folder: Path, root: Path, secrets: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a desk's processes: nothing of whoever runs the tests."""
    home = str(folder / "home")
    unwanted = ("HELPDESK_", "XDG_", "SSH_", "TMUX")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(unwanted) and name not in ("DISPLAY", "NO_COLOR", "STY", "ZELLIJ")
    }
    return {
        **kept,
        "HOME": home, "XDG_CONFIG_HOME": f"{home}/config", "XDG_DATA_HOME": f"{home}/data",
        "HELPDESK_STORE": str(root), "TZ": "UTC", "TERM_PROGRAM": "",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        **{variable_of(name): value for name, value in secrets.items()},
    }  # fmt: skip
