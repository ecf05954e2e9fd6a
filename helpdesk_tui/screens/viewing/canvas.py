"""The picture that fills a screen: whichever part of it is looked at, made in a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from helpdesk_tui.domain.media.window import Window
from helpdesk_tui.domain.pictures import NoPicture, Thumbnail
from helpdesk_tui.screens.drawing import can_draw
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.widgets.ink import Ink, Palette, Tone
from helpdesk_tui.widgets.pixels.cells import MOST
from helpdesk_tui.widgets.pixels.layer import layer_of
from helpdesk_tui.widgets.thread.pictures import picture_segments
from helpdesk_tui.widgets.words.files import no_picture_words
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import cells, wrap_line

if TYPE_CHECKING:
    from helpdesk_tui.services.media.viewing import Viewing

Opens = Callable[[], "Viewing | NoPicture"]
_STEP = 8
"""Cells that the mouse is drawn over for one step of the window."""


class PictureCanvas(Jobs, can_focus=True):
    """Draws a part of one picture in the middle of its room."""

    DEFAULT_CSS = "PictureCanvas { height: 1fr; width: 1fr; background: $background; }"

    @dataclass
    class Changed(Message):
        """Another part of the picture is on the screen."""

        zoom: float

    def __init__(self) -> None:
        super().__init__()
        self._viewing: Viewing | None = None
        self._window = Window()
        self._picture: Thumbnail | None = None
        self._said = ""
        self._drawn_from: tuple[int, int] | None = None
        self._turn = 0

    def show(self, opens: Opens) -> None:
        """Show the whole of another picture."""
        self._turn += 1
        turn = self._turn
        self._viewing, self._picture, self._window = None, None, Window()
        self.say(_("opening …"))
        self.start(
            opens,
            lambda found: self._opened(turn, found),
            lambda error: self._fail(turn, error.code),
            group="picture-open",
            exclusive=True,
        )

    def say(self, text: str) -> None:
        """Show words in the place of a picture."""
        self._turn += 1
        self._viewing, self._picture, self._said = None, None, text
        self.refresh()

    @property
    def window(self) -> Window:
        """The part that is looked at."""
        return self._window

    def look(self, window: Window) -> None:
        """Look at another part."""
        if self._viewing is not None and window != self._window:
            self._window = window
            self._make()
            self.post_message(self.Changed(window.zoom))

    def _fail(self, turn: int, code: str) -> None:
        if turn + 1 == self._turn:
            from helpdesk_tui.widgets.words.errors import sentence_of

            self.say(sentence_of(code))

    def _opened(self, turn: int, found: Viewing | NoPicture) -> None:
        if turn + 1 != self._turn:
            return
        if isinstance(found, NoPicture):
            self.say(no_picture_words(found))
        elif not can_draw(self.app):
            self.say(_("no colours here to draw it with: save it, or fetch it to your machine"))
        else:
            self._viewing = found
            self._make()

    def _make(self) -> None:
        viewing, window = self._viewing, self._window
        layer = layer_of(self.app)
        grid = layer.grid if layer is not None else None
        columns, rows = min(self.size.width, MOST - 1), min(self.size.height, MOST - 1)
        if viewing is None or columns < 1 or rows < 1:
            return

        def job() -> Thumbnail:
            made = viewing.part(window, columns, rows, grid)
            if layer is not None and made.pixels is not None:
                layer.prepare(made.pixels)
            return made

        self.start(job, lambda made: self._made(viewing, made), group="picture", exclusive=True)

    def _made(self, viewing: Viewing, made: Thumbnail) -> None:
        if viewing is self._viewing:
            self._picture = made
            self.refresh()

    def on_resize(self) -> None:
        """Fill the new room."""
        self._make()

    # the mouse -----------------------------------------------------------------------------------

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Look closer."""
        event.stop()
        self.look(self._window.closer())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """See more of it."""
        event.stop()
        self.look(self._window.farther())

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the picture."""
        self._drawn_from = (event.x, event.y)
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw the picture along."""
        if self._drawn_from is None:
            return
        across = (self._drawn_from[0] - event.x) / _STEP
        down = (self._drawn_from[1] - event.y) * 2 / _STEP
        if max(abs(across), abs(down)) >= 0.25:
            self._drawn_from = (event.x, event.y)
            self.look(self._window.moved(across / 2, down / 2))

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Let go of it."""
        self._drawn_from = None
        self.release_mouse()

    # painting ------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Paint one line: of the picture, or of what is said instead."""
        palette = Palette.of(self.app.theme_variables)
        width, height = self.size
        picture = self._picture
        if picture is None:
            lines = wrap_line(self._said, max(10, width - 4))
            at = y - (height - len(lines)) // 2
            said = lines[at] if 0 <= at < len(lines) else ""
            gap = " " * max(0, (width - cells(said)) // 2)
            return palette.strip(((gap, Ink.DIM), (said, Ink.SOFT)), width, Tone.BASE)
        blank = palette.style(Ink.TEXT, Tone.BASE)
        row = y - (height - picture.rows) // 2
        if not 0 <= row < picture.rows:
            return Strip.blank(width, blank)
        left = max(0, (width - picture.columns) // 2)
        segments = [Segment(" " * left, blank)]
        segments += picture_segments(picture, row, layer_of(self.app))
        return Strip(segments).adjust_cell_length(width, blank)
