"""Completion while writing: proposals in a list under the cursor, taken with Tab or Enter.

A source looks at what stands before the cursor in its line and offers what could stand there
instead. To add one, write a function and give it to the composer's list::

    def tags(place: Place) -> Offer | None:
        word = word_before(place.before, "#")           # "ref" of "see #ref"
        if word is None:
            return None
        fitting = [name for name in known if name.startswith(word)]
        return Offer(len(word) + 1, tuple(Proposal(f"#{name} ", f"#{name}") for name in fitting))

    composer.completions.add(tags)                      # the first source that offers anything wins

A source is asked on every key, on the thread that draws: it reads nothing from the store. What was
before the cursor (``Offer.length`` characters of it) is replaced and nothing else: text behind the
cursor is never touched. A proposal with ``do`` is no text: what was typed for it goes, and ``do``
is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.geometry import Offset

from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted, spread
from helpdesk_tui.widgets.wrap import cells, shorten_cells

if TYPE_CHECKING:
    from textual.strip import Strip
    from textual.widgets import TextArea

_MOST_ROWS = 8
_MOST_PROPOSALS = 50
_NARROWEST, _WIDEST = 24, 48


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor stands."""

    before: str
    """The line up to the cursor."""
    after: str = ""
    """The line behind it."""
    kind: DraftKind = DraftKind.REPLY


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that could stand there."""

    insert: str
    """What is written when it is taken."""
    label: str
    """What its row says."""
    note: str = ""
    """What its row says at the right end."""
    do: Callable[[], None] | None = None
    """What is done instead of writing anything."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a source proposes for the characters before the cursor."""

    length: int
    """How many of them a proposal replaces."""
    proposals: tuple[Proposal, ...]


Source = Callable[[Place], Offer | None]


def word_before(before: str, sign: str) -> str | None:
    """Return the word behind a sign such as ``@`` that the cursor stands at the end of.

    The sign must begin a word: an ``@`` or ``:`` within an address or a time begins nothing.
    """
    head, found, word = before.rpartition(sign)
    begins = not head or head[-1].isspace() or head[-1] in "([{\"'"
    is_word = not any(char.isspace() for char in word)
    return word if found and begins and is_word else None


def offered(place: Place, sources: Sequence[Source]) -> Offer | None:
    """Return what the first source offers that has anything to offer."""
    for source in sources:
        offer = source(place)
        if offer is not None and offer.proposals:
            return offer
    return None


class Completions(Painted):
    """The list under the cursor of an editor."""

    DEFAULT_CSS = """
    Completions {
        overlay: screen; display: none;
        width: auto; height: auto; background: $background;
    }
    Completions.-open { display: block; }
    """
    TONE: ClassVar[Tone] = Tone.BASE

    def __init__(self, editor: Callable[[], TextArea], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._editor = editor
        self._sources: list[Source] = []
        self._offer: Offer | None = None
        self._rows: tuple[Proposal, ...] = ()
        self._at = self._top = 0
        self._refused: tuple[int, str] | None = None

    def add(self, source: Source) -> None:
        """Ask one more source from now on."""
        self._sources.append(source)

    @property
    def is_open(self) -> bool:
        """Whether proposals are on the screen."""
        return self._offer is not None

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What is proposed now."""
        return self._rows

    # where it stands -------------------------------------------------------------------------

    def look(self, kind: DraftKind) -> None:
        """Look at what stands before the cursor and offer what fits."""
        editor = self._editor()
        row, column = editor.cursor_location
        line = editor.document.get_line(row)
        before = line[:column]
        offer = None
        if editor.selection.is_empty and editor.has_focus and not editor.read_only:
            offer = offered(Place(before, line[column:], kind), self._sources)
        if offer is not None and self._refused == (row, before[: column - offer.length]):
            return
        self._refused = None
        if offer is None:
            self.close()
        elif offer != self._offer:
            self._show(offer)

    def _show(self, offer: Offer) -> None:
        self._offer = offer
        self._rows = offer.proposals[:_MOST_PROPOSALS]
        self._at = self._top = 0
        widest = max(cells(clean(one.label)) + cells(clean(one.note)) + 5 for one in self._rows)
        size = self.app.size
        width = min(max(_NARROWEST, min(_WIDEST, widest)), size.width)
        height = min(_MOST_ROWS, len(self._rows))
        self.styles.width, self.styles.height = width, height
        # the labels stand right below the word that they would replace, or above it
        cursor = self._editor().cursor_screen_offset
        fits = cursor.y + 1 + height <= size.height
        left = max(0, min(cursor.x - offer.length - 2, size.width - width))
        self.absolute_offset = Offset(left, cursor.y + 1 if fits else max(0, cursor.y - height))
        self.add_class("-open")
        self.refresh(layout=True)

    def close(self) -> None:
        """Take the list off the screen."""
        if self._offer is not None:
            self._offer = None
            self._rows = ()
            self.remove_class("-open")

    # keys ------------------------------------------------------------------------------------

    def takes(self, event: events.Key) -> bool:
        """Move in the list, take a row, or close it; False leaves the key to the editor."""
        if self._offer is None:
            return False
        steps = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1}
        if event.key in steps:
            self._move(steps[event.key])
        elif event.key in ("tab", "enter"):
            self._take(self._rows[self._at])
        elif event.key == "escape":
            self._refuse()
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        self._at = (self._at + step) % len(self._rows)
        height = min(_MOST_ROWS, len(self._rows))
        self._top = max(min(self._top, self._at), self._at - height + 1)
        self.refresh()

    def _refuse(self) -> None:
        """Offer nothing more for the word under the cursor."""
        if self._offer is not None:
            row, column = self._editor().cursor_location
            line = self._editor().document.get_line(row)
            self._refused = row, line[: column - self._offer.length]
        self.close()

    def _take(self, proposal: Proposal) -> None:
        offer, editor = self._offer, self._editor()
        self.close()
        if offer is None:
            return
        row, column = editor.cursor_location
        start = row, max(0, column - offer.length)
        insert = clean_lines(proposal.insert)
        if insert.endswith(" ") and editor.document.get_line(row)[column:].startswith(" "):
            insert = insert[:-1]
        editor.replace(insert, start, (row, column))
        if proposal.do is not None:
            proposal.do()

    def on_click(self, event: events.Click) -> None:
        """Take the row under the mouse."""
        index = event.y + self._top
        if 0 <= index < len(self._rows):
            event.stop()
            self._take(self._rows[index])

    # drawing ---------------------------------------------------------------------------------

    def spans(self, y: int) -> Sequence[Span]:
        """Return one row."""
        index = y + self._top
        if index >= len(self._rows):
            return []
        one = self._rows[index]
        sign: Span = ("▌", Ink.ACCENT) if index == self._at else (" ", Ink.DIM)
        note = f" {clean(one.note)} "
        room = max(8, self.size.width - cells(note) - 3)
        left: list[Span] = [sign, (f" {shorten_cells(clean(one.label), room)}", Ink.BRIGHT)]
        return spread(left, [(note, Ink.SOFT)], self.size.width)

    def render_line(self, y: int) -> Strip:
        """Paint one row, the selected one on the selection colour."""
        tone = Tone.PICKED if y + self._top == self._at else self.TONE
        return self.palette.strip(list(self.spans(y)), self.size.width, tone)
