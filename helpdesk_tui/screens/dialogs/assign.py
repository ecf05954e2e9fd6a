"""Who takes the ticket: an agent, a team, or nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from helpdesk_tui.domain.macros.search import score
from helpdesk_tui.domain.presence import Present
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import AgentRow, TeamRow, Workload
from helpdesk_tui.screens.dialogs.base import PickDialog
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.words.language import N_, _, pgettext
from helpdesk_tui.widgets.wrap import shorten_cells

_COUNTED = 1_000
_MEMBERS = 24
"""Cells that the members of a team may take."""


@dataclass(frozen=True, slots=True)
class AssignChoice:
    """Who was chosen; neither agent nor team is nobody."""

    agent_id: int | None
    name: str
    team_id: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Who can be chosen beside the agents, and what is known of all of them."""

    teams: Sequence[TeamRow] = ()
    work: Workload = field(default_factory=lambda: Workload({}, {}))
    here: Mapping[int, Present] = field(default_factory=dict)
    """Agents who are at their desks now."""
    team_now: int | None = None
    """The team that has the ticket."""


class AssignDialog(PickDialog[AssignChoice]):
    """Lists oneself, then who is there, then the others, the teams, and nobody."""

    TITLE_TEXT: ClassVar[str] = N_("assign to")
    OPENED_BY: ClassVar[str] = "ticket.assign"
    PLACEHOLDER: ClassVar[str] = N_("type an agent or a team")

    def __init__(
        self,
        agents: Sequence[AgentRow],
        *,
        me: int | None = None,
        current: int | None = None,
        offer: Offer | None = None,
        signs: Signs = UNICODE,
    ) -> None:
        super().__init__()
        self._offer = offer if offer is not None else Offer()
        here = self._offer.here
        self._agents = sorted(
            (agent for agent in agents if agent.active),
            key=lambda one: (one.id != me, not one.available, one.id not in here, one.name),
        )
        self._me = me
        self._current = current
        self._signs = signs

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return who fits, the best first; whoever is not there is still offered."""
        found: list[tuple[int, ChoiceRow]] = []
        for agent in self._agents:
            also = (
                _("{full_name} me").format(full_name=agent.full_name)
                if agent.id == self._me
                else agent.full_name
            )
            found.append((score(typed, f"{agent.name} {also}"), self._agent(agent)))
        found += [
            (score(typed, _("{name} team").format(name=team.name)), self._team(team))
            for team in self._offer.teams
        ]
        found.append((score(typed, "nobody none unassigned"), self._nobody()))
        fitting = [one for one in found if one[0]]
        if typed:
            fitting.sort(key=lambda one: -one[0])
        return [row for _score, row in fitting]

    def _agent(self, agent: AgentRow) -> ChoiceRow:
        is_here = agent.id in self._offer.here
        sign: Span = (f"{self._signs.away} ", Ink.DIM)
        if is_here and agent.available:
            sign = (f"{self._signs.present} ", Ink.GOOD)
        elif not agent.available:
            sign = (f"{self._signs.away} ", Ink.WAITING)
        left: list[Span] = [sign, (clean(agent.name), Ink.BRIGHT)]
        if agent.full_name and agent.full_name.casefold() != agent.name.casefold():
            left.append((f"  {clean(agent.full_name)}", Ink.DIM))
        right = self._right(
            [
                (_("me"), Ink.ACCENT) if agent.id == self._me else None,
                (_("away"), Ink.WAITING) if not agent.available else None,
                self._busy(agent.id),
                (_("now"), Ink.DIM) if agent.id == self._current else None,
                self._open(self._offer.work.agents.get(agent.id, 0)),
            ]
        )
        return ChoiceRow(tuple(left), right, AssignChoice(agent.id, agent.name))

    def _busy(self, agent_id: int) -> Span | None:
        present = self._offer.here.get(agent_id)
        if present is None or present.ticket_id is None or agent_id == self._me:
            return None
        return f"{pgettext('at a ticket', 'on')} #{present.ticket_id}", Ink.DIM

    def _open(self, count: int) -> Span | None:
        if not count:
            return None
        number = f"{_COUNTED}+" if count >= _COUNTED else str(count)
        return _("{count} open").format(count=number), Ink.DIM

    def _team(self, team: TeamRow) -> ChoiceRow:
        members = ", ".join(clean(name) for name in team.members)
        left: tuple[Span, ...] = (
            ("  ", Ink.DIM),
            (clean(team.name), Ink.TAG),
            (f"  {_('team')}", Ink.DIM),
            (f"  {shorten_cells(members, _MEMBERS)}" if members else "", Ink.DIM),
        )
        is_now = team.id == self._offer.team_now and self._current is None
        right = self._right(
            [
                (_("now"), Ink.DIM) if is_now else None,
                self._open(self._offer.work.teams.get(team.id, 0)),
            ]
        )
        return ChoiceRow(left, right, AssignChoice(None, team.name, team.id))

    def _nobody(self) -> ChoiceRow:
        is_now = self._current is None and self._offer.team_now is None
        right = self._right([(_("now"), Ink.DIM) if is_now else None])
        left: tuple[Span, ...] = (("  ", Ink.DIM), (_("nobody"), Ink.SOFT))
        return ChoiceRow(left, right, AssignChoice(None, "nobody"))

    def _right(self, parts: Sequence[Span | None]) -> tuple[Span, ...]:
        """Join what is to be said at the right end by dots."""
        spans: list[Span] = []
        for part in parts:
            if part is not None:
                spans.append((f" · {part[0]}" if spans else part[0], part[1]))
        return tuple(spans)

    def take(self, row: ChoiceRow) -> None:
        """Answer with whoever was chosen."""
        if isinstance(row.value, AssignChoice):
            self.dismiss(row.value)
