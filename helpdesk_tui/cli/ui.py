"""Open the terminal UI, on the usual store or on a given one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from helpdesk_tui.cli.context import agent_name, store_root
from helpdesk_tui.domain.errors import UsageError


def open_ui(args: argparse.Namespace) -> int:
    """Open the UI on the store the arguments name."""
    return open_store(store_root(args), agent=agent_name(args))


def open_store(root: Path, *, agent: str) -> int:
    """Open the UI on ``root`` acting as ``agent``; returns when it is closed."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("ui.needs-terminal")
    from helpdesk_tui.app import HelpdeskApp

    HelpdeskApp(root, agent=agent).run()
    return 0
