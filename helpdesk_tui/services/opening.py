"""What the interface opens on, read while the interface itself is still being loaded."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from helpdesk_tui.domain.setting.interface import DESK_NAME, INTERFACE
from helpdesk_tui.domain.tickets import (
    DEFAULT_STATUS,
    SortKey,
    TicketPage,
    View,
    ViewCount,
    ViewFilter,
)

if TYPE_CHECKING:
    from helpdesk_tui.services.clock import Clock
    from helpdesk_tui.services.desk import Desk

PAGE = 100
"""Rows of a page: some screens of a tall terminal, a few milliseconds of work."""


class FirstReads(Protocol):
    """What the first picture of a list needs of the inbox service."""

    def counts(self) -> dict[View, ViewCount]:
        """Return the numbers of all views."""
        ...

    def page(
        self,
        where: ViewFilter,
        *,
        after: SortKey | None = None,
        before: SortKey | None = None,
        limit: int = 50,
    ) -> TicketPage:
        """Return rows that follow or precede a key."""
        ...

    def height(self, where: ViewFilter) -> int:
        """Return the rows of a list."""
        ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """A list as it was read: its first (or another) page, its height, and all counts."""

    where: ViewFilter
    page: TicketPage
    height: int
    counts: Mapping[View, ViewCount]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open desk and the list it opens on."""

    desk: Desk
    loaded: Loaded
    name: str
    """The name of the desk."""
    settings: Mapping[str, object] = field(default_factory=dict)
    """What was set of how the interface behaves, by the names of the settings."""


def load_view(inbox: FirstReads, where: ViewFilter) -> Loaded:
    """Read the first page of a list and the numbers around it; blocks."""
    page = inbox.page(where, limit=PAGE)
    counts = inbox.counts()
    if where.query:
        return Loaded(where, page, inbox.height(where), counts)
    count = counts.get(where.view)
    return Loaded(where, page, count.total(where.status) if count is not None else 0, counts)


def open_on(desk: Desk) -> Opened:
    """Read what the interface shows first: the agent's own tickets, else all; blocks."""
    agent_id = desk.actor.agent_id
    view = View.MINE if agent_id is not None else View.ALL
    where = ViewFilter(view, DEFAULT_STATUS[view], agent_id)
    values = desk.settings.chosen(INTERFACE)
    return Opened(desk, load_view(desk.inbox, where), str(values.get(DESK_NAME, "")), values)


def open_ahead(root: Path, *, agent: str, clock: Clock, zone: str) -> Future[Opened]:
    """Open a store and read its first list in a thread, while the caller does something else."""

    def run() -> Opened:
        from helpdesk_tui.services.desk import open_desk

        return open_on(open_desk(root, agent=agent, clock=clock, zone=zone))

    executor = ThreadPoolExecutor(1, "open")
    try:
        return executor.submit(run)
    finally:
        executor.shutdown(wait=False)
