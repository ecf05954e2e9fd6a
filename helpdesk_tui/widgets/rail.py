"""The rail of wide terminals: the views with their unread numbers, and the team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Status, View, ViewCount, ViewFilter
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.painted import Painted, spread
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.view_names import NAMES
from helpdesk_tui.widgets.wrap import shorten_cells

_STATUSES = (Status.OPEN, Status.SNOOZED, Status.CLOSED)
_TEAM_AT = 11


@dataclass(frozen=True, slots=True)
class Teammate:
    """A colleague in the rail."""

    name: str
    active: bool
    typing: bool = False
    ticket_id: int | None = None


class Rail(Painted):
    """Views, rejected mail, statuses of the view shown, and who is here."""

    DEFAULT_CSS = """
    Rail { width: 18; height: 1fr; background: $background; }
    """

    @dataclass
    class Picked(Message):
        """A view or a status was clicked."""

        view: View | None = None
        status: Status | None = None
        rejected: bool = False
        """Rejected and unusual mail, which is no view of tickets."""

    def __init__(self, *, signs: Signs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self._signs = signs
        self._where: ViewFilter | None = None
        self._counts: Mapping[View, ViewCount] = {}
        self._team: tuple[Teammate, ...] = ()
        self._rejected = 0

    def show(self, where: ViewFilter | None, counts: Mapping[View, ViewCount]) -> None:
        """Show the view that is open and the numbers of all."""
        if (where, counts) != (self._where, self._counts):
            self._where, self._counts = where, counts
            self.refresh()

    def show_rejected(self, count: int) -> None:
        """Show how many mails made no ticket and wait for somebody."""
        if count != self._rejected:
            self._rejected = count
            self.refresh()

    def show_team(self, team: Sequence[Teammate]) -> None:
        """Show who is here."""
        if tuple(team) != self._team:
            self._team = tuple(team)
            self.refresh()

    def spans(self, y: int) -> Sequence[Span]:
        """Return one line of the rail."""
        views = tuple(View)
        if 1 <= y <= len(views):
            return self._view(y, views[y - 1])
        if y == len(views) + 1 and self._rejected:
            return self._hint()
        if y == len(views) + 2:
            return [(" STATUS", Ink.DIM)]
        row = y - len(views) - 3
        if 0 <= row < len(_STATUSES):
            return self._status(_STATUSES[row])
        if self._team and y == _TEAM_AT:
            return [(" TEAM", Ink.DIM)]
        if 0 <= y - _TEAM_AT - 1 < len(self._team):
            return self._teammate(self._team[y - _TEAM_AT - 1])
        return []

    @property
    def _room(self) -> int:
        return self.size.width - 1

    def _view(self, number: int, view: View) -> list[Span]:
        here = self._where is not None and self._where.view is view and not self._where.query
        count = self._counts.get(view)
        badge = str(count.unread) if count is not None and count.unread else ""
        return spread(
            [(f" {number} ", Ink.KEY if here else Ink.DIM),
             (NAMES[view], Ink.HEADING if here else Ink.SOFT)],
            [(badge, Ink.DIM if view is View.SPAM else Ink.FRESH)],
            self._room,
        )  # fmt: skip

    def _hint(self) -> list[Span]:
        return spread(
            [(" gx", Ink.DIM), (" Rejected", Ink.SOFT)],
            [(str(self._rejected), Ink.WAITING)],
            self._room,
        )

    def _status(self, status: Status) -> list[Span]:
        where = self._where
        here = where is not None and where.status is status and not where.query
        count = self._counts.get(where.view) if where is not None else None
        number = str(count.total(status)) if count is not None else ""
        return spread(
            [(f"   {status.value}", Ink.TEXT if here else Ink.SOFT)],
            [(number, Ink.SOFT if here else Ink.DIM)],
            self._room,
        )

    def _teammate(self, mate: Teammate) -> list[Span]:
        signs = self._signs
        sign = (signs.present, Ink.GOOD) if mate.active else (signs.away, Ink.DIM)
        name = shorten_cells(clean(mate.name), 9)
        right: list[Span] = []
        if mate.ticket_id is not None:
            ink = Ink.WAITING if mate.typing else Ink.DIM
            right = [(f"{signs.typing} " if mate.typing else "", ink), (f"#{mate.ticket_id}", ink)]
        return spread(
            [(f" {sign[0]} ", sign[1]), (name, Ink.SOFT if mate.active else Ink.DIM)],
            right,
            self._room,
        )

    def on_click(self, event: events.Click) -> None:
        """A click opens the view or the status under the mouse."""
        views = tuple(View)
        if 1 <= event.y <= len(views):
            self.post_message(self.Picked(view=views[event.y - 1]))
        if event.y == len(views) + 1 and self._rejected:
            self.post_message(self.Picked(rejected=True))
        row = event.y - len(views) - 3
        if 0 <= row < len(_STATUSES):
            self.post_message(self.Picked(status=_STATUSES[row]))
