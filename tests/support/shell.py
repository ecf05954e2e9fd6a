"""The command line in a home of its own, for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.cli.main import run


class Shell:
    """Runs commands in an empty home."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.store = home / "store"
        self._capsys = capsys
        self.err = ""

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Run a command, check its exit code, and return its standard output."""
        found = run(list(arguments))
        printed = self._capsys.readouterr()
        self.err = printed.err
        assert found == code, printed.err
        return printed.out

    def fails(self, *arguments: str, code: int) -> str:
        """Run a command that ends with an exit code, and return what it says of that."""
        self(*arguments, code=code)
        return self.err

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Run a command with ``--json`` and return the document."""
        return json.loads(self(*arguments, "--json", code=code))


def add(*more: str, name: str = "support") -> list[str]:
    """Return a command that connects a mailbox."""
    return ["channel", "add", "email", "--name", name, "--address", f"{name}@shop.example",
            "--imap-host", "imap.invalid", "--smtp-host", "smtp.invalid", *more]  # fmt: skip
