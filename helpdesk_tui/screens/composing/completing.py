"""What the composer proposes while writing: emoji everywhere, colleagues and teams in notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.emoji import Emoji
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.text import clean, fold
from helpdesk_tui.domain.tickets import AgentRow, TeamRow
from helpdesk_tui.widgets.completion import Offer, Place, Proposal, word_before
from helpdesk_tui.widgets.words.language import _, ngettext

if TYPE_CHECKING:
    from helpdesk_tui.screens.jobs import Jobs
    from helpdesk_tui.services.desk import Desk

_LEAST_EMOJI = 2
"""Letters behind a colon from which on emoji are meant, and no time or ratio."""


class Completing:
    """Sources of proposals; the team is read when a composer opens, never while typing."""

    def __init__(self, pane: Jobs, desk: Callable[[], Desk]) -> None:
        self._pane = pane
        self._desk = desk
        self._emoji = Emoji()
        self._agents: tuple[AgentRow, ...] = ()
        self._teams: tuple[TeamRow, ...] = ()

    def read_team(self) -> None:
        """Read whom a note may mention."""

        def read() -> tuple[tuple[AgentRow, ...], tuple[TeamRow, ...]]:
            desk = self._desk()
            return desk.team.agents(), desk.teams.all()

        def take(found: tuple[tuple[AgentRow, ...], tuple[TeamRow, ...]]) -> None:
            self._agents, self._teams = found

        self._pane.start(read, take, lambda _error: None, group="team-names")

    def emoji(self, place: Place) -> Offer | None:
        """Offer emoji behind a colon."""
        word = word_before(place.before, ":")
        if word is None or len(word) < _LEAST_EMOJI:
            return None
        if not all(char.isalnum() or char in "_+-" for char in word):
            return None
        found = self._emoji.find(word)
        proposals = tuple(Proposal(f"{sign} ", f":{name}:", sign) for name, sign in found)
        return Offer(len(word) + 1, proposals)

    def mentions(self, place: Place) -> Offer | None:
        """Offer colleagues and teams behind an ``@`` of a note."""
        word = word_before(place.before, "@")
        if word is None or place.kind is not DraftKind.NOTE:
            return None
        start = fold(word)
        people = [
            Proposal(f"@{one.name} ", f"@{one.name}", clean(one.full_name))
            for one in self._agents
            if one.active and _fits(start, one.name, one.full_name)
        ]
        teams = [
            Proposal(f"@{team.name} ", f"@{team.name}", _team_note(team))
            for team in self._teams
            if _fits(start, team.name)
        ]
        return Offer(len(word) + 1, (*people, *teams))


def _fits(start: str, *names: str) -> bool:
    return any(
        word.startswith(start) for name in names for word in (fold(name), *fold(name).split())
    )


def _team_note(team: TeamRow) -> str:
    count = len(team.members)
    return (
        _("team") + " · " + ngettext("{count} person", "{count} people", count).format(count=count)
    )
