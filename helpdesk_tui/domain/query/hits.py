"""Where the words of a query stand in a text: what is marked when a hit is shown in context."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from helpdesk_tui.domain.query.values import Group, Node, Query
from helpdesk_tui.domain.text import clean, fold

_WORD = re.compile(r"[^\W_]+")
_SCANNED = 50_000
"""Characters of a text that are looked through."""
_MOST = 100
_PLACES = {
    "subject": ("subject",),
    "from": ("people",),
    "file": ("files",),
    "order": ("subject", "body"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words in a row that are looked for, folded."""

    words: tuple[str, ...]
    prefix: bool
    """The last one may be the beginning of a longer word."""
    places: tuple[str, ...] = ()
    """``subject``, ``body``, ``people``, ``files``; empty for any."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text, in one line, and what is marked in it."""

    text: str
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Why a ticket was found: the newest message that holds the words."""

    ticket_id: int
    message_id: int
    place: str
    """``body``, ``subject``, ``files`` or ``people``."""
    is_note: bool
    snippet: Snippet


def wanted_of(query: Query) -> tuple[Wanted, ...]:
    """Return the words that a query looks for, excluded ones left out."""
    return tuple(_wanted(query.root))


def _wanted(node: Node) -> list[Wanted]:
    if node.negated:
        return []
    if isinstance(node, Group):
        return [one for part in node.parts for one in _wanted(part)]
    if node.field not in ("", *_PLACES) or node.op != ":":
        return []
    found = []
    for number, value in enumerate(node.values):
        words = tuple(word for word, _, _ in _words(value))
        starred = value.endswith("*")
        is_last = number == len(node.values) - 1
        if words:
            prefix = starred or (node.prefix and is_last)
            found.append(Wanted(words, prefix, _PLACES.get(node.field, ())))
    return found


def marked(text: str, wanted: tuple[Wanted, ...], place: str = "") -> tuple[tuple[int, int], ...]:
    """Return the ranges of a text that a query found, in order, none within another.

    Args:
        text: as it is stored.
        wanted: what is looked for.
        place: which part of a message it is; empty for any.
    """
    looked = [one for one in wanted if not (place and one.places and place not in one.places)]
    if not looked:
        return ()
    words = _words(text[:_SCANNED])
    found: list[tuple[int, int]] = []
    for start in range(len(words)):
        length = max((_matched(words, start, one) for one in looked), default=0)
        if length:
            begin, end = words[start][1], words[start + length - 1][2]
            if found and begin <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((begin, end))
        if len(found) >= _MOST:
            break
    return tuple(found)


def _matched(words: list[tuple[str, int, int]], start: int, wanted: Wanted) -> int:
    """Return how many words from ``start`` on are those looked for: all of them or none."""
    length = len(wanted.words)
    if start + length > len(words):
        return 0
    for offset, word in enumerate(wanted.words):
        here = words[start + offset][0]
        is_start = wanted.prefix and offset == length - 1
        if not (here.startswith(word) if is_start else here == word):
            return 0
    return length


def _words(text: str) -> list[tuple[str, int, int]]:
    """Return the folded words of a text with their places; ideographs are words of their own."""
    found = []
    for match in _WORD.finditer(text):
        folded = fold(match[0])
        if " " not in folded:
            found.append((folded, match.start(), match.end()))
            continue
        found += _pieces(match[0], match.start())
    return found


def _pieces(word: str, start: int) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    for offset, char in enumerate(word):
        folded = fold(char)
        place = start + offset
        is_apart = folded.startswith(" ")
        if found and not is_apart and found[-1][2] == place and not found[-1][0].startswith(" "):
            found[-1] = (found[-1][0] + folded, found[-1][1], place + 1)
        else:
            found.append((folded, place, place + 1))
    return [(text.strip(), begin, end) for text, begin, end in found]


def snippet(text: str, ranges: tuple[tuple[int, int], ...], width: int) -> Snippet:
    """Return the piece of a text around what is marked first, harmless and in one line.

    Args:
        text: as it is stored.
        ranges: what is marked in it.
        width: characters of the piece, about.
    """
    first = ranges[0][0] if ranges else 0
    start = 0 if first <= width // 2 else first - width // 3
    if start:
        blank = text.find(" ", start, first)
        start = blank + 1 if blank >= 0 else start
    end = min(len(text), start + width)
    cuts = sorted(
        {start, end, *(place for pair in ranges for place in pair if start < place < end)}
    )
    out = "…" if start else ""
    begins = [begin for begin, _ in ranges]
    shown: list[tuple[int, int]] = []
    for left, right in pairwise(cuts):
        piece = " ".join(clean(f"|{text[left:right]}|").split())[1:-1]
        number = bisect_right(begins, left) - 1
        if number >= 0 and left < ranges[number][1]:
            shown.append((len(out), len(out) + len(piece)))
        out += piece
    return Snippet(out + ("…" if end < len(text) else ""), tuple(shown))
