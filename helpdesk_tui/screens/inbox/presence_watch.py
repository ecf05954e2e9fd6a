"""Who is there: colleagues, told where this agent is and seen in turn, and visitors of chats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from time import monotonic
from typing import TYPE_CHECKING

from helpdesk_tui.domain.presence import PresenceState, Present, VisitorNow
from helpdesk_tui.widgets.rail import Teammate

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk

IDLE_AFTER = 300.0
"""Seconds without a key after which an agent counts as idle."""
_AGENTS_EVERY = 3.0
"""Seconds between two looks at who is available."""


class PresenceWatch:
    """Looks a few times a second, in the thread that watches the store; see :meth:`look`."""

    def __init__(
        self, desk: Desk, screen: InboxScreen, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._desk = desk
        self._screen = screen
        self._clock = clock
        self._agents: dict[int, bool] = {}
        self._agents_at = 0.0
        self._shown: tuple[Teammate, ...] | None = None
        self._mentions = 0

    def look(self) -> None:
        """Say where this agent is, and show where the others are if that changed."""
        pane = self._screen.panes.thread
        ticket, typing = None, False
        if pane is not None and self._screen.panes.current != "list":
            ticket, typing = pane.entered, pane.is_writing and pane.writing.is_typing
        to_visitor = typing and pane is not None and pane.writing.is_live
        idle = self._clock() - self._screen.touched_at >= IDLE_AFTER
        present = self._desk.presence.look(ticket, typing=typing, idle=idle, to_visitor=to_visitor)
        self._look_at_agents()
        team = tuple(self._teammate(one) for one in present)
        if team != self._shown:
            self._shown = team
            self._screen.post_message(self._screen.TeamSeen(team))

    def _look_at_agents(self) -> None:
        now = self._clock()
        if self._agents and now - self._agents_at < _AGENTS_EVERY:
            return
        self._agents_at = now
        self._agents = {agent.id: agent.available for agent in self._desk.team.agents()}
        me = self._desk.actor.agent_id
        away = me is not None and not self._agents.get(me, True)
        count = self._desk.mentions.count()
        screen = self._screen
        if away != screen.header.state.away or count != screen.header.state.mentions:
            from helpdesk_tui.screens.beside.mentions_desk import show_mentions

            def show() -> None:
                screen.update_header(away=away)
                show_mentions(screen, count)

            screen.post_message(screen.Finished(show))

    def _teammate(self, one: Present) -> Teammate:
        return Teammate(
            one.agent,
            active=True,
            typing=one.state is PresenceState.TYPING,
            ticket_id=one.ticket_id,
            id=one.agent_id,
            away=not self._agents.get(one.agent_id, True),
            idle=one.state is PresenceState.IDLE,
        )


class VisitorWatch:
    """Looks at visitors with every look at the store; alone that costs one pragma more."""

    def __init__(self, desk: Desk, screen: InboxScreen) -> None:
        self._desk = desk
        self._screen = screen
        self._shown: Mapping[int, VisitorNow] = {}

    def look(self) -> None:
        """Show which visitors are there and type, if that changed."""
        seen = self._desk.visitors.look()
        if seen is not self._shown:
            self._shown, screen = seen, self._screen
            screen.post_message(screen.Finished(lambda: show_visitors(screen, seen)))


def show_visitors(screen: InboxScreen, visitors: Mapping[int, VisitorNow]) -> None:
    """Show who of the visitors is there, in their rows and over their threads."""
    screen.tickets.show_visitors(visitors)
    if screen.panes.thread is not None:
        screen.panes.thread.show_visitors(visitors)


def show_team(screen: InboxScreen, team: tuple[Teammate, ...]) -> None:
    """Show who is here: all of them in the rail, the others on the tickets they are in."""
    screen.rail.show_team(team)
    me = screen.desk.actor.agent_id if screen.desk is not None else None
    others: dict[int, list[Teammate]] = defaultdict(list)
    for mate in team:
        if mate.ticket_id is not None and mate.id != me:
            others[mate.ticket_id].append(mate)
    for mates in others.values():
        mates.sort(key=lambda mate: (not mate.typing, mate.idle, mate.name))
    screen.tickets.show_present(
        {
            ticket: tuple((mate.typing, mate.name) for mate in mates if not mate.idle)
            for ticket, mates in others.items()
        }
    )
    pane = screen.panes.thread
    if pane is not None:
        here = others.get(pane.ticket_id, [])
        pane.head.show_others([(mate.name, _state(mate)) for mate in here])


def _state(mate: Teammate) -> str:
    if mate.idle:
        return "idle"
    return "typing" if mate.typing else "viewing"
