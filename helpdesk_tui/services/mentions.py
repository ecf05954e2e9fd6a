"""Where one was mentioned in a note, and that one has seen it."""

from __future__ import annotations

from helpdesk_tui.db import mentions as rows
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.messages import MentionRow
from helpdesk_tui.services.clock import Clock, utc_now

MAX_UNSEEN = 200


class Mentions:
    """The acting agent's mentions; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def unseen(self, limit: int = MAX_UNSEEN) -> tuple[MentionRow, ...]:
        """Return where this agent was mentioned and has not looked since, the newest first."""
        if self._actor.agent_id is None:
            return ()
        with self._store.read() as connection:
            return tuple(rows.load_unseen(connection, self._actor.agent_id, limit))

    def newest(self, limit: int = MAX_UNSEEN) -> tuple[MentionRow, ...]:
        """Return where this agent was mentioned: what is new first, then the newest."""
        if self._actor.agent_id is None:
            return ()
        with self._store.read() as connection:
            return tuple(rows.load_newest(connection, self._actor.agent_id, limit))

    def count(self) -> int:
        """Return how many mentions this agent has not seen, counted up to 200."""
        if self._actor.agent_id is None:
            return 0
        with self._store.read() as connection:
            return rows.count_unseen(connection, self._actor.agent_id, MAX_UNSEEN)

    def seen(self, ticket_id: int) -> int:
        """Note that this agent has opened a ticket; return how many mentions were new.

        Writes nothing where there are none.
        """
        agent_id = self._actor.agent_id
        if agent_id is None:
            return 0
        with self._store.read() as connection:
            if not rows.has_unseen(connection, ticket_id, agent_id):
                return 0
        with self._store.write() as connection:
            return rows.mark_seen(connection, ticket_id, agent_id, self._now())
