"""The one line at the top: where you are, who you are, how the mail flows, what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from textual import events
from textual.geometry import Region

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import View, ViewCount
from helpdesk_tui.domain.views import UNCOUNTED, SavedView, ViewUnread
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.painted import Painted, spread, width_of
from helpdesk_tui.widgets.rail import Rail
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.view_names import SHORT_NAMES, narrow_key, view_keys
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

    def __init__(self, keymap: Keymap, *, signs: Signs = UNICODE) -> None:
        super().__init__()
        self._keymap = keymap
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

    def on_click(self, event: events.Click) -> None:
        """A click opens the view under the mouse, as in the rail."""
        if self.size.width >= WIDE:
            return
        start = 1
        for spans, picked in self._pieces():
            end = start + width_of(spans)
            if picked is not None and start <= event.x < end:
                self.post_message(picked)
            start = end

    def _views(self) -> list[Span]:
        return [(" ", Ink.DIM), *(span for spans, _picked in self._pieces() for span in spans)]

    def _pieces(self) -> list[tuple[list[Span], Rail.Picked | None]]:
        """Return the views with what a click on each picks."""
        keys = view_keys(self._keymap, self.state.saved)
        pieces = [(self._view(view, keys[view]), Rail.Picked(view=view)) for view in View]
        if self.state.rejected:
            rejected: list[Span] = [
                (_before(narrow_key(self._keymap, "go.intake")), Ink.DIM),
                (_("Rejected"), Ink.SOFT),
                (f" {self.state.rejected}  ", Ink.WAITING),
            ]
            pieces.append((rejected, Rail.Picked(rejected=True)))
        taken = 1 + sum(width_of(spans) for spans, _picked in pieces)
        return [*pieces, *self._saved(keys, self.size.width - taken - self._least)]

    def _view(self, view: View, key: str) -> list[Span]:
        here = view is self.state.view
        spans: list[Span] = [
            (_before(key), Ink.KEY if here else Ink.DIM),
            (_(SHORT_NAMES[view]), Ink.HEADING if here else Ink.SOFT),
        ]
        count = self.state.counts.get(view)
        if count is not None and count.unread:
            spans.append((f" {count.unread}", Ink.DIM if view is View.SPAM else Ink.FRESH))
        return [*spans, ("  ", Ink.DIM)]

    @property
    def _least(self) -> int:
        """Columns that the right end takes at least."""
        return width_of(self._ends()[-2]) + 4

    def _saved(
        self, keys: Mapping[View | SavedView, str], room: int
    ) -> list[tuple[list[Span], Rail.Picked | None]]:
        """Return the saved views that fit: the one that is open, and those on keys."""
        state = self.state
        wanted = [view for view in state.saved if view.id == state.saved_id or view in keys]
        wanted.sort(key=lambda view: (view.id != state.saved_id, keys.get(view, "")))
        fitting: list[tuple[str, list[Span], Rail.Picked]] = []
        for view in wanted:
            piece = self._saved_view(view, keys.get(view, ""))
            room -= width_of(piece)
            if room < 0:
                more: list[Span] = [(self._signs.plain("…"), Ink.DIM)]
                fitting.append(("~~", more, Rail.Picked(more=True)))
                break
            fitting.append((keys.get(view, "~"), piece, Rail.Picked(saved=view)))
        fitting.sort(key=lambda one: one[0])
        return [(piece, picked) for _key, piece, picked in fitting]

    def _saved_view(self, view: SavedView, key: str) -> list[Span]:
        here = view.id == self.state.saved_id
        badge = self._signs.plain(self.state.saved_unread.get(view.id, UNCOUNTED).badge)
        return [
            (_before(key), Ink.KEY if here else Ink.DIM),
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


def _before(key: str) -> str:
    """Return a key as it stands before a name; nothing where there is none."""
    return f"{key} " if key else ""
