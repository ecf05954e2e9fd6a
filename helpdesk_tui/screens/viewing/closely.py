"""One file after the other over the whole screen, with zoom and pan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from helpdesk_tui.domain.messages import AttachmentRow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.drawing import can_be_viewed
from helpdesk_tui.screens.viewing.canvas import PictureCanvas
from helpdesk_tui.screens.viewing.keys import key_of, meaning
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.words.files import file_details, file_sign, file_trouble
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import shorten_cells

if TYPE_CHECKING:
    from helpdesk_tui.screens.thread.media import Media
    from helpdesk_tui.services.desk import Desk

_STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class PictureScreen(ModalScreen[None]):
    """Shows files one by one; whatever can be done with one is done by its usual key."""

    DEFAULT_CSS = """
    PictureScreen { background: $background; layout: vertical; }
    PictureScreen > Static { height: 1; padding: 0 1; background: $surface; color: $text; }
    """

    def __init__(
        self,
        files: Sequence[AttachmentRow],
        place: int,
        desk: Callable[[], Desk],
        media: Media,
        keymap: Keymap,
    ) -> None:
        super().__init__()
        self._files = tuple(files)
        self._place = place
        self._desk = desk
        self._media = media
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Make the title, the picture and the keys."""
        yield Static("", id="picture-title", markup=False)
        yield PictureCanvas()
        yield Static("", id="picture-keys", markup=False)

    def on_mount(self) -> None:
        """Show the first one."""
        self._show()

    @property
    def canvas(self) -> PictureCanvas:
        """The picture."""
        return self.query_one(PictureCanvas)

    @property
    def file(self) -> AttachmentRow:
        """The file on the screen."""
        return self._files[self._place]

    def _show(self) -> None:
        file = self.file
        self._entitle()
        self.canvas.focus()
        said, _ink = file_trouble(file, None)
        if can_be_viewed(file):
            self.canvas.show(lambda: self._desk().thumbnails.viewing(file))
        else:
            self.canvas.say(said or _("no picture: {kind}").format(kind=clean(file.content_type)))

    def _entitle(self) -> None:
        file, zoom = self.file, self.canvas.window.zoom
        place = f"  {self._place + 1}/{len(self._files)}" if len(self._files) > 1 else ""
        close = f"  {zoom:.1f}×" if zoom > 1 else ""
        tail = f"  {file_details(file, None)}{close}{place}"
        name = clean(file.filename) or _("unnamed file")
        name = shorten_cells(name, max(8, self.app.size.width - len(tail) - 6))
        self.query_one("#picture-title", Static).update(
            Content.assemble((file_sign(file), "$dim"), (name, "bold"), (tail, "$dim"))
        )
        hints = [
            _("{closer} {farther} zoom").format(
                closer=self._key("closer"), farther=self._key("farther")
            ),
            _("{left} {right} pan").format(left=self._key("left"), right=self._key("right")),
            _("{key} whole").format(key=self._key("whole")),
        ]
        if len(self._files) > 1:
            hints.append(_("{key} next").format(key=self._key("next")))
        hints += [
            _("{key} save").format(key=self._key("save")),
            _("{key} more ways").format(key=self._key("outside")),
            _("{key} back").format(key=self._key("close")),
        ]
        self.query_one("#picture-keys", Static).update(key_hints(" · ".join(hints)))

    def _key(self, verb: str) -> str:
        return key_of(verb, self._keymap)

    def on_picture_canvas_changed(self, message: PictureCanvas.Changed) -> None:
        """Say how close it is looked at."""
        message.stop()
        self._entitle()

    def on_key(self, event: events.Key) -> None:
        """Do what a key means; none reaches the screen below."""
        event.stop()
        event.prevent_default()
        verb, window = meaning(event, self._keymap), self.canvas.window
        if verb in _STEPS:
            self.canvas.look(window.moved(*_STEPS[verb]))
        elif verb == "closer":
            self.canvas.look(window.closer())
        elif verb == "farther":
            self.canvas.look(window.farther())
        elif verb == "whole":
            self.canvas.look(type(window)())
        elif verb in ("next", "previous"):
            self._turn_over(1 if verb == "next" else -1)
        elif verb == "save":
            self._media.save(self.file)
        elif verb == "outside":
            self._media.ask_how(self.file, is_viewed=True)
        elif verb == "close":
            self.dismiss(None)

    def _turn_over(self, step: int) -> None:
        place = max(0, min(self._place + step, len(self._files) - 1))
        if place != self._place:
            self._place = place
            self._show()
