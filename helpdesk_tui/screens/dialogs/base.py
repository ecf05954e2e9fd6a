"""What all dialogs share: a box over the screen, the key that opened it closes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.text import clean, fold
from helpdesk_tui.widgets.choices import ChoiceRow, Choices, CleanInput
from helpdesk_tui.widgets.chords import key_name
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.keymap import Keymap, default_keymap
from helpdesk_tui.widgets.words.language import N_, _

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A titled box in the middle of the screen. Esc closes it with no answer."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog > #dialog-box {
        width: 64; max-width: 96%; height: auto; max-height: 90%; background: $raised;
        border: round $accent; border-title-color: $accent; border-subtitle-color: $dim;
        padding: 1 2;
    }
    Dialog Static { background: $raised; color: $text; height: auto; }
    Dialog .hint { color: $dim; }
    Dialog .warning { color: $waiting; }
    Dialog .problem { color: $bad; }
    Dialog .gap { margin: 1 0 0 0; }
    """
    TITLE_TEXT: ClassVar[str] = ""
    about: str = ""
    """What the answer is for, where it is more than one ticket: "12 tickets"."""
    HINT: ClassVar[str] = N_("esc closes")

    def compose(self) -> ComposeResult:
        """Make the box."""
        with Vertical(id="dialog-box"):
            yield from self.parts()

    def parts(self) -> Sequence[Widget]:
        """Return what stands in the box; subclasses say."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Be ready, unless the program ends already: then what was in the box is gone."""
        if self.query("#dialog-box > *"):
            self.prepare()

    def on_key(self, event: events.Key) -> None:
        """Take a key; none reaches the screen below."""
        if self.is_active:
            self.press(event)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Answer and close; a key that comes right behind that changes nothing."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def prepare(self) -> None:
        """Title the box; subclasses do more."""
        box = self.query_one("#dialog-box")
        text = _(self.TITLE_TEXT) if self.TITLE_TEXT else ""
        title = " · ".join(part for part in (text, self.about) if part)
        box.border_title = Content(clean(title))
        box.border_subtitle = key_hints(_(self.HINT))

    def press(self, event: events.Key) -> None:
        """Close on Esc; subclasses know more keys."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)


class PickDialog(Dialog[T]):
    """A dialog with a line to filter by and rows to choose from, the first selected."""

    OPENED_BY: ClassVar[str] = ""
    """The actions that open it, by their ids: their keys close it again."""
    PLACEHOLDER: ClassVar[str] = N_("type to filter")
    HINT: ClassVar[str] = N_("↑↓ move · enter takes it · esc closes")

    def parts(self) -> Sequence[Widget]:
        """Return the line and the rows."""
        return (
            CleanInput(placeholder=_(self.PLACEHOLDER), id="dialog-input"),
            Static("", markup=False),
            Choices(id="dialog-choices"),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    @property
    def input(self) -> CleanInput:
        """The line."""
        return self.query_one("#dialog-input", CleanInput)

    @property
    def choices(self) -> Choices:
        """The rows."""
        return self.query_one(Choices)

    def prepare(self) -> None:
        """Show all rows."""
        super().prepare()
        self.query_one("#dialog-news").display = False
        self.choices.show(self.rows(""))
        self.input.first = self.before_typing
        self.input.focus()

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the rows that fit what is typed; subclasses say."""
        raise NotImplementedError

    def take(self, row: ChoiceRow) -> None:
        """Answer with a row; subclasses say how."""
        raise NotImplementedError

    def remark(self) -> str:
        """Return what to know of what is typed; subclasses say."""
        return ""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        event.stop()
        self.choices.show(self.rows(event.value.strip()))
        self.say(self.remark())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the selected row."""
        event.stop()
        row = self.choices.current
        if row is not None:
            self.take(row)

    def on_choices_clicked(self, message: Choices.Clicked) -> None:
        """Take the clicked row."""
        message.stop()
        self.take(message.row)

    def say(self, problem: str) -> None:
        """Show what is wrong with what was typed."""
        line = self.query_one("#dialog-news", Static)
        line.display = bool(problem)
        line.update(Content(clean(problem)))

    def before_typing(self, event: events.Key) -> bool:
        """Move in the rows; close with the key that opened the dialog. True: not to be typed."""
        steps = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1, "tab": 1, "shift+tab": -1}
        if event.key in steps:
            self.choices.move(steps[event.key])
            return True
        if self.closes_on(key_name(event.key, event.character)):
            self.dismiss(None)
            return True
        return False

    def closes_on(self, key: str) -> bool:
        """Return whether a first key closes the dialog instead of filtering it.

        The key that opened it does, unless rows begin with that letter: then it is wanted as one.
        """
        if key not in opening_keys(self, self.OPENED_BY) or self.input.value:
            return False
        return len(key) > 1 or not any(starts_with(row, key) for row in self.rows(""))


def opening_keys(screen: Screen[Any], opened_by: str) -> tuple[str, ...]:
    """Return the keys, as this agent has them, that open a dialog and so close it again.

    Args:
        screen: The dialog.
        opened_by: The actions that open it, by their ids; or a key that is no action's.
    """
    keymap: Keymap = getattr(screen.app, "keymap", None) or default_keymap()
    found = (keymap.get(one, (one,)) for one in opened_by.split())
    # of a sequence the last key is the one that is still under the finger
    return tuple(key.split()[-1] for keys in found for key in keys)


def starts_with(row: ChoiceRow, letter: str) -> bool:
    """Return whether any word of a row begins with a letter."""
    text = " ".join(part for part, _ in row.left)
    return any(word.startswith(letter) for word in fold(text).split())


def fits(typed: str, *texts: str) -> bool:
    """Return whether every word typed begins a word of the texts (or stands in them)."""
    haystack = fold(" ".join(texts))
    return all(word in haystack for word in fold(typed).split())
