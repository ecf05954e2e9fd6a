"""The few numbers of a status bar, read without writing anything: it asks every few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.flow import Flow, flow_of
from helpdesk_tui.domain.tickets import Status, View
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.desk import open_desk

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """How the desk stands for an agent."""

    unread: int
    mine: int
    """Open tickets of the agent."""
    mine_unread: int
    unassigned: int
    unassigned_unread: int
    waiting_since: datetime | None
    """Since when the customer who waits longest has waited; None if nobody does."""
    flow: Flow


def load_status(root: Path, agent: str = "", *, now: Clock = utc_now) -> DeskStatus:
    """Read how a desk stands; for the only agent there is where none is named. Blocks briefly.

    Raises:
        NotFound: if there is no store, or no such agent.
        StoreError: if its schema is another one than this program's.
    """
    desk = open_desk(root, SYSTEM, read_only=True, clock=now)
    try:
        return _read(desk, agent)
    finally:
        desk.close()


def _read(desk: Desk, agent: str) -> DeskStatus:
    from helpdesk_tui.db.admin import load_channels
    from helpdesk_tui.db.reads.counts import load_counts, load_longest_wait
    from helpdesk_tui.services.identity import acting_account
    from helpdesk_tui.services.worker_state import worker_running

    account = acting_account(desk.store.paths.root, agent)
    agent = agent if account is None else account
    agent_id = desk.team.agent(agent).id if agent else _only_agent(desk)
    with desk.store.read() as connection:
        counts = load_counts(connection, agent_id)
        accounts = load_channels(connection)
        waiting_since = load_longest_wait(connection)
    mine, unassigned = counts[View.MINE], counts[View.UNASSIGNED]
    return DeskStatus(
        unread=counts[View.ALL].unread,
        mine=mine.total(Status.OPEN),
        mine_unread=mine.unread,
        unassigned=unassigned.total(Status.OPEN),
        unassigned_unread=unassigned.unread,
        waiting_since=waiting_since,
        flow=flow_of(
            [one for one in accounts if one.enabled],
            running=worker_running(desk.store.paths),
        ),
    )


def _only_agent(desk: Desk) -> int | None:
    active = [one.id for one in desk.team.agents() if one.active]
    return active[0] if len(active) == 1 else None
