"""``mail original``: a mail as a harmless page for a browser, on standard output."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from helpdesk_tui.cli.mailfiles import is_device
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.widgets.words.language import _

STANDARD_INPUT = Path("-")


def run(args: argparse.Namespace) -> int:
    """Print the page; needs no store."""
    from helpdesk_tui.mail.original import original_page

    sys.stdout.write(original_page(_read(args.file)))
    return 0


def _read(path: Path) -> bytes:
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        if is_device(path.stat()):
            raise UsageError("file.unreadable", path=str(path), reason=_("it is a device"))
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("file.unreadable", path=str(path), reason=reason) from error
