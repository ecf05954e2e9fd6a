"""Settings of the desk and of each agent, kept in the store."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db.settings import (
    DESK,
    delete_setting,
    load_setting,
    load_settings,
    save_setting,
)
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotAllowed, UsageError

if TYPE_CHECKING:
    # the table knows the rules of mail too: it is loaded once it is asked for
    from helpdesk_tui.domain.setting.table import Setting, Value


@dataclass(frozen=True, slots=True)
class Held:
    """A setting and what holds for this agent."""

    setting: Setting
    value: Value
    is_own: bool
    """The agent's own value, instead of the desk's."""
    is_default: bool
    """Neither the agent nor the desk ever said anything."""
    may_change: bool


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

    def chosen(self, names: Sequence[str]) -> dict[str, Any]:
        """Return what this agent, else the desk, said of some settings; nothing of the others."""
        agent = self._actor.agent_id
        with self._store.read() as connection:
            found = load_settings(connection, DESK)
            if agent is not None:
                found |= load_settings(connection, agent)
        return {name: found[name] for name in names if name in found}

    def desk_values(self) -> dict[str, Any]:
        """Return everything that was ever set for the desk."""
        with self._store.read() as connection:
            return load_settings(connection, DESK)

    def set(self, name: str, value: Any, *, desk: bool = False) -> None:
        """Write a setting of this agent, or with ``desk`` one of the whole desk.

        The system has no settings of its own: what it writes is the desk's.

        Raises:
            NotAllowed: if a setting of the desk is written by somebody without the role.
        """
        scope = self._scope(name, desk=desk)
        with self._store.write() as connection:
            save_setting(connection, name, scope, json.dumps(value))

    def clear(self, name: str, *, desk: bool = False) -> None:
        """Forget what this agent (or with ``desk`` the desk) said: the default holds again.

        Raises:
            NotAllowed: as :meth:`set`.
        """
        scope = self._scope(name, desk=desk)
        with self._store.write() as connection:
            delete_setting(connection, name, scope)

    def held(self) -> Mapping[str, Held]:
        """Return every setting of the table with what holds here."""
        from helpdesk_tui.domain.setting.table import SETTINGS

        agent = self._actor.agent_id
        with self._store.read() as connection:
            of_desk = load_settings(connection, DESK)
            own = load_settings(connection, agent) if agent is not None else {}
        return {name: self._held(each, own, of_desk) for name, each in SETTINGS.items()}

    def change(self, name: str, words: Sequence[str], *, desk: bool = False) -> Value:
        """Write a setting of the table as a person wrote it, and return its value.

        A personal one is this agent's own, any other one the desk's.

        Args:
            name: Which one.
            words: What was written.
            desk: Write the desk's value of a personal setting: what others start with.

        Raises:
            NotFound: ``setting.unknown``.
            UsageError: ``setting.*`` if the words mean nothing there.
            NotAllowed: as :meth:`set`.
        """
        from helpdesk_tui.domain.setting.table import setting

        known = setting(name)
        is_desks = desk or not known.is_personal
        self._scope(name, desk=is_desks)
        value = known.read(words)
        self.set(name, value, desk=is_desks)
        return value

    def reset(self, name: str, *, desk: bool = False) -> Value:
        """Forget what was said of a setting of the table; return what holds then.

        Raises:
            NotFound: ``setting.unknown``.
            NotAllowed: as :meth:`set`.
        """
        from helpdesk_tui.domain.setting.table import setting

        known = setting(name)
        self.clear(name, desk=desk or not known.is_personal)
        return self.held()[name].value

    def _scope(self, name: str, *, desk: bool) -> int:
        scope = DESK if desk or self._actor.agent_id is None else self._actor.agent_id
        if scope == DESK and not self._actor.is_admin:
            raise NotAllowed("settings.not-allowed", name=name)
        return scope

    def _held(self, each: Setting, own: Mapping[str, Any], of_desk: Mapping[str, Any]) -> Held:
        is_own = each.is_personal and each.name in own
        value = own[each.name] if is_own else of_desk.get(each.name)
        value = _readable(each, value)
        is_mine = each.is_personal and self._actor.agent_id is not None
        return Held(
            each,
            each.default if value is None else value,
            is_own=is_own,
            is_default=value is None,
            may_change=is_mine or self._actor.is_admin,
        )


def _readable(each: Setting, value: Any) -> Value | None:
    """Return a stored value, or None if it means nothing (any more): the default holds then."""
    if isinstance(value, int | float):
        value = str(value)
    if not isinstance(value, str | list):
        return None
    if value in ("", []):
        return value
    try:
        return each.read([str(item) for item in value] if isinstance(value, list) else [value])
    except UsageError:
        return None
