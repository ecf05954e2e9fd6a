"""The team, read only."""

from __future__ import annotations

from helpdesk_tui.db.reads.people import load_agent, load_agents, load_workload
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.tickets import AgentRow, Workload

COUNTED = 1_000
"""Open tickets of one agent or team that are counted at most."""


class Team:
    """Reads agents; every call blocks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def agents(self) -> tuple[AgentRow, ...]:
        """Return all agents by name, former ones included."""
        with self._store.read() as connection:
            return load_agents(connection)

    def agent(self, name: str) -> AgentRow:
        """Return the agent of a name.

        Raises:
            NotFound: if nobody is called so.
        """
        with self._store.read() as connection:
            found = load_agent(connection, name)
        if found is None:
            raise NotFound("agent.unknown", name=name)
        return found

    def workload(self) -> Workload:
        """Return how many open tickets agents and teams have, counted up to 1,000."""
        with self._store.read() as connection:
            return load_workload(connection, COUNTED)
