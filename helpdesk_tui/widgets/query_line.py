"""A line in which a query is typed, with what could stand at the cursor in a list below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events

from helpdesk_tui.domain.query.cursor import Completion, Proposal, ProposalKind
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.choices import ChoiceRow, Choices, CleanInput
from helpdesk_tui.widgets.ink import Ink, Tone
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import number
from helpdesk_tui.widgets.words.query_help import examples, meaning

Answer = Callable[[Completion], None]
Complete = Callable[[str, int, Answer], None]
"""Asks elsewhere what could stand at a place of a text; the answer comes later, if ever."""

_STEPS = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1, "shift+tab": -1}
_MOST = 60
_EXAMPLE_CELLS = 24


class Proposals(Choices):
    """The list below the line; it covers what is under it instead of pushing it down."""

    TONE: ClassVar[Tone] = Tone.RAISED
    MOST: ClassVar[int] = 8

    DEFAULT_CSS = """
    Proposals {
        display: none; overlay: screen; constrain: none inside; width: 1fr;
        box-sizing: content-box; border-bottom: solid $rules; max-height: 8; background: $raised;
    }
    Proposals.-some { display: block; }
    """

    def offer(self, rows: Sequence[ChoiceRow]) -> None:
        """Show rows, the first selected; none closes the list."""
        self.set_class(bool(rows), "-some")
        if rows:
            self.selects = rows[0].value is not None
            self.show(rows)

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self.has_class("-some")


class QueryLine(CleanInput):
    """A line for a query: Tab completes, up and down choose, ``?`` and F1 tell what there is."""

    def __init__(
        self, value: str, placeholder: str, proposals: Proposals, complete: Complete, *, id: str
    ) -> None:
        super().__init__(value, placeholder, id=id)
        self.first = self._before_typing
        self.elsewhere: Callable[[events.Key], bool] = lambda _: False
        """Sees the keys that the list has no use for."""
        self.history: tuple[str, ...] = ()
        """What was searched for before, the last one first."""
        self.asks_on_tab = True
        """Whether Tab asks for proposals where none are shown, or goes elsewhere."""
        self._proposals = proposals
        self._complete = complete
        self._is_chosen = False
        self._taken = ""
        self._asked: tuple[str, int] | None = None
        self._from_history = -1

    # what is offered -------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask what could stand at the cursor; only an answer to what still stands is shown.

        Nor is one that comes when the list was put away since, or shows something else.
        """
        asked = self._asked = self._place

        def answer(found: Completion) -> None:
            if asked is self._asked and asked == self._place and self.has_focus:
                self._offer(found)

        self._complete(*asked, answer)

    @property
    def _place(self) -> tuple[str, int]:
        return self.value, self.cursor_position

    def _offer(self, found: Completion) -> None:
        self._is_chosen = False
        typed = self.value[found.start : self.cursor_position]
        rows = [
            self._row(found, one) for one in found.proposals[:_MOST]
            if one.text != typed or one.kind is ProposalKind.OPERATOR
        ]  # fmt: skip
        self._proposals.offer(rows)

    def _row(self, found: Completion, one: Proposal) -> ChoiceRow:
        label = clean(one.label)
        if one.kind is ProposalKind.OPERATOR:
            about = meaning(label.removesuffix(":"))
            return ChoiceRow(((f" {label:<11}", Ink.KEY), (about, Ink.DIM)), value=(found, one))
        if one.kind is ProposalKind.VIEW:
            left = ((f" {label}  ", Ink.BRIGHT), (clean(one.text), Ink.DIM))
            return ChoiceRow(left, ((_("view"), Ink.SOFT),), (found, one))
        count = "" if one.count is None else number(one.count) + ("+" if one.is_more else "")
        return ChoiceRow(((f" {label}", Ink.BRIGHT),), ((count, Ink.DIM),), (found, one))

    def help(self) -> None:
        """Show searches to learn from."""
        self._is_chosen = False
        self._asked = None
        self._proposals.offer(
            [
                ChoiceRow(((f" {typed:<{_EXAMPLE_CELLS}}", Ink.KEY), (tells, Ink.SOFT)))
                for typed, tells in examples()
            ]
        )

    def close(self) -> None:
        """Put the list away."""
        self._asked = None
        self._proposals.offer(())

    def take(self, row: ChoiceRow | None) -> None:
        """Put a proposal into the line."""
        if row is None or not isinstance(row.value, tuple):
            return
        found, proposal = row.value
        text, cursor = found.apply(self.value, proposal)
        self._is_chosen = False
        self.close()
        # the change that follows asks again after an operator, and not after a whole value
        self._taken = "" if proposal.kind is ProposalKind.OPERATOR else text
        self.value = text
        self.cursor_position = cursor
        if proposal.kind is ProposalKind.OPERATOR:
            self.ask()

    def typed(self) -> None:
        """The text changed: offer what fits; owners of the line call it."""
        if self.value == self._taken and self._taken:
            return
        if self._asked == self._place:
            return  # taking an operator has asked; a second answer would undo a choice in the list
        self._taken = ""
        if not self._has_values:
            self.close()  # the help has done its work
        if not self.value.strip():
            self.close()
            return
        before = self.value[: self.cursor_position]
        if not before or before[-1].isspace() or before[-1] in "()":
            self.close()
            return
        self.ask()

    # keys ------------------------------------------------------------------------------------

    def _before_typing(self, event: events.Key) -> bool:
        """Use a key for the list, or leave it to the line. True: not to be typed."""
        key, is_open = event.key, self._proposals.is_open
        if key == "f1" or (event.character == "?" and self._starts_word):
            self.close() if is_open else self.help()
            return True
        if key == "escape" and is_open:
            self.close()
            return True
        if key == "tab" and self._tabbed(is_open=is_open):
            return True
        if key == "enter" and is_open and self._is_chosen:
            self.take(self._proposals.current)
            return True
        if key in ("up", "down") and self._walked(1 if key == "up" else -1):
            return True
        if is_open and key in _STEPS and self._has_values:
            self._is_chosen = True
            self._proposals.move(_STEPS[key])
            return True
        return self.elsewhere(event)

    def _tabbed(self, *, is_open: bool) -> bool:
        if is_open and self._has_values:
            self.take(self._proposals.current)
            return True
        if not self.asks_on_tab or self._starts_word or self._taken == self.value:
            return False
        self.ask()
        return True

    @property
    def _has_values(self) -> bool:
        current = self._proposals.current
        return current is not None and current.value is not None

    @property
    def _starts_word(self) -> bool:
        before = self.value[: self.cursor_position]
        return not before or before[-1].isspace()

    def _walked(self, by: int) -> bool:
        """Bring an earlier search back: from an empty line, or from one brought back."""
        is_walking = 0 <= self._from_history < len(self.history) and (
            self.value == self.history[self._from_history]
        )
        if not self.history or (self.value and not is_walking):
            return False
        place = (self._from_history if is_walking else -1) + by
        if place >= len(self.history) or (place < 0 and not is_walking):
            return True
        self._from_history = place
        self.close()
        self._taken = self.value = self.history[place] if place >= 0 else ""
        self.cursor_position = len(self.value)
        return True

    def on_blur(self, _: events.Blur) -> None:
        """The keys went elsewhere: nothing is offered any more."""
        self.close()
