"""Secrets that people type unseen, or that scripts hand in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import UsageError

if TYPE_CHECKING:
    from helpdesk_tui.services.secrets import Secret


def typed_secret(
    asked: str, *, by_stdin: bool, missing: UsageError, empty: str = "password.empty"
) -> Secret:
    """Return a secret: the next line of standard input, or what a person types.

    Args:
        asked: What the person reads.
        by_stdin: It was said that a script hands it in.
        missing: What to say where there is neither a script nor a terminal.
        empty: The code of what to say if nothing came.

    Raises:
        UsageError: ``missing`` or ``empty``.
    """
    from getpass import getpass

    from helpdesk_tui.services.secrets import Secret

    if by_stdin:
        text = sys.stdin.readline()
    elif sys.stdin.isatty():
        text = getpass(f"{asked} ", stream=sys.stderr)
    else:
        raise missing
    text = text.rstrip("\r\n")
    if not text:
        raise UsageError(empty)
    return Secret(text)


def typed_token(asked: str, *, by_stdin: bool, missing: UsageError) -> Secret:
    """Return a secret that was copied from somewhere: spaces around it are none of it.

    Raises:
        UsageError: ``missing`` or ``password.empty``.
    """
    from helpdesk_tui.services.secrets import Secret

    text = typed_secret(asked, by_stdin=by_stdin, missing=missing).reveal().strip()
    if not text:
        raise UsageError("password.empty")
    return Secret(text)
