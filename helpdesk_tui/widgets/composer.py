"""The box in which a reply or an internal note is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.message import Message
from textual.widgets import Static, TextArea

from helpdesk_tui.domain.messages import AttachmentRow, DraftKind
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.completion import Completions
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.keys import KEYS, Scope
from helpdesk_tui.widgets.language import _
from helpdesk_tui.widgets.macro_line import MacroLine
from helpdesk_tui.widgets.thread_words import size_label

MAX_CHARACTERS = 200_000
"""More than anybody types: a longer paste is cut, so that no key ever takes long."""


def composer_keys(keymap: Keymap | None = None) -> dict[str, str]:
    """Return key → action id of everything that works while writing."""
    return {
        key: one.id
        for one in KEYS
        if one.scope is Scope.COMPOSER
        for key in (keymap or {}).get(one.id, one.keys)
    }


@dataclass(frozen=True, slots=True)
class Heading:
    """What the frame says: what is written, to whom, from where."""

    to: str
    channel: str
    sender: str
    ticket_id: int
    copies: int = 0
    closed: str = ""
    """Why no reply can leave from here; empty where one can."""
    hidden: int = 0
    """Blind copies."""

    def title(self, kind: DraftKind) -> str:
        """Return the title of the frame."""
        if kind is DraftKind.NOTE:
            return _("internal note · stays here, never sent · #{ticket_id}").format(
                ticket_id=self.ticket_id
            )
        if self.closed:
            return clean(self.closed)
        sender = " · " + _("from {sender}").format(sender=clean(self.sender)) if self.sender else ""
        others = " " + _("+ {copies} cc").format(copies=self.copies) if self.copies else ""
        others += " " + _("+ {hidden} bcc").format(hidden=self.hidden) if self.hidden else ""
        if kind is DraftKind.FORWARD:
            to = clean(self.to) or _("somebody outside")
            return _("forward to {to}{others} · the customer does not see it{sender}").format(
                to=to, others=others, sender=sender
            )
        return _("reply to {to}{others} · {channel}{sender}").format(
            to=clean(self.to), others=others, channel=clean(self.channel), sender=sender
        )


class Editor(TextArea):
    """A text area that only ever holds clean text, and gives composer keys away."""

    @dataclass
    class Command(Message):
        """A key of the composer was pressed."""

        action: str

    def __init__(self, keys: Mapping[str, str], *, id: str | None = None) -> None:
        super().__init__(id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self.keys = keys
        self.first: Callable[[events.Key], bool] | None = None
        """Sees each key before anything else does; True keeps it from the editor."""

    def edit(self, edit: Edit) -> EditResult:
        """Insert cleaned text: every way into the document goes through here."""
        room = max(0, MAX_CHARACTERS - len(self.document.text)) if len(edit.text) > 1000 else None
        edit.text = clean_lines(edit.text if room is None else edit.text[:room])
        return super().edit(edit)

    def load_text(self, text: str) -> None:
        """Replace all text, cleaned."""
        super().load_text(clean_lines(text[:MAX_CHARACTERS]))

    async def _on_key(self, event: events.Key) -> None:
        # the base class's handler runs after this one, unless it is prevented
        if self.first is not None and self.first(event):
            event.stop()
            event.prevent_default()
            return
        action = self.keys.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            if action == "composer.newline":
                # done here and now: a message would let the next letter overtake it
                self.replace("\n", *self.selection)
            else:
                self.post_message(self.Command(action))


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
        self._state = ""
        self._known = ""
        self.news_last = False
        self.completions = Completions(lambda: self.editor, id="composer-completions")
        """What could stand at the cursor: sources are added here."""
        self.macro_line = MacroLine(id="composer-macros")

    def compose(self) -> ComposeResult:
        """Make the parts."""
        editor = Editor(self._keys, id="composer-editor")
        editor.first = self.completions.takes
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

    @property
    def context(self) -> str:
        """What the keys mean in here: they send a reply, or add a note."""
        return "note" if self.kind is DraftKind.NOTE else "composer"

    @property
    def is_open(self) -> bool:
        """True while the composer stands on screen."""
        return self.has_class("-open")

    def open(self, kind: DraftKind, heading: Heading, text: str) -> None:
        """Show the composer with a text, ready to type at its end."""
        self.kind = kind
        self.set_class(kind is DraftKind.NOTE, "-note")
        self.set_class(kind is DraftKind.FORWARD, "-forward")
        self.add_class("-open")
        self.say("")
        self.entitle(heading)
        self.set_text(text)
        self.editor.read_only = False
        self.set_state(_("draft saved") if text else "")
        self.editor.focus()

    def entitle(self, heading: Heading) -> None:
        """Say anew what is written and to whom."""
        self._heading = heading
        self.border_title = Content(heading.title(self.kind))

    def close(self) -> None:
        """Take the composer off the screen."""
        self.remove_class("-open")
        self.completions.close()
        self.set_text("")
        self.show_files(())

    def set_text(self, text: str) -> None:
        """Replace the text without calling it an edit."""
        if text == self.editor.text:
            return
        self.editor.load_text(text)
        self._known = self.editor.text
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
        note = self.kind is DraftKind.NOTE
        words = [f" {state}"] if state else []
        if note:
            words += [_("ctrl+o adds the note"), _("ctrl+t reply")]
        elif self._heading.closed:
            words += [_("ctrl+t writes a note"), _("esc keeps the draft")]
        elif self.kind is DraftKind.FORWARD:
            words += [_("ctrl+o review"), _("ctrl+l recipients")]
        else:
            words += [_("ctrl+o review"), _("ctrl+t note")]
        self.border_subtitle = key_hints(" · ".join(words))

    def say(self, news: str, *, last: bool = False) -> None:
        """Show a line below the text: what went wrong, and what to do.

        It stays until the next key; news that ``last`` stay until something else is said.
        """
        self.news_last = last
        line = self.query_one("#composer-news", Static)
        line.update(Content(clean(news)))
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
        text = self.text
        if text != self._known:
            self._known = text
            self.post_message(self.Edited(text))
            self.completions.look(self.kind)

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Leave off completing a word that the cursor has left."""
        event.stop()
        if self.completions.is_open:
            self.completions.look(self.kind)

    def on_descendant_blur(self) -> None:
        """Offer nothing while something else has the keys."""
        self.completions.close()
