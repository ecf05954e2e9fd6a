"""Teams, and who is there: agents who share work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db import teams as rows
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.reads.people import load_agent
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, ActorKind, Role
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import AgentRow, TeamRow
from helpdesk_tui.services.clock import Clock, utc_now

if TYPE_CHECKING:
    import sqlite3

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_WORDS_OF_ASSIGN = frozenset({"me", "none", "team"})
_MAY = (Role.ADMIN, Role.OWNER)


class Teams:
    """Reads and arranges teams; every call blocks.

    Calls that change a team raise NotAllowed ``role.admin-needed`` for agents without the role.
    """

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def all(self) -> tuple[TeamRow, ...]:
        """Return the teams by name, with their active members."""
        with self._store.read() as connection:
            return rows.load_teams(connection)

    def team(self, name: str) -> TeamRow:
        """Return the team of a name.

        Raises:
            NotFound: ``team.unknown``.
        """
        for found in self.all():
            if found.name == name:
                return found
        raise NotFound("team.unknown", name=clean(name))

    def add(self, name: str) -> int:
        """Make a team and return its id.

        Raises:
            UsageError: ``team.bad-name`` or ``team.exists``.
        """
        self._check_role()
        if not _NAME.fullmatch(name) or name in _WORDS_OF_ASSIGN:
            raise UsageError("team.bad-name", name=clean(name))
        with self._store.write() as connection:
            team_id = rows.insert_team(connection, name, self._now())
            if team_id is None:
                raise UsageError("team.exists", name=name)
            self._record(connection, Entry("team.added", after={"team": team_id}))
        return team_id

    def remove(self, name: str) -> None:
        """Remove a team that has no tickets.

        Raises:
            NotFound: ``team.unknown``.
            NotAllowed: ``team.in-use``.
        """
        self._check_role()
        with self._store.write() as connection:
            team_id = self._id(connection, name)
            count = rows.count_tickets(connection, team_id)
            if count:
                raise NotAllowed("team.in-use", name=name, count=count)
            rows.delete_team(connection, team_id)
            self._record(connection, Entry("team.removed", before={"team": team_id}))

    def add_member(self, name: str, agent: str) -> bool:
        """Let an agent belong to a team; False if they did already.

        Raises:
            NotFound: ``team.unknown``, or ``agent.unknown`` if there is no such active agent.
        """
        self._check_role()
        with self._store.write() as connection:
            team_id, agent_id = self._id(connection, name), self._agent(connection, agent).id
            done = rows.add_member(connection, team_id, agent_id)
            if done:
                after = {"team": team_id, "member": agent_id}
                self._record(connection, Entry("team.joined", after=after))
        return done

    def remove_member(self, name: str, agent: str) -> bool:
        """Let an agent leave a team; False if they were not of it.

        Raises:
            NotFound: ``team.unknown`` or ``agent.unknown``.
        """
        self._check_role()
        with self._store.write() as connection:
            team_id = self._id(connection, name)
            agent_id = self._agent(connection, agent, former=True).id
            done = rows.remove_member(connection, team_id, agent_id)
            if done:
                before = {"team": team_id, "member": agent_id}
                self._record(connection, Entry("team.left", before=before))
        return done

    def set_available(self, *, available: bool, agent: str = "") -> bool:
        """Say whether an agent takes work, oneself if nobody is named; False if it was so.

        Raises:
            NotFound: ``agent.unknown``.
            NotAllowed: ``agent.missing``, or ``role.admin-needed`` for somebody else.
        """
        if agent and agent != self._actor.name:
            self._check_role()
        if not agent and self._actor.agent_id is None:
            raise NotAllowed("agent.missing")
        with self._store.write() as connection:
            found = self._agent(connection, agent or self._actor.name)
            done = rows.set_available(connection, found.id, available=available)
            if done:
                kind = "agent.available" if available else "agent.away"
                self._record(connection, Entry(kind, after={"agent": found.id}))
        return done

    def _id(self, connection: sqlite3.Connection, name: str) -> int:
        found = rows.team_id_of(connection, name)
        if found is None:
            raise NotFound("team.unknown", name=clean(name))
        return found

    def _agent(
        self, connection: sqlite3.Connection, name: str, *, former: bool = False
    ) -> AgentRow:
        found = load_agent(connection, name)
        if found is None or not (found.active or former):
            raise NotFound("agent.unknown", name=clean(name))
        return found

    def _record(self, connection: sqlite3.Connection, entry: Entry) -> None:
        activity.record(connection, self._actor, self._now(), [entry])

    def _check_role(self) -> None:
        if self._actor.kind is not ActorKind.SYSTEM and self._actor.role not in _MAY:
            raise NotAllowed("role.admin-needed", role=self._actor.role.value)
