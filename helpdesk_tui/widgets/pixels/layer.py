"""The pictures of a running program: which cells stand for which, and the pixels they become.

What widgets draw is text with placeholders; just before it reaches the terminal the placeholders
are turned into pixels. A picture is made ready in a worker thread, so writing it costs a look-up.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock

from rich.cells import cell_len
from rich.segment import Segment

from helpdesk_tui.domain.pictures import Grid, Pixels
from helpdesk_tui.widgets.pixels.cells import CELL, MOST, PLACEHOLDER, cell_segments, numbers
from helpdesk_tui.widgets.pixels.protocol import Protocol
from helpdesk_tui.widgets.pixels.protocols import kitty_gone, kitty_image, row_image
from helpdesk_tui.widgets.pixels.sixel import SHADES

CELL_SIZE = (10, 20)
"""Pixels of a cell, of a terminal that does not say."""
_MOST_WEIGHT = 64_000_000
"""Bytes of pixels that are held …"""
_FIRST_NUMBER = 7001
"""Of the pictures in a Kitty terminal: numbers of other programs are left alone."""
_PIECE = re.compile(
    f"\x1b\\[([0-9;:<=>?]*)[ -/]*([@-~])|[\r\n]|{CELL.pattern}", re.DOTALL
)  # fmt: skip


def layer_of(app: object) -> PixelLayer | None:
    """Return what turns pictures into pixels; None in a program that draws none."""
    parts = getattr(app, "pictures", None)
    return parts.layer if parts is not None else None


@dataclass(slots=True)
class _Held:
    pixels: Pixels
    rows: dict[tuple[int, int, int], str] = field(default_factory=dict)
    """What parts of rows are sent as, by row, first and last column."""
    image: str = ""
    """What the whole is sent as, where that happens once …"""
    is_there: bool = False
    """… and that it did."""


class PixelLayer:
    """Turns placeholders into pixels; safe from any thread."""

    def __init__(self) -> None:
        self.protocol = Protocol.HALF
        self.cell = CELL_SIZE
        self.version = 0
        """Grows when drawn placeholders may mean other pictures, or none any more."""
        self.changed: Callable[[], None] = lambda: None
        """Called when the terminal turns out to draw another way than before."""
        self._held: OrderedDict[int, _Held] = OrderedDict()
        self._slots: dict[Pixels, int] = {}
        self._gone: list[int] = []
        self._lock = RLock()

    @property
    def grid(self) -> Grid | None:
        """The cells that pictures are made for; None where half-blocks are drawn."""
        if self.protocol is Protocol.HALF:
            return None
        return Grid(*self.cell, shades=SHADES if self.protocol is Protocol.SIXEL else 0)

    def use(self, protocol: Protocol, cell: tuple[int, int] | None = None) -> None:
        """Draw in another way from now on."""
        cell = cell or self.cell
        if (protocol, cell) == (self.protocol, self.cell):
            return
        with self._lock:
            self._forget_all()
            self.protocol, self.cell = protocol, cell
        self.changed()

    def prepare(self, pixels: Pixels) -> None:
        """Make a picture ready to be sent; takes some milliseconds and belongs in a thread."""
        slot = self._slot(pixels)
        if slot is None:
            return
        held = self._held.get(slot)
        if held is None:
            return
        if self.protocol is Protocol.KITTY:
            held.image = held.image or kitty_image(_FIRST_NUMBER + slot, pixels)
            return
        for row in range(pixels.rows):
            key = (row, 0, pixels.columns - 1)
            held.rows[key] = row_image(self.protocol, pixels, *key)

    def segments(self, pixels: Pixels, row: int) -> list[Segment] | None:
        """Return a row of a picture as placeholders; None where it has to be drawn otherwise."""
        if self.protocol is Protocol.HALF or max(pixels.rows, pixels.columns) >= MOST:
            return None
        slot = self._slot(pixels)
        return None if slot is None else cell_segments(slot, row, pixels.columns)

    def translate(self, data: str) -> tuple[str, str, str]:
        """Return what is written instead of text with placeholders.

        Returns:
            What the terminal needs first, the text, and the pixels that stand over it.
        """
        if PLACEHOLDER not in data:
            return "", data, ""
        with self._lock:
            return self._translated(data)

    def begin_anew(self) -> None:
        """Take it that the terminal knows none of our pictures: its screen was another's."""
        with self._lock:
            self._gone = []
            for held in self._held.values():
                held.is_there = False

    def farewell(self) -> str:
        """Return what leaves no picture behind in the terminal, at the end of the program."""
        with self._lock:
            self._forget_all()
            gone, self._gone = self._gone, []
        return "".join(kitty_gone(number) for number in gone)

    # which cells stand for which picture ---------------------------------------------------------

    def _slot(self, pixels: Pixels) -> int | None:
        with self._lock:
            slot = self._slots.get(pixels)
            if slot is not None:
                self._held.move_to_end(slot)
                return slot
            if self.protocol is Protocol.HALF or pixels.weight > _MOST_WEIGHT:
                return None
            while len(self._held) >= MOST or self._weight() + pixels.weight > _MOST_WEIGHT:
                self._forget(next(iter(self._held)))
            slot = next(number for number in range(MOST) if number not in self._held)
            self._held[slot] = _Held(pixels)
            self._slots[pixels] = slot
            return slot

    def _weight(self) -> int:
        return sum(one.pixels.weight for one in self._held.values())

    def _forget(self, slot: int) -> None:
        held = self._held.pop(slot)
        del self._slots[held.pixels]
        self.version += 1
        if held.is_there:
            self._gone.append(_FIRST_NUMBER + slot)

    def _forget_all(self) -> None:
        for slot in list(self._held):
            self._forget(slot)

    # what is sent --------------------------------------------------------------------------------

    def _translated(self, data: str) -> tuple[str, str, str]:
        out: list[str] = []
        runs: list[_Run] = []
        line, column, position = 0, 0, 0
        for match in _PIECE.finditer(data):
            text = data[position : match.start()]
            position = match.end()
            out.append(text)
            column += cell_len(text)
            if match[0].startswith(PLACEHOLDER):
                out.append(self._cell((match[3], match[4], match[5]), line, column, runs))
                column += 1
                continue
            out.append(match[0])
            if match[2] == "H":
                down, _, across = match[1].partition(";")
                line, column = int(down or 1), int(across or 1)
            elif match[2] == "G":
                column = int(match[1] or 1)
        out.append(data[position:])
        return "".join(self._before(runs)), "".join(out), "".join(self._behind(runs))

    def _cell(self, marks: tuple[str, str, str], line: int, column: int, runs: list[_Run]) -> str:
        """Note a cell and return what is drawn in it as text."""
        found = numbers(marks)
        if found is None or found[2] not in self._held:
            return " "
        row, place, slot = found
        last = runs[-1] if runs else None
        if last is not None and last.is_before(slot, row, place, line, column):
            last.last = place
        else:
            runs.append(_Run(slot, row, place, place, line, column))
        if self.protocol is not Protocol.KITTY:
            return " "
        number = _FIRST_NUMBER + slot
        colour = f"\x1b[38;2;{number >> 16 & 255};{number >> 8 & 255};{number & 255}m"
        return f"{colour}{PLACEHOLDER}{marks[0]}{marks[1]}\x1b[0m"

    def _before(self, runs: list[_Run]) -> list[str]:
        """Return the pictures that a Kitty terminal has to know first."""
        out = [kitty_gone(number) for number in self._gone]
        self._gone = []
        if self.protocol is not Protocol.KITTY:
            return out
        for slot in dict.fromkeys(run.slot for run in runs):
            held = self._held[slot]
            if not held.is_there:
                held.is_there = True
                out.append(held.image or kitty_image(_FIRST_NUMBER + slot, held.pixels))
                held.image = ""
        return out

    def _behind(self, runs: list[_Run]) -> list[str]:
        """Return the pixels that stand over cells written before, and the cursor's way back."""
        if self.protocol is Protocol.KITTY or not runs:
            return []
        out = ["\x1b7"]
        for run in runs:
            held = self._held[run.slot]
            key = (run.row, run.first, run.last)
            if key not in held.rows:
                held.rows[key] = row_image(self.protocol, held.pixels, *key)
            out.append(f"\x1b[{run.line};{run.column}H{held.rows[key]}")
        return [*out, "\x1b8"]


@dataclass(slots=True)
class _Run:
    """Neighbouring cells of one row of a picture, where they stand on the screen."""

    slot: int
    row: int
    first: int
    last: int
    line: int
    column: int

    def is_before(self, slot: int, row: int, place: int, line: int, column: int) -> bool:
        """Return whether a cell continues this run."""
        return (slot, row, place, line, column) == (
            self.slot, self.row, self.last + 1, self.line,
            self.column + self.last + 1 - self.first,
        )  # fmt: skip
