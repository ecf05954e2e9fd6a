"""The body of one message as lines: text, folded quotes and signatures, numbered links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpdesk_tui.domain.mail import FoldKind
from helpdesk_tui.domain.messages import MessageRow
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.words import locale_forms
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.wrap import cells, shorten_cells, wrap_text

BodyLine = tuple[tuple[Span, ...], str]
"""Spans and the kind of hit: ``fold``, ``more``, ``links``, or nothing."""

_LINK_ROWS = 2
_NUMBER = re.compile(r"(\[\d{1,3}\])")


def body_lines(
    message: MessageRow, width: int, *, unfolded: bool, limit: int
) -> Iterator[BodyLine]:
    """Yield the lines of a body: at most ``limit`` of text, then what leads to the rest."""
    left = limit
    numbered = bool(message.links)
    for text, kind in _parts(message):
        # cutting first bounds the work for a body of any size
        piece = clean_lines(text[: (left + 1) * (width + 1) * 4]).strip("\n")
        if not piece.strip():
            continue
        if kind is not None and not _is_introduction(piece, kind, width):
            yield ((f"{'▾' if unfolded else '▸'} {_fold_label(text, kind)}", Ink.DIM),), "fold"
            if not unfolded:
                continue
        ink = Ink.TEXT if kind is None else Ink.SOFT
        lines, cut = wrap_text(piece, width, left)
        for line in lines:
            yield (_numbered(line, ink) if numbered and "[" in line else ((line, ink),)), ""
        left -= len(lines)
        if cut or left <= 0:
            yield (
                (
                    (
                        "▾ "
                        + _("show more of {count} characters").format(
                            count=locale_forms.number(len(message.text))
                        ),
                        Ink.ACCENT,
                    ),
                ),
                "more",
            )
            break
    if message.links:
        yield from _links(message.links, width)


def _parts(message: MessageRow) -> Iterator[tuple[str, FoldKind | None]]:
    position = 0
    for part in message.folds:
        if part.start > position:
            yield message.text[position : part.start], None
        yield message.text[max(position, part.start) : part.end], part.kind
        position = max(position, part.end)
    if position < len(message.text) or not message.folds:
        yield message.text[position:], None


def _fold_label(text: str, kind: FoldKind) -> str:
    count = text.strip("\r\n").count("\n") + 1
    if kind is FoldKind.SIGNATURE:
        return _("signature")
    return ngettext("{count} quoted line", "{count} quoted lines", count).format(count=count)


def _is_introduction(piece: str, kind: FoldKind, width: int) -> bool:
    """Tell whether what would be folded is one row such as "Ana wrote:", which saves no room."""
    is_quote = kind is FoldKind.QUOTE and not piece.lstrip().startswith(">")
    return is_quote and "\n" not in piece and cells(piece) <= width


def _numbered(line: str, ink: Ink) -> tuple[Span, ...]:
    """Colour the numbers that stand for links."""
    return tuple(
        (part, Ink.LINK if _NUMBER.fullmatch(part) else ink) for part in _NUMBER.split(line) if part
    )


def _links(links: tuple[tuple[str, str], ...], width: int) -> Iterator[BodyLine]:
    """Yield the hosts that the numbers lead to, on a few rows."""
    row: list[Span] = []
    used = rows = 0
    tail = "· " + _("L all links")
    for number, (address, host) in enumerate(links, start=1):
        label = clean(host) or clean(address)
        if len(label) > 40:
            # the end of a host is what counts: that is where the real domain stands
            label = f"{label[:12]}…{label[-27:]}"
        label = shorten_cells(label, width - 7)
        size = cells(label) + len(str(number)) + 5
        if row and used + size > width:
            rows += 1
            if rows >= _LINK_ROWS:
                break
            yield tuple(row), "links"
            row, used = [], 0
        row += [(f"[{number}] ", Ink.LINK), (f"{label}  ", Ink.DIM)]
        used += size
    if used + len(tail) <= width:
        row += [("· ", Ink.DIM), ("L", Ink.KEY), (" " + _("all links"), Ink.DIM)]
    yield tuple(row), "links"
