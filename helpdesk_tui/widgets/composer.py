"""The box in which a reply or an internal note is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.message import Message
from textual.widgets import Static, TextArea

from helpdesk_tui.domain.messages import AttachmentRow, DraftKind
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.completion import Completions
from helpdesk_tui.widgets.composer_heading import Heading as Heading
from helpdesk_tui.widgets.composer_heading import next_keys, subtitle, worded
from helpdesk_tui.widgets.editor import Editor as Editor
from helpdesk_tui.widgets.keymap import Keymap, shown
from helpdesk_tui.widgets.keys import KEYS, Scope
from helpdesk_tui.widgets.macro_line import MacroLine
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.messaging import Meter
from helpdesk_tui.widgets.words.thread import size_label

_OPENS = ("composer.review",)
"""Actions that show what can be done where no reply can leave."""
_FRAME = 2
"""Cells of the frame's line that stay a line beside what it says: one on each side."""


def composer_keys(keymap: Keymap | None = None) -> dict[str, str]:
    """Return key → action id of everything that works while writing."""
    return {
        key: one.id
        for one in KEYS
        if one.scope is Scope.COMPOSER
        for key in (keymap or {}).get(one.id, one.keys)
    }


class Composer(Vertical):
    """The frame, the editor, the files and a line of news below them."""

    DEFAULT_CSS = """
    Composer {
        height: auto; background: $raised; display: none;
        border: round $accent; border-title-color: $accent; border-subtitle-color: $dim;
        padding: 0 1; margin: 0 1;
    }
    Composer.-open { display: block; }
    Composer > Editor {
        height: auto; min-height: 5; max-height: 36vh; background: $raised; color: $text;
        border: none; padding: 0; scrollbar-size-vertical: 1;
        scrollbar-background: $raised; scrollbar-color: $selection;
    }
    Composer > Editor:focus { border: none; }
    Composer > Editor:light .text-area--cursor { background: $link; color: $background; }
    Composer > Editor:ansi .text-area--cursor {
        background: $link; color: ansi_black; text-style: none;
    }
    Composer > #composer-lock { height: auto; display: none; }
    Composer.-locked > #composer-lock, Composer.-warned > #composer-lock { display: block; }
    Composer.-locked { border: round $dim; border-title-color: $waiting; }
    Composer.-locked > Editor { min-height: 1; }
    Composer > #composer-files { height: auto; color: $soft; display: none; margin: 1 0 0 0; }
    Composer > #composer-files.-some { display: block; }
    Composer > #composer-news { height: auto; color: $bad; display: none; }
    Composer > #composer-news.-some { display: block; }
    Composer.-note {
        border: round $waiting; border-title-color: $waiting; background: $note-tint;
    }
    Composer.-note > Editor { background: $note-tint; }
    Composer.-forward { border: round $tags; border-title-color: $tags; }
    Composer.-low > Editor { min-height: 3; }
    Composer.-chat > Editor { min-height: 3; }
    Composer.-chat.-low > Editor { min-height: 2; }
    Composer.-over { border-subtitle-color: $bad; }
    """

    @dataclass
    class Edited(Message):
        """The text changed by typing."""

        text: str

    def __init__(self, keys: Mapping[str, str] | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys = keys or composer_keys()
        self.kind = DraftKind.REPLY
        self._heading = Heading("", "", "", 0)
        self._said = (self.kind, self._heading)
        self._state = ""
        self._subtitle: Content | None = None
        self._title = ""
        self._length: Meter | None = None
        self._known = self._taken = ""
        self.news_last = False
        self.completions = Completions(lambda: self.editor, id="composer-completions")
        """What could stand at the cursor: sources are added here."""
        self.macro_line = MacroLine(id="composer-macros")

    def compose(self) -> ComposeResult:
        """Make the parts."""
        editor = Editor(self._keys, id="composer-editor")
        editor.first = self.completions.takes
        yield Static("", id="composer-lock", markup=False)
        yield editor
        yield self.completions
        yield Static("", id="composer-files", markup=False)
        yield self.macro_line
        yield Static("", id="composer-news", markup=False)

    @property
    def editor(self) -> Editor:
        """The text area."""
        return self.query_one(Editor)

    @property
    def text(self) -> str:
        """What is written."""
        return self.editor.text

    def key_of(self, action: str) -> str:
        """Return the key of an action as this agent has it; empty for none."""
        return next((shown(key) for key, bound in self._keys.items() if bound == action), "")

    @property
    def context(self) -> str:
        """What the keys mean in here: they send a reply, or add a note."""
        if self.kind is DraftKind.NOTE:
            return "note"
        if self._heading.is_messaging and self._heading.closed:
            return "locked"
        return "chat" if self.editor.enter_sends else "composer"

    @property
    def is_open(self) -> bool:
        """True while the composer stands on screen."""
        return self.has_class("-open")

    def open(self, kind: DraftKind, heading: Heading, text: str) -> None:
        """Show the composer with a text, ready to type at its end."""
        self.kind = kind
        self.set_class(kind is DraftKind.NOTE, "-note")
        self.set_class(kind is DraftKind.FORWARD, "-forward")
        self.set_class(heading.enter_sends and kind is DraftKind.REPLY, "-chat")
        self.add_class("-open")
        self.say("")
        self.entitle(heading)
        self.set_text(text)
        self.editor.read_only = self.editor.is_shut = False
        self.set_state(_("draft saved") if text else "")
        if self.screen.focused is not self.editor:
            self.editor.hold()
        # behind whatever else is about to be focused
        self.app.call_later(self._take_keys)

    def _take_keys(self) -> None:
        """Take the focus; keys on their way to whoever has it come before those to come."""
        before = self.screen.focused
        if before is self.editor or not self.is_open:
            self.editor.go_on()
            return
        self.editor.hold()
        self.screen.set_focus(self.editor)
        self._follow(before)

    def _follow(self, last: DOMNode | None) -> None:
        """Go on once all keys have come up from a widget, each time behind the last of them."""
        is_above = last is None or last is self.screen
        target = self.screen if is_above else last
        then = self.editor.go_on if is_above or last is None else partial(self._follow, last.parent)
        if target is None or not target.call_later(then):
            self.editor.go_on()

    @property
    def is_catching_up(self) -> bool:
        """True while keys that are meant for the editor may still reach somebody else."""
        return self.is_open and self.editor.is_held

    def entitle(self, heading: Heading) -> None:
        """Say anew what is written and to whom."""
        before, self._heading = self._said, heading
        self._said = (self.kind, heading)
        is_reply = self.kind is DraftKind.REPLY
        self.editor.enter_sends = heading.enter_sends and is_reply
        title = heading.title(self.kind)
        if title != self._title:
            self._title = title
            self.border_title = Content(title)
        if before != self._said:
            self._show_lock(heading if is_reply and heading.is_messaging else None)
            self._show_room()
            self._show_subtitle()

    def _show_lock(self, heading: Heading | None) -> None:
        """Say above the text why nothing can be written, or arrives, and what can be done."""
        shut = heading.closed if heading is not None else ""
        self.set_class(bool(shut), "-locked")
        reason = shut or (heading.warning if heading is not None else "")
        self.set_class(bool(reason) and not shut, "-warned")
        line = self.query_one("#composer-lock", Static)
        if heading is None or not reason:
            line.update("")
            return
        said = [Content.assemble(("▲ ", "$waiting"), (clean(reason), "$bright"))]
        if heading.ways and not shut:
            ways = _("open elsewhere: {ways}").format(ways=clean(" · ".join(heading.ways)))
            said.append(Content.styled(f"  {ways}", "$soft"))
        elif heading.ways:
            keys = [key for key, action in self._keys.items() if action in _OPENS]
            opens = shown("enter" if heading.enter_sends else keys[0] if keys else "")
            ways = clean(" · ".join(heading.ways))
            said.append(Content.assemble((f"  {opens} ", "bold $link"), (ways, "$soft")))
        line.update(Content("\n").join(said))

    def close(self) -> None:
        """Take the composer off the screen."""
        self.remove_class("-open")
        self.editor.is_shut = True
        self.completions.close()
        self.set_text("")
        self.show_files(())

    def set_text(self, text: str) -> None:
        """Replace the text without calling it an edit."""
        if text == self.editor.text:
            return
        self.editor.load_text(text)
        self._known = self._taken = self.editor.text
        self._show_room()
        self.editor.move_cursor(self.editor.document.end)

    def append(self, text: str) -> None:
        """Put a text below what is written; the cursor stays where it is."""
        cursor = self.editor.cursor_location
        self.editor.insert(text, self.editor.document.end)
        self.editor.move_cursor(cursor)

    def look(self) -> None:
        """Offer anew what could stand at the cursor: more is known by now."""
        self.completions.look(self.kind)

    def set_busy(self, *, busy: bool) -> None:
        """Stop typing while a text is on its way."""
        self.editor.read_only = busy

    def set_state(self, state: str) -> None:
        """Say in the frame how the draft stands, and the next keys."""
        self._state = state
        self._show_subtitle()

    def _show_subtitle(self) -> None:
        meters = (self._length, self._heading.window if self.kind is DraftKind.REPLY else None)
        keys = worded(next_keys(self._heading, self.kind), self._keys)
        said = subtitle(self._state, meters, keys, self.size.width - _FRAME)
        if said != self._subtitle:
            self._subtitle = said
            self.border_subtitle = Content.assemble(said)

    def on_resize(self) -> None:
        """Say as much in the frame as there is room for."""
        self._show_subtitle()

    def say(self, news: str, *, last: bool = False, soft: bool = False) -> None:
        """Show a line below the text: what went wrong, and what to do.

        It stays until the next key; news that ``last`` stay until something else is said. What is
        said ``soft`` is no problem.
        """
        self.news_last = last
        line = self.query_one("#composer-news", Static)
        line.update(Content.styled(clean(news), "$soft") if soft else Content(clean(news)))
        line.set_class(bool(news), "-some")

    def hush(self) -> None:
        """Take away what was said, as a key was pressed since."""
        if not self.news_last:
            self.say("")

    def show_files(self, files: Sequence[AttachmentRow]) -> None:
        """List the files that will go along."""
        line = self.query_one("#composer-files", Static)
        rows = [
            Content.assemble(
                ("▣ ", "$dim"),
                (clean(file.filename), "$text"),
                (f"  {size_label(file.size)}", "$dim"),
            )
            for file in files
        ]
        if rows:
            rows[-1] = Content.assemble(
                rows[-1], ("   ctrl+n", "bold $link"), (" " + _("detach"), "$dim")
            )
        line.update(Content("\n").join(rows))
        line.set_class(bool(rows), "-some")

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell about edits, but not about texts that were put here."""
        event.stop()
        if self.text != self._known:
            self._known = self.text
            self._show_room()
            self.post_message(self.Edited(self.text))
            self.completions.look(self.kind)

    def _show_room(self) -> None:
        """Say how much is written where that counts."""
        length = self._heading.length(self.text) if self.kind is DraftKind.REPLY else None
        if length != self._length:
            self._length = length
            left = self._heading.limit - len(self.text)
            self.set_class(bool(self._heading.limit) and left < 0, "-over")
            self._show_subtitle()

    def take_edit(self) -> bool:
        """Return whether the text was edited since this was asked last, or since it was put here.

        What tells of an edit needs a while: who is about to change or close the text asks here.
        """
        before, self._taken = self._taken, self.text
        return self._taken != before

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Leave off completing a word that the cursor has left."""
        event.stop()
        if self.completions.is_open:
            self.completions.look(self.kind)

    def on_descendant_blur(self) -> None:
        """Offer nothing while something else has the keys."""
        self.completions.close()
