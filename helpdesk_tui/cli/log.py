"""The log of a store: the only place where a traceback goes."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.errors import HelpdeskError


def log_crash(error: BaseException, args: argparse.Namespace) -> Path | None:
    """Append the traceback of ``error`` to the log and return its path, or None if it cannot.

    The frames are written without the values of variables: these may hold secrets and mails.
    """
    from helpdesk_tui.cli.context import store_root
    from helpdesk_tui.services.logs import JsonLines, SharedFileHandler

    name = getattr(args, "run", "helpdesk")
    trace = (type(error), error, error.__traceback__)
    record = logging.LogRecord("helpdesk_tui.cli", logging.CRITICAL, "", 0, "%s", (name,), trace)
    try:
        path = StorePaths(store_root(args)).log
        if not path.parent.is_dir():
            return None
        handler = SharedFileHandler(path)
        handler.setFormatter(JsonLines())
        handler.emit(record)
        handler.close()
    except (OSError, HelpdeskError):
        return None
    return path if path.exists() else None
