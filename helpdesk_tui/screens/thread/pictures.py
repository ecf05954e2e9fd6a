"""Thumbnails of an opened ticket: looked for once the thread stands, and never waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.pictures import Thumbnail
from helpdesk_tui.domain.setting.interface import IMAGES
from helpdesk_tui.widgets.theme import THEMES
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
_AT_ONCE = 12
"""Pictures that are looked for together, the newest first."""
_MARGIN = 8


class Pictures:
    """Brings thumbnails into the view of a thread pane."""

    def __init__(self, pane: ThreadPane, desk: Callable[[], Desk]) -> None:
        self._pane = pane
        self._desk = desk
        self._timer: Timer | None = None

    def shown(self, *, entered: bool) -> None:
        """A thread is on screen: look for its pictures once it rests."""
        if self._timer is not None:
            self._timer.stop()
        if self._can_be_drawn():
            self._timer = self._pane.set_timer(_SOON if entered else _RESTED, self._look)

    def _can_be_drawn(self) -> bool:
        """Half-blocks need colours of their own, and the sign for half a block."""
        app = self._pane.app
        theme = THEMES.get(app.theme)
        return not (app.no_color or (theme is not None and theme.ansi))

    def _look(self) -> None:
        self._timer = None
        view = self._pane.view
        thread = view.thread
        if thread is None:
            return
        wanted = wanted_pictures(thread.messages, view.pictures)[:_AT_ONCE]
        if not wanted:
            return
        ticket, columns = thread.ticket.row.id, min(COLUMNS, max(8, view.size.width - _MARGIN))
        self._pane.start(
            lambda: self._made(wanted, columns),
            lambda found: self._show(ticket, found),
            group="thread-pictures",
            exclusive=True,
        )

    def _made(self, wanted: list[AttachmentRow], columns: int) -> dict[int, Thumbnail | None]:
        desk = self._desk()
        if desk.settings.get(IMAGES, "auto") == "off":
            return {file.id: None for file in wanted}
        return {file.id: desk.thumbnails.of(file, columns, ROWS) for file in wanted}

    def _show(self, ticket: int, found: dict[int, Thumbnail | None]) -> None:
        view = self._pane.view
        if view.thread is not None and view.thread.ticket.row.id == ticket:
            view.show_pictures(found)
            self._look()
