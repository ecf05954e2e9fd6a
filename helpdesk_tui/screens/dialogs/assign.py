"""Who takes the ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import AgentRow
from helpdesk_tui.screens.dialogs.base import PickDialog, fits
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink, Span

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class AssignChoice:
    """Who was chosen; no agent is nobody."""

    agent_id: int | None
    name: str


class AssignDialog(PickDialog[AssignChoice]):
    """Lists the team: oneself first, then the others, then nobody."""

    TITLE_TEXT: ClassVar[str] = "assign to"
    OPENED_BY: ClassVar[str] = "a"

    def __init__(
        self, agents: Sequence[AgentRow], *, me: int | None = None, current: int | None = None
    ) -> None:
        super().__init__()
        self._agents = sorted(
            (agent for agent in agents if agent.active),
            key=lambda agent: (agent.id != me, agent.name),
        )
        self._me = me
        self._current = current

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the agents that fit, and nobody."""
        rows = [
            self._row(agent)
            for agent in self._agents
            if fits(typed, agent.name, agent.full_name, "me" if agent.id == self._me else "")
        ]
        if fits(typed, "nobody none unassigned"):
            here: tuple[Span, ...] = (("now", Ink.DIM),) if self._current is None else ()
            rows.append(ChoiceRow((("nobody", Ink.SOFT),), here, AssignChoice(None, "nobody")))
        return rows

    def _row(self, agent: AgentRow) -> ChoiceRow:
        left: list[Span] = [(clean(agent.name), Ink.BRIGHT)]
        if agent.full_name and agent.full_name != agent.name:
            left.append((f"  {clean(agent.full_name)}", Ink.DIM))
        right: list[Span] = [("me", Ink.ACCENT)] if agent.id == self._me else []
        if agent.id == self._current:
            right.append((" · now" if right else "now", Ink.DIM))
        return ChoiceRow(tuple(left), tuple(right), AssignChoice(agent.id, agent.name))

    def take(self, row: ChoiceRow) -> None:
        """Answer with the agent."""
        if isinstance(row.value, AssignChoice):
            self.dismiss(row.value)
