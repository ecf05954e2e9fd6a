"""The rail of wide terminals: the views with their unread numbers, and the team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Status, View, ViewCount, ViewFilter
from helpdesk_tui.domain.views import UNCOUNTED, SavedView, ViewUnread
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.painted import Painted, spread, width_of
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.view_names import narrow_key, status_name, view_keys, view_name
from helpdesk_tui.widgets.wrap import cells, shorten_cells

_STATUSES = (Status.OPEN, Status.SNOOZED, Status.CLOSED)
_TEAM_AT = 11
"""Where the team begins when there are no saved views."""
_WIDTHS = (18, 24)
"""Columns of the rail: with short names of views, and with the longest."""
_AROUND = 8
"""Columns that a row takes beside the name of a saved view, with a number of any length …"""
_AROUND_OWN = 7
"""… and beside that of a built-in one."""


@dataclass(frozen=True, slots=True)
class Teammate:
    """A colleague in the rail."""

    name: str
    active: bool
    typing: bool = False
    ticket_id: int | None = None
    id: int = 0
    away: bool = False
    """Takes no new tickets."""
    idle: bool = False
    """Has pressed no key for some minutes."""


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
        saved: SavedView | None = None
        mentions: bool = False
        """The notes that mention this agent."""
        more: bool = False
        """The views that the rail has no room for."""

    def __init__(self, keymap: Keymap, *, signs: Signs = UNICODE) -> None:
        super().__init__()
        self._keymap = keymap
        self._signs = signs
        self._where: ViewFilter | None = None
        self._counts: Mapping[View, ViewCount] = {}
        self._team: tuple[Teammate, ...] = ()
        self._rejected = 0
        self._mentions = 0
        self._saved: tuple[SavedView, ...] = ()
        self._unread: Mapping[int, ViewUnread] = {}
        self._drawn: list[list[Span]] = []

    def show(self, where: ViewFilter | None, counts: Mapping[View, ViewCount]) -> None:
        """Show the view that is open and the numbers of all."""
        if (where, counts) != (self._where, self._counts):
            self._where, self._counts = where, counts
            self.refresh()

    def show_saved(self, views: Sequence[SavedView], unread: Mapping[int, ViewUnread]) -> None:
        """Show the saved views and their numbers."""
        if (tuple(views), unread) == (self._saved, self._unread):
            return
        self._saved, self._unread = tuple(views), unread
        self._fit_width()
        self.refresh()

    def on_mount(self) -> None:
        """Be as wide as the names of this language need."""
        self._fit_width()

    def _fit_width(self) -> None:
        wanted = [cells(view_name(view)) + _AROUND_OWN for view in View]
        wanted += [cells(clean(view.name)) + _AROUND for view in self._saved]
        least, most = _WIDTHS
        self.styles.width = max(least, min(most, max(wanted)))

    def show_rejected(self, count: int) -> None:
        """Show how many mails made no ticket and wait for somebody."""
        if count != self._rejected:
            self._rejected = count
            self.refresh()

    def show_mentions(self, count: int) -> None:
        """Show how many notes mention this agent that were not seen yet."""
        if count != self._mentions:
            self._mentions = count
            self.refresh()

    def show_team(self, team: Sequence[Teammate]) -> None:
        """Show who is here."""
        if tuple(team) != self._team:
            self._team = tuple(team)
            self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint some lines; what stands in all of them is made out once."""
        self._drawn = [spans for spans, _picked in self._lines()]
        return super().render_lines(crop)

    def spans(self, y: int) -> Sequence[Span]:
        """Return one line of the rail."""
        return self._drawn[y] if y < len(self._drawn) else []

    def on_click(self, event: events.Click) -> None:
        """A click opens the view or the status under the mouse."""
        lines = self._lines()
        picked = lines[event.y][1] if event.y < len(lines) else None
        if picked is not None:
            self.post_message(picked)

    def _lines(self) -> list[tuple[list[Span], Picked | None]]:
        """Return every line with what a click on it picks."""
        lines: list[tuple[list[Span], Rail.Picked | None]] = [([], None)]
        keys = view_keys(self._keymap, self._saved)
        lines += [(self._view(keys[view], view), self.Picked(view=view)) for view in View]
        lines.append((self._hint(), self.Picked(rejected=True)) if self._rejected else ([], None))
        if self._mentions:
            lines.append((self._mentioned(), self.Picked(mentions=True)))
            lines += [] if self._saved else [([], None)]
        lines += self._saved_lines(keys)
        lines.append(([(" " + _("STATUS"), Ink.DIM)], None))
        lines += [(self._status(status), self.Picked(status=status)) for status in _STATUSES]
        if self._team:
            lines += [([], None)] * max(1, _TEAM_AT - len(lines))
            lines.append(([(" " + _("TEAM"), Ink.DIM)], None))
            lines += [(self._teammate(mate), None) for mate in self._team]
        return lines

    def _saved_lines(
        self, keys: Mapping[View | SavedView, str]
    ) -> list[tuple[list[Span], Picked | None]]:
        """Return the saved views that there is room for, under a rule."""
        if not self._saved:
            return []
        team = len(self._team) + 2 if self._team else 0
        team += bool(self._mentions)
        room = max(1, self.size.height - 1 - len(View) - 1 - 2 - 1 - len(_STATUSES) - team)
        shown = self._saved if len(self._saved) <= room else self._saved[: room - 1]
        rule = "─" * (self._room - 1)
        lines: list[tuple[list[Span], Rail.Picked | None]] = [
            ([(f" {self._signs.plain(rule)}", Ink.RULE)], None)
        ]
        lines += [
            (self._saved_view(view, keys.get(view, "")), self.Picked(saved=view)) for view in shown
        ]
        more = len(self._saved) - len(shown)
        if more:
            lines.append(
                (
                    [self._key("view.pick"), (_("{more} more").format(more=more), Ink.SOFT)],
                    self.Picked(more=True),
                )
            )
        return [*lines, ([], None)]

    @property
    def _room(self) -> int:
        return self.size.width - 1

    def _view(self, key: str, view: View) -> list[Span]:
        where = self._where
        here = where is not None and where.view is view and not (where.query or where.saved_id)
        count = self._counts.get(view)
        badge = str(count.unread) if count is not None and count.unread else ""
        name = shorten_cells(view_name(view), self._room - 4 - cells(badge))
        return spread(
            [(f"{key:>2} ", Ink.KEY if here else Ink.DIM),
             (name, Ink.HEADING if here else Ink.SOFT)],
            [(badge, Ink.DIM if view is View.SPAM else Ink.FRESH)],
            self._room,
        )  # fmt: skip

    def _saved_view(self, view: SavedView, key: str) -> list[Span]:
        here = self._where is not None and self._where.saved_id == view.id
        badge = self._signs.plain(self._unread.get(view.id, UNCOUNTED).badge)
        is_known = badge[:1].isdigit()
        name = shorten_cells(clean(view.name), self._room - 4 - cells(badge))
        return spread(
            [(f"{key:>2} ", Ink.KEY if here else Ink.DIM),
             (name, Ink.HEADING if here else Ink.SOFT)],
            [(badge, Ink.FRESH if is_known else Ink.DIM)],
            self._room,
        )  # fmt: skip

    def _key(self, action: str) -> Span:
        return (f"{narrow_key(self._keymap, action):>2} ", Ink.DIM)

    def _mentioned(self) -> list[Span]:
        return self._counted("go.mentions", _("Mentions"), (str(self._mentions), Ink.FRESH))

    def _hint(self) -> list[Span]:
        return self._counted("go.intake", _("Rejected"), (str(self._rejected), Ink.WAITING))

    def _counted(self, action: str, words: str, number: Span) -> list[Span]:
        name = shorten_cells(words, self._room - 4 - cells(number[0]))
        return spread([self._key(action), (name, Ink.SOFT)], [number], self._room)

    def _status(self, status: Status) -> list[Span]:
        where = self._where
        here = where is not None and where.status is status
        is_counted = where is not None and not (where.query or where.saved_id)
        count = self._counts.get(where.view) if where is not None and is_counted else None
        number = str(count.total(status)) if count is not None else ""
        name = shorten_cells(status_name(status), self._room - 4 - cells(number))
        return spread(
            [(f"   {name}", Ink.TEXT if here else Ink.SOFT)],
            [(number, Ink.SOFT if here else Ink.DIM)],
            self._room,
        )

    def _teammate(self, mate: Teammate) -> list[Span]:
        signs = self._signs
        is_there = mate.active and not mate.idle
        sign = (signs.present, Ink.GOOD) if is_there else (signs.away, Ink.DIM)
        right: list[Span] = []
        if mate.away:
            sign = (signs.away, Ink.WAITING)
            right = [(_("away"), Ink.WAITING)]
        elif mate.idle:
            right = [(_("idle"), Ink.DIM)]
        elif mate.ticket_id is not None:
            ink = Ink.WAITING if mate.typing else Ink.DIM
            right = [(f"{signs.typing} " if mate.typing else "", ink), (f"#{mate.ticket_id}", ink)]
        room = min(9, self._room - 4 - width_of(right))
        name = shorten_cells(clean(mate.name), room)
        return spread(
            [(f" {sign[0]} ", sign[1]), (name, Ink.SOFT if is_there else Ink.DIM)],
            right,
            self._room,
        )
