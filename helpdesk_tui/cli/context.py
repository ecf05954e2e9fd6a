"""What every command starts from: which store, which configuration, who acts."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.errors import UsageError

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk


def store_root(args: argparse.Namespace) -> Path:
    """Return the folder of the store: option, environment, configuration, then the default."""
    named = args.store or os.environ.get("HELPDESK_STORE", "")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("helpdesk")


def agent_name(args: argparse.Namespace) -> str:
    """Return the name of the acting agent, or nothing if none is named."""
    return args.agent or os.environ.get("HELPDESK_AGENT", "")


@contextmanager
def desk_of(args: argparse.Namespace, *, needs_agent: bool = False) -> Iterator[Desk]:
    """Open the desk for one command, brought up to date first, and close it afterwards.

    Args:
        args: the parsed command line.
        needs_agent: refuse to act as nobody: drafts and texts belong to an agent.

    Raises:
        UsageError: ``agent.missing``.
        NotFound: if there is no store.
    """
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.domain.errors import NotFound
    from helpdesk_tui.services.desk import open_desk
    from helpdesk_tui.services.setup import prepare_store

    root, agent = store_root(args), agent_name(args)
    if schema_version(root) is None:
        raise NotFound("store.missing", path=str(root))
    prepare_store(root)
    desk = open_desk(root, agent=agent)
    try:
        if needs_agent and desk.actor.agent_id is None:
            raise UsageError("agent.missing")
        yield desk
    finally:
        desk.close()


def output_of(args: argparse.Namespace) -> Output:
    """Return the printer a command's options ask for."""
    return Output(json=getattr(args, "json", False), quiet=getattr(args, "quiet", False))


def number(text: str) -> int:
    """Return an id given on the command line as a number; ``#42`` is fine too.

    Raises:
        UsageError: if it is none.
    """
    digits = text.removeprefix("#")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise UsageError("id.bad", value=text)
    return int(digits)
