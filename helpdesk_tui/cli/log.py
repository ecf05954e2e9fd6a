"""The log of a store: the only place where a traceback goes."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.domain.text import clean_lines
from helpdesk_tui.domain.times import rfc3339

if TYPE_CHECKING:
    import argparse


def log_crash(error: BaseException, args: argparse.Namespace) -> Path | None:
    """Append the traceback of ``error`` to the log and return its path, or None if it cannot.

    The frames are written without the values of variables: these may hold secrets and mails.
    """
    from helpdesk_tui.cli.context import store_root
    from helpdesk_tui.db.paths import StorePaths

    try:
        path = StorePaths(store_root(args)).log
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        text = clean_lines("".join(lines))
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{rfc3339(datetime.now(UTC))} ERROR {args.run}\n{text}")
    except OSError:
        return None
    return path
