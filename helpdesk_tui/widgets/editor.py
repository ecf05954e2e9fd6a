"""The text area of the composer: clean text, keys of its own, and none that overtake another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from textual import events
from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.message import Message
from textual.widgets import TextArea

from helpdesk_tui.domain.text import clean_lines

_LONGEST_PATHS = 8_000
MAX_CHARACTERS = 200_000
"""More than anybody types: a longer paste is cut, so that no key ever takes long."""


class Editor(TextArea):
    """A text area that only ever holds clean text, and gives composer keys away."""

    @dataclass
    class Command(Message):
        """A key of the composer was pressed; later keys wait until ``go_on`` is called."""

        action: str

    @dataclass
    class Early(Message, bubble=False):
        """A key that was meant for the editor reached somebody else, before it had the focus."""

        key: events.Key

    @dataclass
    class Pasted(Message):
        """Something was pasted that may be the path of a file instead of text."""

        text: str

    class GoOn(Message, bubble=False):
        """Keys that were held back come now."""

    def __init__(self, keys: Mapping[str, str], *, id: str | None = None) -> None:
        super().__init__(id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self.keys = keys
        self.first: Callable[[events.Key], bool] | None = None
        """Sees each key before anything else does; True keeps it from the editor."""
        self.is_shut = True
        """The composer is not on the screen: keys are for whoever stands behind it."""
        self._held: list[events.Key] | None = None
        self.enter_sends = False
        """What is written leaves at a key of its own, in chats the enter key."""
        self.takes_back = False
        """The key that takes back takes back more than typing."""

    def edit(self, edit: Edit) -> EditResult:
        """Insert cleaned text: every way into the document goes through here."""
        room = max(0, MAX_CHARACTERS - len(self.document.text)) if len(edit.text) > 1000 else None
        edit.text = clean_lines(edit.text if room is None else edit.text[:room])
        return super().edit(edit)

    def load_text(self, text: str) -> None:
        """Replace all text, cleaned."""
        super().load_text(clean_lines(text[:MAX_CHARACTERS]))

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Tell whether a key is text here; nothing is while the composer is put away."""
        return not self.is_shut and super().check_consume_key(key, character)

    async def _on_key(self, event: events.Key) -> None:
        # the base class's handler runs after this one, unless it is prevented
        if self._held is not None:
            self._held.append(events.Key(event.key, event.character))
        elif self.is_shut:
            event.prevent_default()
            return
        elif self.first is None or not self.first(event):
            action = self.keys.get(event.key)
            if action is None or self._is_off(action):
                return
            self._act(action)
        event.stop()
        event.prevent_default()

    async def _on_paste(self, event: events.Paste) -> None:
        # the base class's handler runs after this one, unless it is prevented
        if self.read_only or self.is_shut:
            return
        event.stop()
        event.prevent_default()
        if not may_be_path(event.text):
            self.put_in(event.text)
        else:
            self.hold()
            self.post_message(self.Pasted(event.text))

    def put_in(self, text: str) -> None:
        """Put text in where something is chosen, or at the cursor."""
        self.replace(text, *self.selection)

    def _is_off(self, action: str) -> bool:
        """Tell whether a key is the editor's own for now."""
        if action == "composer.send":
            return not self.enter_sends
        return action == "composer.take-back" and not self.takes_back

    def _act(self, action: str) -> None:
        if action == "composer.newline":
            # done here and now: a message would let the next letter overtake it
            self.replace("\n", *self.selection)
        else:
            self.hold()
            self.post_message(self.Command(action))

    # keys that would overtake one another ------------------------------------------------------

    @property
    def is_held(self) -> bool:
        """True while keys wait."""
        return self._held is not None

    def hold(self) -> None:
        """Keep keys back, in their order, until ``go_on``."""
        self._held = self._held or []

    def type_held(self) -> None:
        """Type at once what was held back until the focus came: the text is about to be taken."""
        held, self._held = self._held or [], None
        for key in held:
            if key.key == "backspace":
                self.action_delete_left()
            elif key.key == "enter" or (key.is_printable and key.character):
                self.replace("\n" if key.key == "enter" else str(key.character), *self.selection)

    def go_on(self) -> None:
        """Take the keys that were held back, then those that come."""
        self.post_message(self.GoOn())

    def takes_early(self, key: events.Key) -> bool:
        """Take a key that came to somebody else, before those held back; False if it is no text."""
        is_ours = key.is_printable or key.key in ("enter", "backspace") or key.key in self.keys
        if is_ours:
            self.post_message(self.Early(events.Key(key.key, key.character)))
        return is_ours

    async def on_editor_early(self, message: Early) -> None:
        """Type a key ahead of those held back."""
        held, self._held = self._held, None
        await self._press(message.key)
        if held is not None:
            # what the key itself has held back waits for the same moment
            self._held = held if self._held is None else [*self._held, *held]

    async def on_editor_go_on(self) -> None:
        """Type what was held back; a command among it holds back the rest anew."""
        held, self._held = self._held or [], None
        for key in held:
            await self._press(key)

    async def _press(self, key: events.Key) -> None:
        if key.key == "backspace" and not self.read_only:
            self.action_delete_left()
        else:
            await self._dispatch_message(key)


def may_be_path(text: str) -> bool:
    """Tell whether a paste may be the path of a file, as far as its first characters say."""
    start = text[:_LONGEST_PATHS].lstrip().lstrip("'\"").lower()
    return len(text) <= _LONGEST_PATHS and start.startswith(("/", "~/", "file://"))
