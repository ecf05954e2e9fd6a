"""All files of a ticket at once: move, look closely, save what is marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from helpdesk_tui.domain.media.shelf import ShelvedFile
from helpdesk_tui.domain.messages import AttachmentRow, Direction
from helpdesk_tui.domain.pictures import Look, Thumbnail
from helpdesk_tui.domain.setting.interface import IMAGES
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.drawing import can_draw
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.screens.viewing.closely import PictureScreen
from helpdesk_tui.screens.viewing.keys import key_of, meaning
from helpdesk_tui.widgets.gallery import COLUMNS, ROWS, GalleryGrid
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.pixels.layer import layer_of
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import short_moment

if TYPE_CHECKING:
    from helpdesk_tui.screens.thread.media import Media
    from helpdesk_tui.services.desk import Desk

_AT_ONCE = 4
_VERBS = ("open", "mark", "mark-all", "save", "fetch", "outside", "close")
"""What the line of keys names."""


class _Worker(Jobs):
    """Asks services for the gallery; nothing of it is seen."""

    DEFAULT_CSS = "_Worker { display: none; }"


class GalleryScreen(ModalScreen[None]):
    """Shows the files of one ticket, the newest first."""

    DEFAULT_CSS = """
    GalleryScreen { background: $background; layout: vertical; }
    GalleryScreen > Static { height: 1; padding: 0 1; background: $surface; color: $text; }
    """

    def __init__(
        self, ticket: int, chosen: int, desk: Callable[[], Desk], media: Media, keymap: Keymap
    ) -> None:
        super().__init__()
        self._ticket = ticket
        self._first = chosen
        self._desk = desk
        self._media = media
        self._keymap = keymap
        self._worker = _Worker()
        self._is_looking = False

    def compose(self) -> ComposeResult:
        """Make the title, the grid and the keys."""
        yield Static("", id="gallery-title", markup=False)
        yield GalleryGrid()
        yield Static("", id="gallery-keys", markup=False)
        yield self._worker

    @property
    def grid(self) -> GalleryGrid:
        """The tiles."""
        return self.query_one(GalleryGrid)

    def on_mount(self) -> None:
        """Ask for the files."""
        self.grid.focus()
        self._entitle()
        self._load()

    def _load(self) -> None:
        self._worker.start(
            lambda: self._desk().attachments.of_ticket(self._ticket), self._show, group="gallery"
        )

    def _show(self, files: list[ShelvedFile]) -> None:
        places = [place for place, one in enumerate(files) if one.file.id == self._first]
        if places:
            self.grid.place, self._first = places[0], 0
        self.grid.show(files)
        self._entitle()
        self._look()

    def _look(self) -> None:
        """Look at what is in sight and was not looked at, some files at a time."""
        grid = self.grid
        wanted = [one.file for one in grid.in_sight() if one.file.id not in grid.looks][:_AT_ONCE]
        if not wanted or self._is_looking:
            return
        self._is_looking = True
        layer = layer_of(self.app)
        cells = layer.grid if layer is not None else None
        rows = ROWS if can_draw(self.app) else 0

        def job() -> dict[int, Look]:
            desk = self._desk()
            high = 0 if desk.settings.get(IMAGES, "auto") == "off" else rows
            found = {file.id: desk.thumbnails.of(file, COLUMNS, high, cells) for file in wanted}
            for look in found.values():
                if layer is not None and isinstance(look, Thumbnail) and look.pixels is not None:
                    layer.prepare(look.pixels)
            return found

        self._worker.start(job, self._looked, group="gallery-looks")

    def _looked(self, found: dict[int, Look]) -> None:
        self._is_looking = False
        self.grid.show_looks(found)
        self._look()

    def on_gallery_grid_moved(self, message: GalleryGrid.Moved) -> None:
        """Tell of the chosen file, and look at what came in sight."""
        message.stop()
        self._entitle()
        self._look()

    def on_gallery_grid_chosen(self, message: GalleryGrid.Chosen) -> None:
        """Look at a file closely."""
        message.stop()
        self._open()

    def _entitle(self) -> None:
        grid = self.grid
        count = len(grid.files)
        title = ngettext("{count} file", "{count} files", count).format(count=count)
        marked = len(grid.marked)
        said = [_("#{id}").format(id=self._ticket), title]
        if marked:
            said.append(ngettext("{count} marked", "{count} marked", marked).format(count=marked))
        if grid.files:
            one = grid.files[grid.place]
            who = clean(one.author) if one.direction is Direction.INBOUND else _("by us")
            moment = short_moment(one.at.astimezone(), one.at.astimezone().year)
            said.append(" ".join(piece for piece in (who, moment) if piece))
        self.query_one("#gallery-title", Static).update(Content(" · ".join(said)))
        keys = {verb: key_of(verb, self._keymap) for verb in _VERBS}
        hints = (
            _("{key} look").format(key=keys["open"]),
            _("{key} mark").format(key=keys["mark"]),
            _("{key} mark all").format(key=keys["mark-all"]),
            _("{key} save").format(key=keys["save"]),
            _("{key} more ways").format(key=keys["outside"]),
            _("{key} back").format(key=keys["close"]),
            _("{key} fetch again").format(key=keys["fetch"]),
        )
        self.query_one("#gallery-keys", Static).update(key_hints(" · ".join(hints)))

    @property
    def _file(self) -> AttachmentRow | None:
        files = self.grid.files
        return files[self.grid.place].file if files else None

    def on_key(self, event: events.Key) -> None:
        """Do what a key means; none reaches the screen below."""
        event.stop()
        event.prevent_default()
        verb, grid = meaning(event, self._keymap), self.grid
        steps = {"left": -1, "right": 1, "previous": -1, "next": 1,
                 "up": -grid.across, "down": grid.across}  # fmt: skip
        if verb in steps:
            grid.choose(grid.place + steps[verb])
        elif verb == "close":
            self.dismiss(None)
        elif self._file is not None:
            self._act(verb, self._file)

    def _act(self, verb: str, file: AttachmentRow) -> None:
        grid = self.grid
        if verb == "open":
            self._open()
        elif verb == "mark":
            grid.mark(grid.marked ^ {file.id})
            grid.choose(grid.place + 1)
        elif verb == "mark-all":
            ids = frozenset(one.file.id for one in grid.files)
            grid.mark(frozenset() if grid.marked == ids else ids)
            self._entitle()
        elif verb == "save":
            files = [one.file for one in grid.files if one.file.id in grid.marked] or [file]
            self._media.save(*files)
        elif verb == "outside":
            self._media.open(file)
        elif verb == "fetch":
            self._media.fetch(file, self._load)

    def _open(self) -> None:
        files = [one.file for one in self.grid.files]
        self.app.push_screen(
            PictureScreen(files, self.grid.place, self._desk, self._media, self._keymap)
        )
