"""Watching tickets: hearing of what happens in one that is somebody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.db import watching as rows
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotAllowed
from helpdesk_tui.domain.triage import Change, TicketState
from helpdesk_tui.services.aside import UNWATCHED, WATCHED, do_aside
from helpdesk_tui.services.clock import Clock, utc_now

if TYPE_CHECKING:
    import sqlite3


class Watching:
    """What the acting agent watches; every call blocks and is one transaction.

    :meth:`Triage.undo` takes each of them back.
    """

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def watch(self, ids: Sequence[int], *, versions: Mapping[int, int] | None = None) -> Change:
        """Watch tickets.

        Raises:
            NotAllowed: ``agent.missing``.
        """
        agent_id = self._agent_id()

        def add(connection: sqlite3.Connection, state: TicketState) -> Entry | str:
            if state.merged_into is not None:
                return "ticket.merged"
            if agent_id in rows.load_watchers(connection, state.id):
                return "ticket.already-watched"
            rows.add_watch(connection, state.id, agent_id)
            return Entry(WATCHED, state.id, None, {}, {"watcher": agent_id})

        return do_aside(self._store, self._actor, self._now, ids, add, versions)

    def unwatch(self, ids: Sequence[int], *, versions: Mapping[int, int] | None = None) -> Change:
        """Watch tickets no longer.

        Raises:
            NotAllowed: ``agent.missing``.
        """
        agent_id = self._agent_id()

        def remove(connection: sqlite3.Connection, state: TicketState) -> Entry | str:
            if not rows.remove_watch(connection, state.id, agent_id):
                return "ticket.not-watched"
            return Entry(UNWATCHED, state.id, None, {"watcher": agent_id}, {})

        return do_aside(self._store, self._actor, self._now, ids, remove, versions)

    def watchers(self, ticket_id: int) -> dict[int, str]:
        """Return who watches a ticket, or what was merged into it: id → name, by name."""
        with self._store.read() as connection:
            return rows.load_watchers(connection, ticket_id)

    def _agent_id(self) -> int:
        if self._actor.agent_id is None:
            raise NotAllowed("agent.missing")
        return self._actor.agent_id
