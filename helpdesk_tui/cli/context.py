"""What every command starts from: which store, which configuration, who acts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.setting.interface import LANGUAGE
from helpdesk_tui.widgets.words.language import speak

if TYPE_CHECKING:
    from helpdesk_tui.services.config import Config
    from helpdesk_tui.services.desk import Desk


def config_of(args: argparse.Namespace) -> Config:
    """Return the configuration; the command line wins over the environment, this over the file."""
    from helpdesk_tui.services.config import load_config

    return load_config(args.config)


def store_root(args: argparse.Namespace) -> Path:
    """Return the folder of the store: option, environment, configuration, then the default."""
    from helpdesk_tui.services.config import store_path

    return store_path(args.store) if args.store else config_of(args).store


def agent_name(args: argparse.Namespace) -> str:
    """Return the name of the acting agent, or nothing if none is named."""
    return args.agent or config_of(args).agent


def ready_root(args: argparse.Namespace) -> Path:
    """Return the store's folder, its schema brought up to date.

    Raises:
        NotFound: ``store.missing``.
        StoreError: if it cannot be used, or is newer than this program.
    """
    from helpdesk_tui.db.migrate import schema_version
    from helpdesk_tui.domain.errors import NotFound
    from helpdesk_tui.services.setup import prepare_store

    root = store_root(args)
    if schema_version(root) is None:
        raise NotFound("store.missing", path=str(root))
    prepare_store(root)
    return root


@contextmanager
def desk_of(args: argparse.Namespace, *, needs_agent: bool = False) -> Iterator[Desk]:
    """Open the desk for one command, and close it afterwards.

    Args:
        args: the parsed command line.
        needs_agent: refuse to act as nobody: drafts and texts belong to an agent.

    Raises:
        UsageError: ``agent.missing``.
        NotFound: if there is no store, or no such agent.
    """
    from helpdesk_tui.services.desk import open_desk

    root = ready_root(args)
    desk = open_desk(root, agent=agent_name(args) or only_agent(root))
    try:
        if desk.actor.agent_id is not None:
            speak(str(desk.settings.get(LANGUAGE, "")))
        if needs_agent and desk.actor.agent_id is None:
            raise UsageError("agent.missing")
        yield desk
    finally:
        desk.close()


def only_agent(root: Path) -> str:
    """Return the agent who acts where none is named: the only one, or whom the account is.

    Raises:
        NotAllowed: ``agent.by-account``.
    """
    from helpdesk_tui.services.identity import acting_account

    account = acting_account(root, "")
    if account is not None:
        return account
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.services.desk import open_desk

    desk = open_desk(root, SYSTEM, read_only=True)
    try:
        active = [agent.name for agent in desk.team.agents() if agent.active]
    finally:
        desk.close()
    return active[0] if len(active) == 1 else ""


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
