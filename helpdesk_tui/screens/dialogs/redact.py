"""Parts of a picture that are blacked out before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk_tui.domain.media.window import Window
from helpdesk_tui.domain.pictures import Thumbnail
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.services.media.viewing import Viewing
from helpdesk_tui.widgets.region_picture import Area, RegionPicture
from helpdesk_tui.widgets.words.language import N_, _, ngettext

_STEPS = {
    "left": (-1, 0), "h": (-1, 0), "right": (1, 0), "l": (1, 0),
    "up": (0, -1), "k": (0, -1), "down": (0, 1), "j": (0, 1),
}  # fmt: skip
_PANS = {
    "H": (-1, 0), "L": (1, 0), "K": (0, -1), "J": (0, 1),
    "shift+left": (-1, 0), "shift+right": (1, 0), "shift+up": (0, -1), "shift+down": (0, 1),
}  # fmt: skip
_FAST = 5
_AROUND = 12
"""Lines of the screen that are not picture."""


class RedactDialog(Dialog[tuple[Area, ...]], Jobs):
    """Regions are chosen with arrows and space, or drawn with the mouse; y blacks them out."""

    DEFAULT_CSS = """
    RedactDialog > #dialog-box { width: 96; }
    RedactDialog RegionPicture { margin: 1 0; }
    """
    TITLE_TEXT: ClassVar[str] = N_("black out")
    HINT: ClassVar[str] = N_("space corner · + - zoom · H J K L pan · u takes off · y done · esc")

    def __init__(self, name: str, viewing: Viewing) -> None:
        super().__init__()
        self._name = name
        self._viewing = viewing
        self._window = Window()

    def parts(self) -> Sequence[Widget]:
        """Return what to do, and the picture."""
        return (
            Static("", id="redact-words", classes="hint", markup=False),
            RegionPicture(id="redact-picture"),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    @property
    def _picture(self) -> RegionPicture:
        return self.query_one(RegionPicture)

    def prepare(self) -> None:
        """Show the whole picture."""
        super().prepare()
        box = self.query_one("#dialog-box")
        box.border_title = Content(clean(f"{_(self.TITLE_TEXT)} · {self._name}"))
        self._say()

    def on_resize(self) -> None:
        """Draw it in the room there is."""
        self._draw()

    def _draw(self) -> None:
        columns = max(20, min(88, self.app.size.width - 10))
        rows = max(6, self.app.size.height - _AROUND)
        window, viewing = self._window, self._viewing

        def show(picture: Thumbnail) -> None:
            if window == self._window:
                self._picture.show(picture, window)
                self._say()

        self.start(
            lambda: viewing.part(window, columns, rows, None), show, group="look", exclusive=True
        )

    def _say(self) -> None:
        count = len(self._picture.areas)
        if self._picture.is_choosing:
            said = _("move to the other corner, then space")
        elif count:
            said = ngettext(
                "{count} region · y blacks it out in the full picture, the original is kept",
                "{count} regions · y blacks them out in the full picture, the original is kept",
                count,
            ).format(count=count)
        else:
            said = _("arrows move, space sets one corner and then the other; or draw by mouse")
        self.query_one("#redact-words", Static).update(Content(said))

    def on_region_picture_chosen(self, message: RegionPicture.Chosen) -> None:
        """Take a region that was drawn."""
        message.stop()
        self._picture.areas.append(message.area)
        self._say()

    def press(self, event: events.Key) -> None:
        """Move, choose, look closer, or be done."""
        event.stop()
        picture, key = self._picture, event.character or event.key
        if key in _STEPS or event.key in _STEPS:
            picture.move(*_STEPS.get(key) or _STEPS[event.key])
        elif event.key.startswith("ctrl+") and event.key[5:] in _STEPS:
            across, down = _STEPS[event.key[5:]]
            picture.move(across * _FAST, down * _FAST)
        elif key in _PANS or event.key in _PANS:
            self._look(self._window.moved(*(_PANS.get(key) or _PANS[event.key])))
        elif key in ("+", "="):
            self._look(self._window.closer())
        elif key == "-":
            self._look(self._window.farther())
        elif event.key in ("space", "enter"):
            self._corner()
        else:
            self._decide(event.key)
        self._say()

    def _corner(self) -> None:
        picture = self._picture
        if not picture.is_choosing:
            picture.begin()
            return
        area = picture.take()
        if area is not None:
            picture.areas.append(area)
            picture.refresh()

    def _look(self, window: Window) -> None:
        if window != self._window:
            self._window = window
            self._draw()

    def _decide(self, key: str) -> None:
        picture = self._picture
        if key in ("u", "z", "backspace") and picture.areas:
            picture.areas.pop()
            picture.refresh()
        elif key == "y":
            if picture.areas:
                self.dismiss(tuple(picture.areas))
            else:
                said = _("nothing is chosen yet")
                self.query_one("#dialog-news", Static).update(Content(said))
        elif key == "escape":
            if picture.is_choosing:
                picture.leave()
            else:
                self.dismiss(None)
