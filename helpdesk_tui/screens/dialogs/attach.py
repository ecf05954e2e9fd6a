"""Which files go along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.pictures import Thumbnail
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.composing.folder import (
    Entry,
    Listing,
    completed,
    fitting,
    listing,
    shown_path,
    written,
)
from helpdesk_tui.screens.composing.outgoing import read_outgoing
from helpdesk_tui.screens.composing.smaller import looked_at
from helpdesk_tui.screens.dialogs.base import Dialog, opening_keys
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.widgets.choices import ChoiceRow, Choices, CleanInput
from helpdesk_tui.widgets.chords import key_name
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.picture_box import PictureBox
from helpdesk_tui.widgets.words.language import N_, _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number
from helpdesk_tui.widgets.words.thread import size_label

_SOON = 0.08
"""Seconds that the cursor rests on a file before it is looked at, or typing before it is read."""
_LARGEST_LOOK = 20_000_000
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic")
_COLUMNS, _ROWS = 28, 11


class AttachDialog(Dialog[tuple[Path, ...]], Jobs):
    """The files of a folder, the newest first: typing filters, or is a path.

    Folders may lie on a slow network: they are asked in threads only.
    """

    DEFAULT_CSS = """
    AttachDialog > #dialog-box { width: 92; }
    AttachDialog #attach-both { height: auto; margin: 1 0 0 0; }
    AttachDialog #attach-left { width: 1fr; height: 12; }
    AttachDialog PictureBox { width: 30; height: 12; margin: 0 0 0 2; }
    """
    TITLE_TEXT: ClassVar[str] = N_("attach files")
    HINT: ClassVar[str] = N_("enter attaches · space marks · tab completes · . hidden · esc closes")

    def __init__(self, recent: Sequence[Path] = ()) -> None:
        super().__init__()
        self._recent = tuple(recent)
        self._listing = Listing(Path(), ())
        self._marked: dict[Path, int] = {}
        self._hidden = False
        self._looking: Timer | None = None
        self._reading: Timer | None = None
        self._asked: Path | None = None
        """The folder that is being read; answers about others come too late."""
        self._then: Callable[[], None] | None = None
        """What waits for it."""

    def parts(self) -> Sequence[Widget]:
        """Return the line, the rows, the picture beside them, and what went wrong."""
        return (
            CleanInput(
                "", _("type to filter, or a path: ~/Downloads/label.pdf"), id="dialog-input"
            ),
            Horizontal(
                Vertical(Choices(id="dialog-choices"), id="attach-left"),
                PictureBox(id="attach-picture"),
                id="attach-both",
            ),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    @property
    def _line(self) -> CleanInput:
        return self.query_one("#dialog-input", CleanInput)

    @property
    def _choices(self) -> Choices:
        return self.query_one(Choices)

    def prepare(self) -> None:
        """Show the folder that files were last taken from."""
        super().prepare()
        self._line.first = self._before_typing
        self._choices.empty = _("nothing here")
        self._line.focus()
        self._read(None)

    def on_resize(self, event: events.Resize) -> None:
        """Leave the picture out where there is no room beside the names."""
        self.query_one(PictureBox).display = event.size.width >= 78

    # reading folders -------------------------------------------------------------------------

    def _read(self, folder: Path | None) -> None:
        recent, self._asked = self._recent, folder
        self.start(
            lambda: listing(folder or _first_folder(recent)),
            lambda found: self._show(folder, found),
            group="folder",
            exclusive=True,
        )

    def _show(self, asked: Path | None, found: Listing) -> None:
        if asked != self._asked:
            return  # another folder was asked for since
        self._listing = found
        self._say(clean(found.problem))
        title = f"{_(self.TITLE_TEXT)} · {shown_path(found.folder)}"
        self.query_one("#dialog-box").border_title = Content(clean(title))
        self._filter()
        then, self._then = self._then, None
        if then is not None:
            then()

    @property
    def _typed(self) -> str:
        """What filters: all that is typed, or what stands behind the last slash of a path."""
        path = written(self._line.value)
        return path[1] if path is not None else self._line.value.strip()

    def _fitting(self) -> list[Entry]:
        recent = tuple(
            Entry(shown_path(path), path, is_folder=True, is_recent=True)
            for path in self._recent
            if path != self._listing.folder
        )
        return fitting((*self._listing.entries, *recent), self._typed, hidden=self._hidden)

    def _filter(self, *, keep: bool = False) -> None:
        self._choices.show([self._row(one) for one in self._fitting()], keep=keep)
        count, size = len(self._marked), sum(self._marked.values())
        if count:
            said = ngettext("{count} file marked · {size}", "{count} files marked · {size}", count)
            self._say(said.format(count=number(count), size=size_label(size)), is_problem=False)
        self._look_soon()

    def _row(self, entry: Entry) -> ChoiceRow:
        is_marked = entry.path in self._marked
        sign: Span = ("■ ", Ink.ACCENT) if is_marked else ("  ", Ink.DIM)
        name = clean(entry.name)
        if entry.is_recent:
            return ChoiceRow((("↺ ", Ink.DIM), (name, Ink.SOFT)), ((_("recent"), Ink.DIM),), entry)
        if entry.is_folder:
            return ChoiceRow((sign, (f"{name}/", Ink.KEY)), (), entry)
        ink = Ink.BRIGHT if is_marked else Ink.TEXT
        return ChoiceRow((sign, (name, ink)), ((size_label(entry.size), Ink.DIM),), entry)

    @property
    def _current(self) -> Entry | None:
        row = self._choices.current
        return row.value if row is not None and isinstance(row.value, Entry) else None

    # typing ----------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter, or read the folder of the path that is typed."""
        event.stop()
        path = written(event.value)
        self._then = None
        if path is not None and path[0] not in (self._listing.folder, self._asked):
            # one of those that are typed on the way to it may be large
            self._asked = path[0]
            if self._reading is not None:
                self._reading.stop()
            self._reading = self.set_timer(_SOON, lambda: self._read(path[0]))
        elif not self._is_behind:
            self._say("")
            self._filter()

    def _before_typing(self, event: events.Key) -> bool:
        steps = {"down": 1, "up": -1, "ctrl+p": -1, "pagedown": 10, "pageup": -10}
        if event.key in steps:
            self._choices.move(steps[event.key])
            self._look_soon()
        elif event.key == "tab":
            self._complete()
        elif key_name(event.key, event.character) in opening_keys(self, "composer.attach"):
            self.dismiss(None)
        elif event.key == "insert" or (event.key in ("space", "x") and not self._line.value):
            self._mark()
        elif event.key in ("left", "backspace") and not self._line.value:
            self._read(self._listing.folder.parent)
        elif event.key == "full_stop" and not self._line.value:
            self._hidden = not self._hidden
            self._filter()
        else:
            return False
        return True

    def _mark(self) -> None:
        entry = self._current
        if entry is None or entry.is_folder:
            return
        if self._marked.pop(entry.path, None) is None:
            self._marked[entry.path] = entry.size
        elif not self._marked:
            self._say("")
        self._filter(keep=True)
        self._choices.move(1)
        self._look_soon()

    def _complete(self) -> None:
        if self._is_behind:
            self._then = self._complete
        else:
            self._complete_in(self._listing)

    @property
    def _is_behind(self) -> bool:
        """True while the folder that is typed is still being read."""
        path = written(self._line.value)
        return path is not None and path[0] != self._listing.folder

    def _complete_in(self, found: Listing) -> None:
        typed = self._typed
        whole = completed(fitting(found.entries, "", hidden=typed.startswith(".")), typed)
        entry = self._current
        if not whole and entry is not None:
            whole = entry.name
        if not whole or (not typed and entry is None):
            self._say(_("nothing begins like this"))
            return
        if not typed and entry is not None and entry.is_folder:
            self._enter(entry.path)
            return
        folder = next((one for one in found.entries if one.name == whole and one.is_folder), None)
        if folder is not None:
            self._enter(folder.path)
            return
        line = self._line
        line.value = str(found.folder / whole) if written(line.value) is not None else whole
        line.cursor_position = len(line.value)

    def _enter(self, folder: Path) -> None:
        line = self._line
        if written(line.value) is not None:
            line.value = f"{folder}/"
            line.cursor_position = len(line.value)
        else:
            line.value = ""
            self._read(folder)

    # answering -------------------------------------------------------------------------------

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what is marked, what is typed, or what is under the cursor."""
        event.stop()
        if self._marked:
            self.dismiss(tuple(self._marked))
        elif written(event.value) is not None:
            typed = event.value.strip().strip("'\"").replace("\\ ", " ")
            self.ask(lambda: _existing(typed), self._found, group="attach", exclusive=True)
        else:
            self._take(self._current)

    def on_choices_clicked(self, message: Choices.Clicked) -> None:
        """Take the clicked row."""
        message.stop()
        self._take(message.row.value if isinstance(message.row.value, Entry) else None)

    def _take(self, entry: Entry | None) -> None:
        if entry is None:
            self._say(_("there is no file with this path"))
        elif entry.is_folder:
            self._enter(entry.path)
        else:
            self.dismiss((entry.path,))

    def _found(self, path: Path | None) -> None:
        if path is not None and path.is_dir():
            self._enter(path)
        elif path is not None:
            self.dismiss((path,))
        elif self._is_behind:
            self._then = lambda: self._take(self._current)
        else:
            self._take(self._current)

    def _say(self, text: str, *, is_problem: bool = True) -> None:
        line = self.query_one("#dialog-news", Static)
        line.update(Content(text) if is_problem else Content.styled(text, "$soft"))

    # looking ---------------------------------------------------------------------------------

    def _look_soon(self) -> None:
        if self._looking is not None:
            self._looking.stop()
        self._looking = self.set_timer(_SOON, self._look)

    def _look(self) -> None:
        self._looking = None
        entry, box = self._current, self.query_one(PictureBox)
        is_picture = entry is not None and entry.name.lower().endswith(_PICTURES)
        if entry is None or not is_picture or entry.is_folder or entry.size > _LARGEST_LOOK:
            box.show(None)
            return
        path = entry.path
        self.start(
            lambda: _picture(path),
            lambda picture: box.show(picture) if entry == self._current else None,
            group="look",
            exclusive=True,
        )


def _picture(path: Path) -> Thumbnail | None:
    """Return a small picture of a file. Blocks."""
    try:
        _name, data = read_outgoing(path, "", most=_LARGEST_LOOK)
    except HelpdeskError:
        return None
    return looked_at(data, _COLUMNS, _ROWS)


def _first_folder(recent: Sequence[Path]) -> Path:
    """Return where to begin: where files were taken from last, else the downloads. Blocks."""
    try:
        usual = (Path.home() / "Downloads", Path.home())
    except RuntimeError:
        usual = (Path("/"),) * 2
    return next((path for path in (*recent, *usual) if path.is_dir()), Path("/"))


def _existing(typed: str) -> Path | None:
    """Return the file or folder that was typed, if there is one. Blocks."""
    try:
        path = Path(typed.removeprefix("file://")).expanduser()
        return path if path.is_file() or path.is_dir() else None
    except (OSError, RuntimeError, ValueError):
        return None  # no such home folder, or no possible path
