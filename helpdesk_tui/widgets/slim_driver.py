"""A terminal driver that says each colour once, and takes no keys out of pasted text."""

from __future__ import annotations

import os
import re
import selectors
from codecs import getincrementaldecoder
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from helpdesk_tui.widgets.paste_guard import PasteGuard

if TYPE_CHECKING:
    from helpdesk_tui.widgets.pixels.detection import AnswerGuard
    from helpdesk_tui.widgets.pixels.layer import PixelLayer

_SGR = re.compile("\x1b\\[([0-9;]*)m")
_MOVES = re.compile("(?:\x1b\\[[0-9;]*H)+")
_DETOUR = re.compile("(?:\x1b\\[[0-9;]*H|\r?\n)+(?=\x1b\\[[0-9;]+H)")
"""Places the cursor only passes on its way to an absolute one."""
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "9": "29"}
_UNSEEN = frozenset("123")
"""Attributes that a blank does not show."""
_COLORS = {"38": "fg", "48": "bg"}

State = tuple[str, str, frozenset[str]]
"""Foreground, background and the other attributes, as the codes that set them."""

_INPUT_WAIT = 0.1
_INPUT_BYTES = 4096

PLAIN: State = ("", "", frozenset())


@lru_cache(maxsize=4096)
def parse_sgr(parameters: str) -> State:
    """Return what a full style (as every drawn segment begins with one) sets."""
    foreground, background, attributes = "", "", set[str]()
    parts = iter(parameters.split(";"))
    for part in parts:
        if part in _COLORS:
            kind = next(parts, "")
            rest = [next(parts, "") for _ in range(3 if kind == "2" else 1)]
            color = ";".join((part, kind, *rest))
            if part == "38":
                foreground = color
            else:
                background = color
        elif part in ("", "0"):
            foreground, background, attributes = "", "", set()
        elif _is_color(part, "39"):
            foreground = "" if part == "39" else part
        elif _is_color(part, "49"):
            background = "" if part == "49" else part
        else:
            attributes.add(part)
    return foreground, background, frozenset(attributes)


def _is_color(part: str, default: str) -> bool:
    low, high = ("3", "9") if default == "39" else ("4", "10")
    digits = part.removeprefix(low) if len(part) == len(low) + 1 else ""
    bright = part.removeprefix(high) if len(part) == len(high) + 1 else ""
    return (
        part == default
        or (part.startswith(low) and digits != "" and digits in "01234567")
        or (part.startswith(high) and bright != "" and bright in "01234567")
    )


@lru_cache(maxsize=4096)
def transition(old: State, new: State) -> str:
    """Return the shortest sequence that turns one style into another."""
    if old == new:
        return ""
    if new == PLAIN:
        return "\x1b[0m"
    gone = old[2] - new[2]
    if not gone <= _OFF.keys():
        codes = ["0", *sorted(new[2]), new[0], new[1]]
        return f"\x1b[{';'.join(code for code in codes if code)}m"
    codes = sorted({_OFF[code] for code in gone})
    # bold and dim are switched off by one code: what shall stay is said again
    codes += sorted(new[2] if "22" in codes else new[2] - old[2])
    if new[0] != old[0]:
        codes.append(new[0] or "39")
    if new[1] != old[1]:
        codes.append(new[1] or "49")
    return f"\x1b[{';'.join(code for code in codes if code)}m"


def slim(data: str) -> str:
    """Return output that draws the same with fewer style sequences; starts and ends plain."""
    if data.count("\x1b[") < 2 or "m" not in data:
        return data
    pieces = _SGR.split(data)
    out = [pieces[0]]
    drawn, wanted = PLAIN, PLAIN
    for parameters, text in zip(pieces[1::2], pieces[2::2], strict=True):
        wanted = parse_sgr(parameters)
        if not text:
            continue
        if wanted == PLAIN and _MOVES.fullmatch(text):
            # moving the cursor paints nothing: the style of before may stay
            out.append(text)
            continue
        target = wanted
        if text.isspace() and "\n" not in text and (drawn[2] | wanted[2]) <= _UNSEEN:
            # a blank has no letter: only what is behind it matters
            target = (drawn[0], wanted[1], drawn[2])
        out.append(transition(drawn, target) + text)
        drawn = target
    out.append(transition(drawn, wanted))
    return _DETOUR.sub("", "".join(out))


_NARROW = (
    "\x00-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1eff\u2010-\u205e\u20a0-\u20bf"
    "\u2190-\u23ff\u2500-\u27bf"
)
_WIDE = (
    "\u3000-\u3029\u3041-\u3096\u309b-\u33ff\u3400-\u4dbf\u4e00-\ua48c\uac00-\ud7a3\uff01-\uff9d"
)
_RARE = re.compile(f"[^{_NARROW}]")
"""What most screens have nothing of."""
_SEQUENCE = re.compile("\x1b\\[([0-9;:<=>?]*)[ -/]*([@-~])|[\r\n]")


@cache
def _doubtful() -> re.Pattern[str]:
    """Compile the pattern of text about whose cells some terminal may have another opinion.

    Only for screens with something rare: so many characters cost a start time.
    """
    return re.compile(f"[^{_NARROW}{_WIDE}]")


def pinned(data: str) -> str:
    """Return output that sets the cursor where it should be behind every doubtful text.

    So a letter that a terminal draws wider or narrower than measured shifts nothing beside it.
    """
    if data.isascii() or not _RARE.search(data) or not _doubtful().search(data):
        return data
    out: list[str] = []
    position = 0
    column: int | None = None
    for match in _SEQUENCE.finditer(data):
        text, position = data[position : match.start()], match.end()
        column = _pin(out, text, column)
        column = _column_after(match, column)
        out.append(match[0])
    _pin(out, data[position:], column)
    return "".join(out)


def _pin(out: list[str], text: str, column: int | None) -> int | None:
    """Append a text, and where the cursor stands behind it; return the column, from one."""
    out.append(text)
    if column is None or "\x1b" in text:
        return None
    column += cell_len(text)
    if _doubtful().search(text):
        out.append(f"\x1b[{column}G")
    return column


def _column_after(match: re.Match[str], column: int | None) -> int | None:
    """Return the column behind a sequence, or None where it is not known."""
    if match[2] == "H":
        return int(match[1].rpartition(";")[2] or 1)
    return column if match[2] == "m" else None


class SlimDriver(LinuxDriver):
    """The usual driver, its output made slim and what is pasted made harmless."""

    def _get_terminal_size(self) -> tuple[int, int]:
        """Ask the terminal itself: COLUMNS and LINES in the environment never change with it."""
        try:
            width, height = os.get_terminal_size(self.fileno)
        except OSError:
            return super()._get_terminal_size()
        return (width, height) if width and height else super()._get_terminal_size()

    def _pixels(self) -> PixelLayer | None:
        """Return what turns pictures into pixels, once there was a picture."""
        parts = getattr(self._app, "pictures", None)
        return None if parts is None else parts.drawn

    def write(self, data: str) -> None:
        """Write to the terminal; placeholders of pictures become their pixels."""
        layer = self._pixels()
        if layer is None:
            super().write(slim(pinned(data)))
            return
        first, text, pixels = layer.translate(data)
        super().write(f"{first}{slim(pinned(text))}{pixels}")

    def start_application_mode(self) -> None:
        """Take the terminal; whatever pictures it had belong to whoever had it before."""
        layer = self._pixels()
        if layer is not None:
            layer.begin_anew()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        """Give the terminal back without any picture of ours."""
        layer = self._pixels()
        if layer is not None and (farewell := layer.farewell()):
            super().write(farewell)
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read keys and pastes until the end; bytes that are no text end nothing."""
        parser = XTermParser(self._debug)
        decoder = getincrementaldecoder("utf-8")("replace")
        guard = PasteGuard()
        answers: AnswerGuard | None = getattr(getattr(self._app, "pictures", None), "guard", None)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_INPUT_WAIT):
                    data = os.read(self.fileno, _INPUT_BYTES)
                    if not data:
                        self.exit_event.wait(_INPUT_WAIT)
                    # an empty text would mean the end to the parser
                    text = guard.filtered(decoder.decode(data))
                    if text and answers is not None:
                        text = answers.filtered(text)
                    for event in parser.feed(text) if text else ():
                        self.process_message(event)
                elif answers is not None and (held := answers.released()):
                    for event in parser.feed(held):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
