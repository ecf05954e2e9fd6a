"""The place of a mistake in a query: the query, and a caret under where it goes wrong."""

from __future__ import annotations

from rich.cells import cell_len

from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import _

_BEFORE = 50
_BEHIND = 20
"""Characters of a long query that are shown around the place."""
_WORD = 30
"""Characters of a long word that are named."""


def place_of(text: str, position: int) -> str:
    """Return in words where a mistake is: the column, from 1, and the word there."""
    position = max(0, min(position, len(text)))
    words = clean(text[position : position + _WORD + 1]).split(maxsplit=1)
    if not words:
        return _("column {position}, the end").format(position=position + 1)
    word = words[0] if len(words[0]) <= _WORD else f"{words[0][:_WORD]}…"
    return _("column {position}: {word}").format(position=position + 1, word=word)


def caret_lines(text: str, position: int) -> tuple[str, str]:
    """Return ``text`` (around the place, where it is long) and a line with a caret under it."""
    position = max(0, min(position, len(text)))
    start = 0 if position <= _BEFORE else position - _BEFORE
    end = position + _BEHIND
    before = ("…" if start else "") + clean(text[start:position])
    behind = clean(text[position:end]) + ("…" if end < len(text) else "")
    return f"  {before}{behind}", f"  {' ' * cell_len(before)}^"
