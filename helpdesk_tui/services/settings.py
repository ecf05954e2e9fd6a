"""Settings of the desk and of each agent, kept in the store."""

from __future__ import annotations

import json
from typing import Any

from helpdesk_tui.db.settings import DESK, load_setting, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotAllowed


class Settings:
    """Reads and writes settings; every call blocks. Values are what JSON can hold."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._actor = actor

    def get(self, name: str, default: Any = None) -> Any:
        """Return a setting: this agent's own value, else the desk's, else ``default``."""
        scopes = (DESK,) if self._actor.agent_id is None else (self._actor.agent_id, DESK)
        with self._store.read() as connection:
            for scope in scopes:
                found = load_setting(connection, name, scope)
                if found is not None:
                    return json.loads(found)
        return default

    def set(self, name: str, value: Any, *, desk: bool = False) -> None:
        """Write a setting of this agent, or with ``desk`` one of the whole desk.

        The system has no settings of its own: what it writes is the desk's.

        Raises:
            NotAllowed: if a setting of the desk is written by somebody without the role.
        """
        scope = DESK if desk or self._actor.agent_id is None else self._actor.agent_id
        if scope == DESK and not self._actor.is_admin:
            raise NotAllowed("settings.not-allowed", name=name)
        with self._store.write() as connection:
            save_setting(connection, name, scope, json.dumps(value))
