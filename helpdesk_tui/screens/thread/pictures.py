"""Looks at the files of an opened ticket: taken once the thread stands, and never waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.pictures import Grid, Look, Thumbnail
from helpdesk_tui.domain.setting.interface import IMAGES
from helpdesk_tui.screens.drawing import can_draw
from helpdesk_tui.widgets.pixels.layer import layer_of
from helpdesk_tui.widgets.thread.pictures import COLUMNS, ROWS, wanted_pictures

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk_tui.domain.messages import AttachmentRow
    from helpdesk_tui.screens.thread.pane import ThreadPane
    from helpdesk_tui.services.desk import Desk

_SOON = 0.1
"""Seconds after which the pictures of an entered ticket are looked for …"""
_RESTED = 0.5
"""… and of one that the cursor rests on: passing by costs nothing."""
_AT_ONCE = 4
"""Files that are looked at together, the newest first."""
_MARGIN = 8


class Pictures:
    """Brings thumbnails into the view of a thread pane."""

    def __init__(self, pane: ThreadPane, desk: Callable[[], Desk]) -> None:
        self._pane = pane
        self._desk = desk
        self._timer: Timer | None = None
        self._columns = 0

    def shown(self, *, entered: bool) -> None:
        """A thread is on screen: look at its files once it rests."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._pane.set_timer(_SOON if entered else _RESTED, self._look)

    def begin(self) -> None:
        """Draw anew whenever the terminal turns out to draw another way."""
        layer = layer_of(self._pane.app)
        if layer is not None:
            layer.changed = self.renew

    def resized(self) -> None:
        """Make pictures fit another width, and ask whether the letters have another size too."""
        terminal = getattr(self._pane.app, "pictures", None)
        if terminal is not None:
            terminal.measure()
        if self._columns and self._columns != self._room:
            self.renew()

    @property
    def _room(self) -> int:
        """Cells that a picture may take across."""
        return min(COLUMNS, max(8, self._pane.view.size.width - _MARGIN))

    def renew(self) -> None:
        """Look at everything anew: it is drawn another way from now on."""
        self._pane.view.forget_pictures()
        self.shown(entered=True)

    def _look(self) -> None:
        self._timer = None
        view = self._pane.view
        thread = view.thread
        if thread is None:
            return
        wanted = wanted_pictures(thread.messages, view.pictures)[:_AT_ONCE]
        if not wanted:
            return
        ticket, columns = thread.ticket.row.id, self._room
        self._columns = columns
        layer = layer_of(self._pane.app)
        grid = layer.grid if layer is not None else None
        rows = ROWS if can_draw(self._pane.app) else 0
        self._pane.start(
            lambda: self._made(wanted, columns, rows, grid),
            lambda found: self._show(ticket, grid, found),
            group="thread-pictures",
            exclusive=True,
        )

    def _made(
        self, wanted: list[AttachmentRow], columns: int, rows: int, grid: Grid | None
    ) -> dict[int, Look]:
        desk = self._desk()
        if desk.settings.get(IMAGES, "auto") == "off":
            rows = 0
        layer = layer_of(self._pane.app)
        found: dict[int, Look] = {}
        for file in wanted:
            look = found[file.id] = desk.thumbnails.of(file, columns, rows, grid)
            if layer is not None and isinstance(look, Thumbnail) and look.pixels is not None:
                layer.prepare(look.pixels)
        return found

    def _show(self, ticket: int, grid: Grid | None, found: dict[int, Look]) -> None:
        view = self._pane.view
        layer = layer_of(self._pane.app)
        if grid != (layer.grid if layer is not None else None):
            return  # the terminal has said meanwhile that it draws another way
        if view.thread is not None and view.thread.ticket.row.id == ticket:
            view.show_pictures(found)
            self._look()
