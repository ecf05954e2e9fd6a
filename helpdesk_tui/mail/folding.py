"""What of a body is not new: quoted history and signatures, found line by line.

Linear on any input: lines are looked at once, and only their first characters, unless a cheap
test says that a longer look pays.
"""

from __future__ import annotations

import re
from functools import cache

from helpdesk_tui.domain.mail import Fold, FoldKind
from helpdesk_tui.mail import folding_phrases as phrases

_LOOK = 300
"""Characters of a line that are examined."""
_WRAP = 70
"""A quoted line this long may have been wrapped by a careless mail program."""
_MAX_LINES = 20_000
"""Lines that are examined; more of them are no letter."""
_MAX_SIGNATURE = 12
_MAX_AFTER_SENT = 3
_MAX_HEADER_LINES = 4
_DASHED = re.compile(r"[ \t>*]*[-_=*]{2,}[ \t]*([^-_=*\n][^\n]{0,60}?)[ \t]*[-_=*]{2,}[ \t]*$")
_COLON = re.compile(r"[:：][ \t*]*+(?:\n|$)")
_RULE = re.compile(r"[ \t]*[_-]{5,}[ \t]*$")
_FIELD = re.compile(r"[ \t>*]*([^\W\d][^:\n]{0,24}?)[ \t]*\*?:\*?[ \t]*(\S[^\n]{0,200})?")
_SIGNATURE_MARK = re.compile(r"[ \t]*(?:-- ?|--\u00a0|—|––)[ \t]*$")
_DIGIT_OR_AT = re.compile(r"[\d@<]")


@cache
def _wrote() -> re.Pattern[str]:
    ends = "|".join(sorted(map(re.escape, phrases.WROTE), key=len, reverse=True))
    return re.compile(rf"(?:{ends})[^\n:]{{0,80}}[:：][ \t*]*$", re.IGNORECASE)


@cache
def _suspicious() -> re.Pattern[str]:
    """Compile the pattern of the start of any line that may begin or introduce a fold."""
    fields = "|".join(map(re.escape, phrases.FROM))
    starts = "|".join(sorted({re.escape(start.split()[0]) for start in phrases.SENT_FROM}))
    # begins with a fixed character, which the search engine finds far faster than "any line"
    return re.compile(
        rf"\n[ \t*<\[(|]*+(?:[>_=—–-]|(?:{fields})[ \t*]*+:|(?:{starts}))", re.IGNORECASE
    )


def _may_fold(text: str) -> bool:
    """Tell whether any line may begin or introduce a fold; in most texts none does."""
    return bool(_COLON.search(text)) or bool(_suspicious().search(f"\n{text}"))


class _Lines:
    """The lines of a body with their offsets."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n", _MAX_LINES)[:_MAX_LINES]
        self.starts: list[int] = []
        at = 0
        for line in self.lines:
            self.starts.append(at)
            at += len(line) + 1
        self.end = min(at, len(text))

    def __len__(self) -> int:
        return len(self.lines)

    def offset(self, number: int) -> int:
        """Return where a line begins; the end of the text behind the last one."""
        return self.starts[number] if number < len(self.starts) else self.end

    def is_blank(self, number: int) -> bool:
        """Tell whether a line is empty or missing."""
        return number >= len(self.lines) or not self.lines[number].strip()


def _is_quoted(line: str) -> bool:
    return line.startswith(">") or (
        line[:1] in " \t|" and line[:8].lstrip().startswith((">", "|>"))
    )


def _quote_end(text: _Lines, first: int) -> int:
    """Return the line behind the quoted block that begins at ``first``.

    Blank lines between quoted ones belong to the block, and so do the ends of quoted lines that a
    mail program wrapped without repeating the mark.
    """
    lines = text.lines
    last = first
    number = first + 1
    while number < len(lines):
        line = lines[number]
        if _is_quoted(line) or (line.strip() and number == last + 1 and _wrapped(lines, number)):
            last = number
        elif line.strip() or number > last + 2:
            break
        number += 1
    return last + 1


def _wrapped(lines: list[str], number: int) -> bool:
    """Tell whether a line is the rest of the one above, which was too long."""
    head = lines[number][:_LOOK].split(" ", 1)[0]
    return len(lines[number - 1]) + 1 + len(head) > _WRAP


def _intro_start(text: _Lines, quote: int) -> int:
    """Return the line where the words that introduce a quotation begin ("On … wrote:")."""
    number = quote - 1
    while number >= 0 and number >= quote - 2 and text.is_blank(number):
        number -= 1
    if number < 0 or not text.lines[number][-_LOOK:].rstrip(" \t*").endswith((":", "：")):
        return quote
    return _intro_of(text, number, certain=True)


def _intro_of(text: _Lines, last: int, *, certain: bool) -> int:
    """Return the first line of the introduction that ends at ``last``, or ``last + 1``."""
    line = text.lines[last][-_LOOK:]
    above = text.lines[last - 1][-_LOOK:] if last else ""
    if not _wrote().search(line) and not _wrote().search(f"{above} {line}"):
        return last + 1 if not (certain and _names_somebody(line)) else last
    first = last
    while first > 0 and last - first < _MAX_HEADER_LINES - 1 and not _starts_intro(text, first):
        if text.is_blank(first - 1) or _is_quoted(text.lines[first - 1]):
            break
        first -= 1
    if _starts_intro(text, first):
        return first
    return last if _DIGIT_OR_AT.search(line) or certain else last + 1


def _names_somebody(line: str) -> bool:
    return "@" in line or len(re.findall(r"\d", line)) > 5


def _starts_intro(text: _Lines, number: int) -> bool:
    start = text.lines[number][:40].lstrip(" \t*").lower()
    return start.startswith(phrases.STARTS) and bool(
        _DIGIT_OR_AT.search(text.lines[number][:_LOOK])
    )


def _is_title(line: str, titles: tuple[str, ...]) -> bool:
    match = _DASHED.match(line[:_LOOK])
    if match:
        return match[1].strip().lower().rstrip(":") in titles
    return line[:80].strip(" \t*>").lower().rstrip(":") in titles and line.rstrip().endswith(":")


def _field(line: str) -> str:
    match = _FIELD.match(line[:_LOOK])
    return match[1].strip(" *").lower() if match else ""


def _is_header_block(text: _Lines, first: int) -> bool:
    """Tell whether the mail header that Outlook and others put above a quotation begins here."""
    if _field(text.lines[first]) not in phrases.FROM:
        return False
    names = {_field(line) for line in text.lines[first + 1 : first + 8]}
    kinds = (phrases.SENT, phrases.TO, phrases.SUBJECT)
    return sum(1 for kind in kinds if names.intersection(kind)) >= 2


def _history_start(text: _Lines, number: int) -> int:
    """Return the line where unmarked history begins, if it does at ``number``; else -1."""
    line = text.lines[number]
    short = line[:_LOOK]
    stripped = short.strip()
    if stripped.startswith(("-", "_", "=", "*")) or stripped.endswith(":"):
        if _is_title(line, phrases.ORIGINAL + phrases.FORWARDED):
            return number
        if _RULE.match(short) and number + 1 < len(text):
            nxt = number + 1 if not text.is_blank(number + 1) else number + 2
            if nxt < len(text) and _is_header_block(text, nxt):
                return number
    if ":" in short and _is_header_block(text, number):
        return number
    if stripped and line[-4:].rstrip(" \t*").endswith((":", "：")):
        first = _intro_of(text, number, certain=False)
        if first <= number:
            return first
    return -1


def _is_signature_start(line: str, following: int) -> bool:
    """Tell whether a line begins a signature, given how many lines with words follow it."""
    if len(line) < 10 and _SIGNATURE_MARK.match(line):
        return True
    start = line[:60].strip(" \t*<[(_").lower()
    return following <= _MAX_AFTER_SENT and start.startswith(phrases.SENT_FROM) and len(line) < 160


def find_folds(text: str) -> tuple[Fold, ...]:
    """Return the ranges of a body that repeat earlier mail or sign it, in order, apart."""
    if not _may_fold(text):
        return ()
    lines = _Lines(text)
    ranges, new_end = _quotes(lines)
    ranges += _signatures(lines, ranges, new_end)
    ranges.sort()
    return tuple(
        Fold(lines.offset(first), lines.offset(end), kind)
        for first, end, kind in ranges
        if lines.offset(first) < lines.offset(end)
    )


def _quotes(lines: _Lines) -> tuple[list[tuple[int, int, FoldKind]], int]:
    """Return the quoted ranges, and the line at which unmarked history ends all new text."""
    ranges: list[tuple[int, int, FoldKind]] = []
    number = 0
    covered = 0
    while number < len(lines):
        line = lines.lines[number]
        if _is_quoted(line):
            first = max(covered, _intro_start(lines, number))
            number = covered = _quote_end(lines, number)
            ranges.append((first, number, FoldKind.QUOTE))
            continue
        start = -1 if not line.strip() else _history_start(lines, number)
        if start >= covered and start >= 0 and not _only_introduces(lines, number):
            ranges.append((start, len(lines), FoldKind.QUOTE))
            return ranges, start
        number += 1
    return ranges, len(lines)


def _only_introduces(lines: _Lines, number: int) -> bool:
    """Tell whether marked quotation follows, so that the fold ends where its marks end."""
    following = number + 1
    while following < len(lines) and following < number + 4 and lines.is_blank(following):
        following += 1
    return following < len(lines) and _is_quoted(lines.lines[following])


def _signatures(
    lines: _Lines, quotes: list[tuple[int, int, FoldKind]], new_end: int
) -> list[tuple[int, int, FoldKind]]:
    """Return the signature at the end of each stretch of new text that is followed by none."""
    found: list[tuple[int, int, FoldKind]] = []
    begin = 0
    for first, end in [*((q[0], q[1]) for q in quotes), (new_end, new_end)]:
        start = _signature_start(lines, begin, first)
        if start >= 0:
            found.append((start, first, FoldKind.SIGNATURE))
        begin = end
    return found


def _signature_start(lines: _Lines, begin: int, end: int) -> int:
    """Return the first line of the signature at the end of a stretch of lines, or -1."""
    start = -1
    following = 0
    for number in range(end - 1, begin - 1, -1):
        if following > _MAX_SIGNATURE:
            break
        if not lines.is_blank(number):
            if _is_signature_start(lines.lines[number], following):
                start = number
            following += 1
    return start
