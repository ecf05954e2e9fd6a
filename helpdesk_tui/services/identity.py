"""Who acts on a store that a group shares: the Unix account, never a name that is typed."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from helpdesk_tui.db.modes import is_shared
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind, Role
from helpdesk_tui.domain.errors import NotAllowed, NotFound
from helpdesk_tui.services.team import Team


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


def actor_named(store: Store, name: str) -> Actor:
    """Return who acts on a store; where nobody is named, the system.

    Raises:
        NotFound: if there is no agent of this name.
        NotAllowed: if they are no longer active, or the account of this process is nobody's.
    """
    account = acting_account(store.paths.root, name)
    acting = name if account is None else account
    if not acting:
        return SYSTEM
    try:
        agent = Team(store).agent(acting)
    except NotFound:
        if account is None:
            raise
        raise NotAllowed("agent.no-account", name=acting) from None
    if not agent.active:
        raise NotAllowed("agent.inactive", name=acting)
    return Actor(
        ActorKind.AGENT,
        agent_id=agent.id,
        name=agent.name,
        role=Role(agent.role),
        identified_by="name" if account is None else "account",
    )
