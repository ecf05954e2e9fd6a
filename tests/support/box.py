"""A support box on loopback: real mailbox, real mail server, and the program as users run it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from helpdesk_tui.cli.main import run
from tests.support.dovecot import PASSWORD, USER, Dovecot, running_dovecot
from tests.support.smtp import MailServer, running_smtp


@dataclass(slots=True)
class Box:
    """The store, its mail servers, and the command line over them."""

    folder: Path
    imap: Dovecot
    smtp: MailServer

    @property
    def store(self) -> Path:
        """The folder of the store."""
        return self.folder / "store"

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a process on this box: its own home, no real keyring."""
        home = str(self.folder / "home")
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HELPDESK_", "XDG_")) and name not in ("DISPLAY", "NO_COLOR")
        }
        return {
            **kept,
            "HOME": home,
            "XDG_CONFIG_HOME": f"{home}/config",
            "XDG_DATA_HOME": f"{home}/data",
            "HELPDESK_STORE": str(self.store),
            "HELPDESK_AGENT": "anna",
            "HELPDESK_SECRET_SUPPORT": PASSWORD,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "TZ": "UTC",
            **more,
        }

    def command(self, *arguments: str) -> list[str]:
        """Return the argument list that runs the program."""
        return [sys.executable, "-m", "helpdesk_tui", *arguments]

    def run(
        self,
        *arguments: str,
        input: str | None = None,
        expect: int | None = 0,
        more: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; ``expect`` is its exit code, None for any.

        ``more`` is put into its environment.
        """
        done = subprocess.run(
            self.command(*arguments),
            input=input,
            capture_output=True,
            text=True,
            env=self.environment(**(more or {})),
            timeout=110,
            stdin=None if input is not None else subprocess.DEVNULL,
        )
        if expect is not None:
            assert done.returncode == expect, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done

    def here(self, *arguments: str) -> str:
        """Run a command inside this process, which is much faster; returns what it printed."""
        printed, told = io.StringIO(), io.StringIO()
        with (
            mock.patch.dict(os.environ, self.environment(), clear=True),
            redirect_stdout(printed),
            redirect_stderr(told),
        ):
            code = run(arguments)
        assert code == 0, f"{arguments}: {printed.getvalue()}\n{told.getvalue()}"
        return printed.getvalue()

    def json_here(self, *arguments: str) -> Any:
        """Run a command with ``--json`` inside this process and return what it printed."""
        return json.loads(self.here(*arguments, "--json"))

    def json(self, *arguments: str) -> Any:
        """Run a command with ``--json`` and return what it printed."""
        return json.loads(self.run(*arguments, "--json").stdout)

    def connect_mailbox(self, address: str = USER, sender: str = "Acme Support") -> None:
        """Set the store up and connect the mailbox, as the README tells a newcomer to."""
        self.run(
            "init", "--non-interactive", "--set", "agent.name=anna",
            "--set", "agent.full_name=Anna Nowak", "--set", "agent.email=anna@shop.example",
        )  # fmt: skip
        self.run(
            "channel", "add", "email", "--name", "support", "--address", address,
            "--user", USER, "--sender", sender,
            "--imap-host", "localhost", "--imap-port", str(self.imap.tls_port),
            "--imap-tls", "implicit",
            "--smtp-host", "localhost", "--smtp-port", str(self.smtp.port),
            "--smtp-tls", "starttls",
            "--ca-file", str(self.imap.certificates.ca),
        )  # fmt: skip

    def sync(self) -> dict[str, Any]:
        """Run one round of the worker and return its summary."""
        found = self.json("sync", "--once")
        assert isinstance(found, dict)
        return found


@contextmanager
def running_box(folder: Path) -> Iterator[Box]:
    """Give a box with its servers running; the store is not set up yet."""
    (folder / "home").mkdir(parents=True)
    with (
        running_dovecot() as imap,
        running_smtp(imap.certificates, security="starttls") as smtp,
    ):
        yield Box(folder, imap, smtp)
