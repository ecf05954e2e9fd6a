"""What every command starts from: which store, which configuration, who acts."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.errors import UsageError


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
