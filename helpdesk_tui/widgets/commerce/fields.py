"""The lines of a form about an order or a subscription, each with the keys while it has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.message import Message

from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted, fit, spread, width_of
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import number
from helpdesk_tui.widgets.wrap import cells

V = TypeVar("V")
MOST = 999
"""The largest quantity that can be typed."""
_LABEL = 20
_THEN = 12
"""Cells for what a quantity becomes."""
_STEPS = 5
"""Cells for the keys of a quantity."""


class Field(Painted, can_focus=True):
    """One line of a form."""

    DEFAULT_CSS = """
    Field { height: 1; background: $raised; }
    """
    TONE: ClassVar[Tone] = Tone.RAISED

    @dataclass
    class Changed(Message):
        """Another value stands in the line."""

    def take(self, key: str) -> bool:
        """Do what a key means here; False for one that means nothing; subclasses say."""
        return False

    def on_focus(self) -> None:
        """Show that the keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """Show that they do not."""
        self.refresh()

    def render_line(self, y: int):  # type: ignore[no-untyped-def]  # noqa: ANN201  as in the base
        """Paint the line, on the selection colour while it has the keys."""
        tone = Tone.PICKED if self.has_focus else self.TONE
        return self.palette.strip(list(self.spans(y)), self.size.width, tone)

    def edge(self) -> Span:
        """Return the mark of the line that has the keys."""
        return ("▌" if self.has_focus else " ", Ink.ACCENT)


class Quantity(Field):
    """How many of something there shall be: ``+`` ``-``, digits, and ``0`` takes it away."""

    def __init__(
        self,
        name: str,
        quantity: int,
        *,
        least: int = 0,
        most: int = MOST,
        price: str = "",
        locked: str = "",
        id: str | None = None,
    ) -> None:
        """Make the line.

        Args:
            name: Of what.
            quantity: How many there are now.
            least: How few there may be.
            most: How many there may be.
            price: Of one, in words.
            locked: Why it cannot be changed; empty if it can.
            id: Of the widget.
        """
        super().__init__(id=id)
        self._called = clean(name)
        self._before = quantity
        self._least, self._most = least, most
        self._price = clean(price)
        self._locked = locked
        self._typed = ""
        self.value = quantity
        self.can_focus = not locked

    @property
    def is_changed(self) -> bool:
        """Whether there shall be more or fewer than there are."""
        return self.value != self._before

    def set(self, value: int) -> None:
        """Have so many, as far as that is possible."""
        value = max(self._least, min(self._most, value))
        if value != self.value:
            self.value = value
            self.post_message(self.Changed())
        self.refresh()

    def take(self, key: str) -> bool:
        """Count up or down, or take the number that is typed."""
        steps = {"plus": 1, "equals_sign": 1, "right": 1, "minus": -1, "left": -1, "l": 1, "h": -1}
        if key in steps:
            self._typed = ""
            self.set(self.value + steps[key])
        elif key.isascii() and key.isdigit():
            self._typed = (self._typed + key)[-3:] if self._typed.strip("0") else key
            self.set(int(self._typed))
        elif key in ("delete", "x"):
            self._typed = ""
            self.set(0)
        elif key == "backspace":
            self._typed = ""
            self.set(self._before)
        else:
            return False
        return True

    def on_blur(self) -> None:
        """Begin with the next number anew."""
        self._typed = ""
        super().on_blur()

    def spans(self, y: int) -> Sequence[Span]:
        """Return the name, what one costs, how many there are and shall be: each in its column."""
        is_gone = self.value == 0 and self.is_changed
        counted = Ink.DIM if self.is_changed else Ink.SOFT if self._locked else Ink.BRIGHT
        then, ink = ("", Ink.DIM), Ink.BAD if is_gone else Ink.NOTE
        if self.is_changed:
            then = (" → ", Ink.DIM)
        said = _("removed") if is_gone else number(self.value) if self.is_changed else ""
        right: list[Span] = [
            (self._locked or self._price, Ink.DIM),
            (f"{number(self._before):>6}", counted),
            then,
            (f"{said:<{_THEN - cells(then[0])}}", ink),
            (" - + " if self.has_focus else " " * _STEPS, Ink.KEY),
        ]
        ink = Ink.SOFT if self._locked else Ink.DIM if is_gone else Ink.TEXT
        left = fit([self.edge(), (self._called, ink)], self.size.width - width_of(right) - 1)
        return spread(left, right, self.size.width)


class ChoiceField(Field, Generic[V]):
    """One of a few values: space or the arrows choose another one."""

    def __init__(
        self,
        label: str,
        values: Sequence[tuple[V, str]],
        value: V,
        *,
        label_cells: int = _LABEL,
        is_below_quantities: bool = False,
        id: str | None = None,
    ) -> None:
        """Make the line.

        Args:
            label: Of the value.
            values: What can be chosen, each with its words.
            value: What is chosen.
            label_cells: How far to the right the words stand.
            is_below_quantities: Whether they stand below the numbers of the lines above.
            id: Of the widget.
        """
        super().__init__(id=id)
        self._label = label
        self._values = tuple(values)
        self._cells = label_cells
        self._is_below = is_below_quantities
        known = [each for each, _words in self._values]
        self._at = known.index(value) if value in known else 0
        self.can_focus = len(self._values) > 1

    @property
    def value(self) -> V:
        """The value that is chosen."""
        return self._values[self._at][0]

    def turn(self, step: int) -> None:
        """Choose another value; the ends meet."""
        self._at = (self._at + step) % len(self._values)
        self.refresh()
        self.post_message(self.Changed())

    def take(self, key: str) -> bool:
        """Choose the next value, or the one before."""
        steps = {"space": 1, "right": 1, "l": 1, "left": -1, "h": -1}
        if key not in steps:
            return False
        self.turn(steps[key])
        return True

    def on_click(self, event: events.Click) -> None:
        """Choose the next value."""
        self.turn(1)

    def spans(self, y: int) -> Sequence[Span]:
        """Return the label and the value."""
        right: list[Span] = [("← → ", Ink.KEY)] if self.has_focus else []
        # the last figure of a quantity stands just before what it becomes
        room = self.size.width - _THEN - _STEPS - 1 if self._is_below else self._cells + 3
        left: list[Span] = [
            self.edge(), (f"{self._label:<{room - 3}}  ", Ink.DIM),
            (self._values[self._at][1], Ink.BRIGHT),
        ]  # fmt: skip
        return spread(fit(left, self.size.width - width_of(right) - 1), right, self.size.width)


def switch(label: str, value: bool, yes: str, no: str, *, id: str) -> ChoiceField[bool]:
    """Return a line that is on or off, each in words."""
    return ChoiceField(label, ((True, f"● {yes}"), (False, f"○ {no}")), value, id=id)
