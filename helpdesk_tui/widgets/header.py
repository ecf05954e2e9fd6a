"""The one line at the top: where you are, who you are, how the mail flows, what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from textual.geometry import Region

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import View, ViewCount
from helpdesk_tui.domain.views import UNCOUNTED, SavedView, ViewUnread, pinned
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.language import _
from helpdesk_tui.widgets.painted import Painted, spread, width_of
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.view_names import GO_KEYS, SHORT_NAMES
from helpdesk_tui.widgets.wrap import shorten_cells

_NAME_CELLS = 14
"""Columns of the name of a saved view."""
WIDE = 140
"""From this width on the views have a rail of their own."""


@dataclass(frozen=True, slots=True)
class HeaderState:
    """Everything the header says."""

    desk: str = ""
    agent: str = ""
    sync: str = ""
    """A word or two on the flow of mail …"""
    sync_ink: Ink = Ink.DIM
    """… and how serious it is."""
    clock: str = ""
    view: View | None = None
    counts: Mapping[View, ViewCount] = field(default_factory=dict)
    saved_id: int = 0
    """The saved view that is open; 0 for none."""
    saved: tuple[SavedView, ...] = ()
    saved_unread: Mapping[int, ViewUnread] = field(default_factory=dict)
    mentions: int = 0
    """Notes that mention this agent, not seen yet."""
    away: bool = False
    """This agent takes no new tickets."""
    rejected: int = 0
    """Mails that made no ticket and wait for somebody."""

    @property
    def unread(self) -> int:
        """Unread tickets outside spam."""
        return unread_total(self.counts)


def unread_total(counts: Mapping[View, ViewCount]) -> int:
    """Return the number for the terminal title: unread in all tickets."""
    return counts[View.ALL].unread if View.ALL in counts else 0


class Header(Painted):
    """Draws a header state; repaints only when something in it differs."""

    TONE: ClassVar[Tone] = Tone.RAISED

    DEFAULT_CSS = """
    Header { height: 1; width: 100%; dock: top; background: $raised; }
    """

    def __init__(self, *, signs: Signs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self.state = HeaderState()
        self._signs = signs

    def update(self, state: HeaderState) -> None:
        """Show another state."""
        old, self.state = self.state, state
        if old == state:
            return
        if replace(old, clock=state.clock) == state and len(old.clock) == len(state.clock):
            # the tick of the clock is a few bytes, not a line
            width = len(state.clock) + 1
            self.refresh(Region(self.size.width - width, 0, width, 1))
            return
        self.refresh()

    def spans(self, y: int) -> Sequence[Span]:
        """Return the line; on narrow terminals the views stand in it."""
        width = self.size.width
        left = self._views() if width < WIDE else self._names()
        for right in self._ends():
            if width_of(left) + width_of(right) + 2 <= width:
                return spread(left, right, width)
        return left

    def _names(self) -> list[Span]:
        return [(" helpdesk", Ink.HEADING), (f"  {clean(self.state.desk)}", Ink.SOFT)]

    def _views(self) -> list[Span]:
        spans: list[Span] = [(" ", Ink.DIM)]
        keys = {view: key for key, view in pinned(self.state.saved).items()}
        for view in View:
            here = view is self.state.view
            spans.append((f"{keys.get(view, GO_KEYS[view])} ", Ink.KEY if here else Ink.DIM))
            spans.append((_(SHORT_NAMES[view]), Ink.HEADING if here else Ink.SOFT))
            count = self.state.counts.get(view)
            if count is not None and count.unread:
                ink = Ink.DIM if view is View.SPAM else Ink.FRESH
                spans.append((f" {count.unread}", ink))
            spans.append(("  ", Ink.DIM))
        if self.state.rejected:
            spans += [("gx ", Ink.DIM), (_("Rejected"), Ink.SOFT)]
            spans += [(f" {self.state.rejected}  ", Ink.WAITING)]
        return spans + self._saved(keys, self.size.width - width_of(spans) - self._least)

    @property
    def _least(self) -> int:
        """Columns that the right end takes at least."""
        return width_of(self._ends()[-2]) + 4

    def _saved(self, keys: Mapping[View | SavedView, str], room: int) -> list[Span]:
        """Return the saved views that fit: the one that is open, and those on keys."""
        state = self.state
        wanted = [view for view in state.saved if view.id == state.saved_id or view in keys]
        wanted.sort(key=lambda view: (view.id != state.saved_id, keys.get(view, "")))
        fitting: list[tuple[str, list[Span]]] = []
        for view in wanted:
            piece = self._saved_view(view, keys.get(view, ""))
            room -= width_of(piece)
            if room < 0:
                fitting.append(("~~", [(self._signs.plain("…"), Ink.DIM)]))
                break
            fitting.append((keys.get(view, "~"), piece))
        fitting.sort(key=lambda one: one[0])
        return [span for _, piece in fitting for span in piece]

    def _saved_view(self, view: SavedView, key: str) -> list[Span]:
        here = view.id == self.state.saved_id
        badge = self._signs.plain(self.state.saved_unread.get(view.id, UNCOUNTED).badge)
        return [
            (f"{key} " if key else "", Ink.KEY if here else Ink.DIM),
            (shorten_cells(clean(view.name), _NAME_CELLS), Ink.HEADING if here else Ink.SOFT),
            (f" {badge}" if badge else "", Ink.FRESH if badge[:1].isdigit() else Ink.DIM),
            ("  ", Ink.DIM),
        ]

    def _ends(self) -> list[list[Span]]:
        """Return the right end, the fullest first."""
        state, signs = self.state, self._signs
        here: Span = (f" {signs.present}", Ink.GOOD)
        if state.away:
            here = (f" {signs.away} {_('away')}", Ink.WAITING)
        agent: list[Span] = [(clean(state.agent), Ink.TEXT), here]
        if state.mentions:
            agent = [(f"@{state.mentions}   ", Ink.FRESH), *agent]
        sync: list[Span] = [(f"   {clean(state.sync)}", state.sync_ink)] if state.sync else []
        number = str(state.unread)
        unread: list[Span] = [("   " + _("unread") + " ", Ink.SOFT), (number, Ink.KEY)]
        clock: list[Span] = [(f"   {state.clock} ", Ink.SOFT)]
        return [
            [*agent, *sync, *unread, *clock],
            [*agent, *sync, *clock],
            [*agent, *clock],
            [*agent, (" ", Ink.DIM)],
            [],
        ]
