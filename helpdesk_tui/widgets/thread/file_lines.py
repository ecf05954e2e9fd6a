"""A file of a message as lines: its name and what it is, then what there is to know of it."""

from __future__ import annotations

from collections.abc import Iterator

from helpdesk_tui.domain.messages import AttachmentRow
from helpdesk_tui.domain.pictures import Look
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.painted import fit, width_of
from helpdesk_tui.widgets.words.files import (
    can_be_fetched,
    fetch_keys,
    file_details,
    file_sign,
    file_trouble,
)
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import cells, shorten_cells, wrap_line

_LEAST = 8


def file_lines(file: AttachmentRow, width: int, look: Look = None) -> Iterator[tuple[Span, ...]]:
    """Yield the lines of a file: quieter if nobody chose to send it."""
    details = f"  {file_details(file, look)}"
    name = shorten_cells(
        clean(file.filename) or _("unnamed file"), max(_LEAST, width - 2 - cells(details))
    )
    ink = Ink.SOFT if file.inline else Ink.TEXT
    yield tuple(fit([(file_sign(file), Ink.DIM), (name, ink), (details, Ink.DIM)], width))
    said, ink = file_trouble(file, look)
    lines: list[list[Span]] = [
        [("  ", Ink.DIM), (piece, ink)] for piece in (wrap_line(said, width - 2) if said else ())
    ]
    keys = fetch_keys() if lines and can_be_fetched(file) else ()
    if keys and width_of([*lines[-1], *keys]) <= width:
        lines[-1] += keys
    elif keys:
        lines.append(list(keys))
    for line in lines:
        yield tuple(line)
