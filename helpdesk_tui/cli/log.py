"""The log of a store: the only place where a traceback goes."""

from __future__ import annotations

import logging
import os
import time
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.domain.times import rfc3339

if TYPE_CHECKING:
    import argparse


def log_crash(error: BaseException, args: argparse.Namespace) -> Path | None:
    """Append the traceback of ``error`` to the log and return its path, or None if it cannot.

    The frames are written without the values of variables: these may hold secrets and mails.
    """
    from helpdesk_tui.cli.context import store_root

    try:
        path = StorePaths(store_root(args)).log
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        text = clean_lines("".join(lines))
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{rfc3339(datetime.now(UTC))} ERROR {args.run}\n{text}")
    except (OSError, HelpdeskError):
        return None
    return path


class _CleanFormatter(logging.Formatter):
    """One record a line; nothing in it can be taken for a control sequence or a further record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as harmless text, its traceback indented below it."""
        first, *rest = super().format(record).splitlines() or [""]
        return "\n".join([clean(first), *(f"    {clean(line)}" for line in rest)])


def log_to_store(root: Path) -> None:
    """Send the log of this process to the store's file, which is kept to a few megabytes."""
    path = StorePaths(root).log
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600))
    handler = RotatingFileHandler(path, maxBytes=2_000_000, backupCount=3, encoding="utf-8")
    form = _CleanFormatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s")
    form.datefmt = "%Y-%m-%dT%H:%M:%S"
    form.converter = time.gmtime
    handler.setFormatter(form)
    logger = logging.getLogger("helpdesk_tui")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    # libraries may quote addresses, hosts or mails in what they log: they have no place here
    logger.propagate = False
