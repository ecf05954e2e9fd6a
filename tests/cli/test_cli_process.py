"""The real command as a process: start-up cost, exit codes, closed pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

LAZY = (
    "textual",
    "sqlmodel",
    "sqlalchemy",
    "alembic",
    "imapclient",
    "aiosmtplib",
    "keyring",
    "rich",
)


def helpdesk(
    *arguments: str, cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the command without a terminal and return how it ended."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HELPDESK_")}
    return subprocess.run(
        [sys.executable, "-m", "helpdesk_tui", *arguments],
        capture_output=True,
        text=True,
        env=kept | env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE,
        check=False,
    )


def test_asking_for_the_version_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from helpdesk_tui.cli.main import run\n"
        "assert run(['--version']) == 0\n"
        f"print([name for name in {LAZY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == ["helpdesk 0.1.0", "[]"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--help",), 0),
        (("ticket", "--help"), 0),
        (("channel", "add", "email", "--help"), 0),
        (("nonsense",), 2),
        (("ticket",), 2),
        (("ticket", "list", "--limit", "0"), 2),
        (("import",), 2),
    ],
)
def test_usage_decides_the_exit_code(arguments: tuple[str, ...], code: int) -> None:
    done = helpdesk(*arguments)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_missing_store_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    done = helpdesk("--store", str(tmp_path / "none"), "ticket", "list", "--json")
    assert done.returncode == 4
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "helpdesk init" in line
    assert not (tmp_path / "none").exists()


def test_the_ui_needs_a_terminal(tmp_path: Path) -> None:
    done = helpdesk("--store", str(tmp_path))
    assert done.returncode == 2
    assert "terminal" in done.stderr


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"Subject: x\n\n" + b"many words\n" * 20)
    command = f"'{sys.executable}' -m helpdesk_tui mail explain --json" + f" '{mail}'" * 400
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{command} | head -n 1"],
        capture_output=True,
        text=True,
        env={**os.environ, "HELPDESK_STORE": str(tmp_path / "none")},
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout)["subject"] == "x"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_headless_demo_removes_its_store_when_it_is_stopped(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "helpdesk_tui", "demo", "--headless", "--json"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        root = Path(told["store"])
        assert (root / "helpdesk.db").exists()
        assert told["tickets"] > 150
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
    assert not root.parent.exists()
