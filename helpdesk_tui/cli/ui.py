"""Open the terminal UI, on the usual store or on a given one."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import agent_name, config_of, only_agent, ready_root
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.ticket_links import number_of

if TYPE_CHECKING:
    from helpdesk_tui.services.config import Config

WORKER = "HELPDESK_WORKER"
"""Environment variable: ``off`` keeps the UI from starting a worker where none runs."""


def open_ui(args: argparse.Namespace) -> int:
    """Open the UI on the store the arguments name."""
    from helpdesk_tui.services.setup import require_writable

    _require_terminal()
    root = ready_root(args)
    require_writable(root)
    agent = agent_name(args) or only_agent(root)
    if not agent:
        raise UsageError("agent.missing")
    ticket = number_of(args.goes_to)
    if args.goes_to and ticket is None:
        raise UsageError("ticket.no-number", text=clean(args.goes_to))
    starts = os.environ.get(WORKER) != "off"
    return _run(root, agent, config_of(args), start_worker=starts, ticket=ticket)


def open_store(root: Path, *, agent: str, greeting: str = "") -> int:
    """Open the UI on a throw-away store acting as ``agent``; returns when it is closed.

    No worker is started: it would outlive the store. ``greeting`` is told for a while.
    """
    from helpdesk_tui.services.config import load_config

    _require_terminal()
    return _run(root, agent, load_config(), start_worker=False, greeting=greeting)


def _require_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("ui.needs-terminal")


def _run(
    root: Path,
    agent: str,
    config: Config,
    *,
    start_worker: bool,
    ticket: int | None = None,
    greeting: str = "",
) -> int:
    from helpdesk_tui.services.clock import utc_now
    from helpdesk_tui.services.opening import open_ahead

    # nothing that is made from here on is garbage before the panes stand, which switch it on again
    gc.disable()
    # the store is read while the interface is loaded: its first picture has the tickets in it
    opening = open_ahead(root, agent=agent, clock=utc_now, zone=config.zone)

    from helpdesk_tui.app import HelpdeskApp
    from helpdesk_tui.screens.preferences import Bindings

    keys = Bindings(config.keys, config.keymap_preset, str(config.file), config.key_lines)
    app = HelpdeskApp(
        root,
        agent=agent,
        opening=opening,
        zone=_zone(config.zone),
        theme=config.theme,
        ascii_only=config.ascii,
        bindings=keys,
        start_worker=start_worker,
        ticket=ticket,
        greeting=greeting,
    )
    try:
        app.run()
    finally:
        gc.enable()
    if app.refused is not None:
        raise app.refused
    return app.return_code or 0


def _zone(name: str) -> tzinfo | None:
    """Return the agent's zone, or None for that of the system."""
    if not name:
        return None
    from helpdesk_tui.domain.snoozing.snooze import zone_of

    return zone_of(name)
