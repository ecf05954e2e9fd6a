"""What of a body is not new: quoted history and signatures, found line by line.

Quotation folds away with the words that introduce it, and so does all below unmarked history.
Three things stay: what was written between and below quoted lines, the quoted lines that such
words answer, and whatever would leave nothing to read. Linear on any input: a bounded part of
each line is looked at, and a bounded number of lines around each.
"""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk_tui.domain.mail import Fold, FoldKind
from helpdesk_tui.mail.folding_endings import signature
from helpdesk_tui.mail.folding_history import history_at, torn_introduction
from helpdesk_tui.mail.folding_lines import Lines

_FENCE = "```"
"""Begins and ends code, in which nothing is a quotation."""
_RARE = ("：", "&lt;", "this line")
"""What tells of history in some lines, and stands in few texts at all."""
_MAX_ANSWERED = 20
"""Quoted lines that stay above the words that answer them; more are history."""


@dataclass(frozen=True, slots=True)
class _Quote:
    """A stretch of lines that repeats mail."""

    first: int
    """Where the words that introduce it begin, if any do."""
    marked: int
    """Where the lines marked as quoted begin; ``end`` where none are."""
    end: int

    @property
    def is_introduced(self) -> bool:
        return self.first < self.marked


def find_folds(text: str) -> tuple[Fold, ...]:
    """Return the ranges of a body that repeat earlier mail or sign it, in order, apart."""
    lines = Lines(text)
    quotes = _quotes(lines, text)
    signatures = _signatures(lines, quotes)
    if not quotes and not signatures:
        return ()
    ranges = [(first, end, FoldKind.SIGNATURE) for first, end, _ in signatures]
    last_word = _last_word(lines, quotes, signatures)
    if last_word < 0:
        # nothing is left to read: greetings and lines that were quoted by hand are the message
        ranges = [(first, end, FoldKind.SIGNATURE) for first, end, sure in signatures if sure]
        quotes = [quote for quote in quotes if quote.is_introduced]
    folded = quotes if last_word < 0 else _folded(lines, quotes, last_word)
    ranges += [(quote.first, quote.end, FoldKind.QUOTE) for quote in folded]
    return tuple(
        Fold(lines.offset(first), lines.offset(end), kind)
        for first, end, kind in sorted(ranges)
        if lines.offset(first) < lines.offset(end)
    )


def _quotes(lines: Lines, text: str) -> list[_Quote]:
    """Return the stretches that repeat mail, in order."""
    found: list[_Quote] = []
    number = covered = 0
    every = lines.lines
    end = len(every)
    rare = tuple([sign for sign in _RARE if sign in text])
    while number < end:
        line = every[number]
        if _is_plain(line, rare):
            number += 1
            continue
        if line.startswith(_FENCE):
            number = lines.closing(number, _FENCE) + 1
            continue
        quote = _quote_at(lines, number, covered)
        if quote is None:
            number += 1
            continue
        found.append(quote)
        number = covered = quote.end
    return found


def _is_plain(line: str, rare: tuple[str, ...]) -> bool:
    """Tell, cheaply, that a line neither quotes nor introduces: most lines are like this."""
    if not line[:1].isalnum():
        return not line or line.isspace()
    if ":" in line or "@" in line or ">" in line[:4]:
        return False
    return not rare or not any(sign in line for sign in rare)


def _quote_at(lines: Lines, number: int, covered: int) -> _Quote | None:
    """Return the stretch that repeats mail and is told by the line ``number``."""
    if lines.is_quoted(number):
        start = torn_introduction(lines, number)
        if start is None:
            return _Quote(number, number, lines.quote_end(number))
    else:
        start = history_at(lines, number)
    if start is None or start.first < covered:
        return None
    first, end = start
    marked = _marked_below(lines, end)
    if marked >= 0:
        return _Quote(first, marked, lines.quote_end(marked))
    if not lines.has_words(0, first):
        # nothing stands above: what follows the header is the message
        return _Quote(first, end, end)
    return _Quote(first, len(lines), len(lines))


def _marked_below(lines: Lines, end: int) -> int:
    """Return the first marked line that is introduced by the line above ``end``, or -1."""
    below = lines.filled(end, within=4)
    for _ in range(2):
        if below < 0 or lines.is_quoted(below):
            break
        # a title may stand above further words that introduce ("On … wrote:")
        ends = (history_at(lines, at) for at in range(below, min(below + 4, len(lines))))
        start = next((each for each in ends if each is not None), None)
        below = lines.filled(start.end) if start and start.first == below else -1
    return below


def _signatures(lines: Lines, quotes: list[_Quote]) -> list[tuple[int, int, bool]]:
    """Return the signature at the end of each stretch of new text: its range, whether sure."""
    found: list[tuple[int, int, bool]] = []
    begin = 0
    for first, end in [*((quote.first, quote.end) for quote in quotes), (len(lines),) * 2]:
        ending = signature(lines, begin, first)
        if ending is not None:
            found.append((ending[0], first, ending[1]))
        begin = end
    return found


def _last_word(lines: Lines, quotes: list[_Quote], signatures: list[tuple[int, int, bool]]) -> int:
    """Return the last line with words that are in no range, or -1 where there is none."""
    ranges = sorted([(q.first, q.end) for q in quotes] + [(s[0], s[1]) for s in signatures])
    end = len(lines)
    for first, behind in reversed(ranges):
        for number in range(end - 1, behind - 1, -1):
            if not lines.is_blank(number):
                return number
        end = min(end, first)
    for number in range(end - 1, -1, -1):
        if not lines.is_blank(number):
            return number
    return -1


def _folded(lines: Lines, quotes: list[_Quote], last_word: int) -> list[_Quote]:
    """Return the stretches to fold, without the quoted lines that new words below answer."""
    answered = [quote for quote in quotes if quote.end <= last_word]
    alone = len(quotes) == 1 and quotes[0].is_introduced
    if not answered or (alone and not lines.has_words(0, quotes[0].first)):
        return quotes
    folded = [quote for quote in quotes if quote.end > last_word]
    for quote in answered:
        if quote.end - quote.marked > _MAX_ANSWERED:
            folded.append(quote)
        elif quote.is_introduced:
            folded.append(_Quote(quote.first, quote.marked, quote.marked))
    return folded
