"""A message as it came, made visible: control characters become text, and there is a bound."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from helpdesk_tui.domain.text import clean

MAX_BYTES = 256_000
"""More than headers and text ever are; what follows is the encoding of files."""
MAX_LINES = 5000
_MAX_COLUMNS = 2000
_SHOWN_AS_TEXT = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Source:
    """The lines of a message's source that are shown."""

    lines: tuple[str, ...]
    size: int
    """Bytes of the whole message."""
    is_cut: bool


def source_of(raw: bytes) -> Source:
    r"""Return the source of a message as harmless lines that hide nothing.

    Control characters are written as ``^[``, bytes that are no text as ``\xNN``, and characters
    that are not seen or that turn the writing direction as ``\uNNNN``.
    """
    text = raw[:MAX_BYTES].decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    lines = text.split("\n")
    shown = tuple(visible(line[:_MAX_COLUMNS]) for line in lines[:MAX_LINES])
    is_cut = (
        len(raw) > MAX_BYTES
        or len(lines) > MAX_LINES
        or any(len(line) > _MAX_COLUMNS for line in lines[:MAX_LINES])
    )
    return Source(shown, len(raw), is_cut)


def visible(line: str) -> str:
    """Return a line with everything that is not a visible character written out."""
    table = {ord(char): _written(char) for char in set(line) if not char.isalnum()}
    # combining marks are letters of the line, but piles of them are cut as everywhere
    return clean(line.translate(table))


def _written(char: str) -> str:
    point = ord(char)
    if char == "\t":
        return "    "
    if point < 0x20:
        return f"^{chr(point + 0x40)}"
    if point == 0x7F:
        return "^?"
    if 0xDC80 <= point <= 0xDCFF:
        return f"\\x{point - 0xDC00:02x}"
    if 0x80 <= point < 0xA0:
        return f"\\x{point:02x}"
    if unicodedata.category(char) in _SHOWN_AS_TEXT:
        return f"\\u{point:04x}"
    return char
