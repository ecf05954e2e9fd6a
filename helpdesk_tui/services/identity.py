"""Who acts on a store that a group shares: the Unix account, never a name that is typed."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from helpdesk_tui.db.modes import is_shared
from helpdesk_tui.domain.errors import NotAllowed


def account_name() -> str:
    """Return the name of the Unix account this process runs as; nothing if it has none."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return ""


def acting_account(root: Path, named: str) -> str | None:
    """Return the agent whom the account of this process is, or None where names are typed.

    The superuser is no agent: what it does, such as the first set-up, is the system's.

    Raises:
        NotAllowed: ``agent.by-account`` if somebody else was named.
    """
    if not is_shared(root):
        return None
    account = "" if os.geteuid() == 0 else account_name()
    if named and named != account:
        raise NotAllowed("agent.by-account", name=named, account=account or "root")
    return account
