"""A large dialog with fields: it stays open until they are kept, or nothing of them is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from textual import events
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from helpdesk_tui.domain.errors import Conflict, HelpdeskError
from helpdesk_tui.domain.text import clean_lines
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.screens.dialogs.view_edit import Setting
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _

T = TypeVar("T")


class FormDialog(Dialog[T], Jobs):
    """``ctrl+o`` saves; what was typed is thrown away only by a second ``esc``."""

    DEFAULT_CSS = """
    FormDialog CleanInput, FormDialog CleanInput.-textual-compact {
        background: $surface; padding: 0 1;
    }
    FormDialog CleanInput:focus { background: $selection; padding: 0 1; }
    FormDialog .label { color: $dim; padding: 0 0 0 1; height: 1; }
    FormDialog TextArea {
        border: none; padding: 0 1; background: $surface; color: $text; height: 4;
        scrollbar-size-vertical: 1;
    }
    FormDialog TextArea:focus { border: none; background: $selection; }
    FormDialog #dialog-news { height: auto; max-height: 4; }
    """

    def __init__(self, version: int | None) -> None:
        """Make the dialog.

        Args:
            version: Of what is changed, as it was read; None where nothing can have overtaken it.
        """
        super().__init__()
        self.version = version
        self.leaves = False
        """The next ``esc`` throws away what was typed."""

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed; subclasses say."""
        raise NotImplementedError

    def save(self) -> None:
        """Keep what was typed, or say what is wrong; subclasses say how."""
        raise NotImplementedError

    def verbs(self) -> Mapping[str, Callable[[], None]]:
        """Return what further keys do."""
        return {}

    @staticmethod
    def area(text: str, name: str) -> TextArea:
        """Return a field for several lines."""
        area = TextArea(clean_lines(text), id=name, theme="css", compact=True)
        area.tab_behavior = "focus"
        area.cursor_blink = False
        area.highlight_cursor_line = False
        return area

    @staticmethod
    def news_line() -> Static:
        """Return the place where it is said what is wrong."""
        return Static("", id="dialog-news", classes="problem", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next field."""
        event.stop()
        self.focus_next()

    def press(self, event: events.Key) -> None:
        """Save, move, choose, do what else there is, or close."""
        verbs = {"ctrl+o": self.save, **self.verbs()}
        setting = self.focused if isinstance(self.focused, Setting) else None
        if event.key in verbs:
            event.stop()
            verbs[event.key]()
        elif event.key in ("tab", "shift+tab"):
            event.stop()
            event.prevent_default()
            self._step(forward=event.key == "tab")
        elif setting is not None and event.key in ("left", "right", "space", "enter"):
            event.stop()
            setting.turn(-1 if event.key == "left" else 1)
        elif setting is not None and event.key in ("up", "down"):
            event.stop()
            self._step(forward=event.key == "down")
        elif event.key == "escape" and self.is_changed and not self.leaves:
            event.stop()
            self.leaves = True
            self.say(_("not saved yet: ctrl+o saves, esc again throws it away"))
        else:
            super().press(event)

    def _step(self, *, forward: bool) -> None:
        if forward:
            self.focus_next()
        else:
            self.focus_previous()

    def refused(self, error: HelpdeskError) -> None:
        """Say why it was not kept; who was overtaken may write over it."""
        said = sentence(error)
        if isinstance(error, Conflict):
            self.version = None
            said = _("{problem} · ctrl+o again writes over it").format(problem=said)
        self.say(said)

    def say(self, problem: str) -> None:
        """Show what is wrong; nothing where nothing is."""
        news = self.query_one("#dialog-news", Static)
        news.display = bool(problem)
        news.update(Content(clean_lines(problem)))
