"""The lines of a body, with their offsets and what is plain to see on each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, filterfalse

LOOK = 300
"""Characters of a line that are examined, at its beginning and at its end."""
MAX_LINES = 20_000
"""Lines that are examined; more of them are no letter."""
MARKS = " \t\xa0*_|\u200b\u200e\u200f\u202a\u202b\u202c\ufeff"
"""What programs put around words: emphasis, blanks and marks of direction."""
_UNSEEN = frozenset(" \t\xa0\u200b\u200e\u200f\u202a\u202b\u202c\ufeff")
_BLANK = " \t\xa0\u200b\u200e\u200f\u202a\u202b\u202c\ufeff\r\f\v"
_SHORT = 60
_WRAP = 70
"""A quoted line this long may have been wrapped by a careless mail program."""
_INITIALS = re.compile(r"[ \t]?([A-Za-z]{1,3}>)")


class Prefixes:
    """Beginnings of lines, found by the first characters before each is compared."""

    def __init__(self, beginnings: Iterable[str], marks: str = "") -> None:
        """Take the beginnings, in lower case, and the marks that may stand before them."""
        self._by_head: dict[str, tuple[str, ...]] = {}
        self._marks = frozenset(marks)
        self._hopes: dict[str, bool] = {}
        for beginning in beginnings:
            head = beginning[:2]
            self._by_head[head] = (*self._by_head.get(head, ()), beginning)

    def may_begin(self, line: str) -> bool:
        """Tell, cheaply, that a line as it stands may begin with a mark or one of them."""
        head = line[:2]
        hope = self._hopes.get(head)
        if hope is not None:
            return hope
        if not head.isascii():
            # too many to remember, and some change with their neighbours in lower case
            return True
        hope = head[:1] in self._marks or head.lower() in self._by_head
        self._hopes[head] = hope
        return hope

    def begin(self, text: str) -> bool:
        """Tell whether a text begins with one of them."""
        candidates = self._by_head.get(text[:2])
        return candidates is not None and text.startswith(candidates)


class Lines:
    """The lines of a body with their offsets."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n", MAX_LINES)[:MAX_LINES]
        self._size = len(text)
        self._starts: list[int] = []
        self._blank = [
            not line or line.isspace() or (line[0] in _UNSEEN and not line.strip(_BLANK))
            for line in self.lines
        ]

    def __len__(self) -> int:
        return len(self.lines)

    def offset(self, number: int) -> int:
        """Return where a line begins; the end of the text behind the last one."""
        if not self._starts:
            sizes = (len(line) + 1 for line in self.lines)
            self._starts = list(accumulate(sizes, initial=0))
        return min(self._starts[min(number, len(self.lines))], self._size)

    def is_blank(self, number: int) -> bool:
        """Tell whether a line is empty or missing."""
        return not 0 <= number < len(self.lines) or self._blank[number]

    def is_quoted(self, number: int) -> bool:
        """Tell whether a line bears the mark of quotation."""
        if not 0 <= number < len(self.lines):
            return False
        line = self.lines[number]
        if line.startswith(">"):
            return True
        if line[:1] in " \t|\u200e\u200f\ufeff":
            return ">" in line[:12] and line[:12].lstrip(" \t\u200e\u200f\ufeff").startswith(
                (">", "|>", "| >")
            )
        return ">" in line[1:4] and self._has_initials(number)

    def _has_initials(self, number: int) -> bool:
        """Tell whether a line and one beside it begin with a writer's initials ("AB> ")."""
        match = _INITIALS.match(self.lines[number])
        if not match:
            return False
        beside = (self.lines[n] for n in (number - 1, number + 1) if 0 <= n < len(self.lines))
        return any(line.lstrip(" \t").startswith(match[1]) for line in beside)

    def filled(self, number: int, within: int = 3) -> int:
        """Return the first line from ``number`` on that is not blank, or -1 where all near are."""
        for at in range(number, min(number + within + 1, len(self.lines))):
            if not self.is_blank(at):
                return at
        return -1

    def filled_back(self, number: int, least: int) -> Iterator[int]:
        """Return the lines that are not blank from ``number`` back to ``least``."""
        last = min(number, len(self.lines) - 1)
        return filterfalse(self._blank.__getitem__, range(last, max(least, 0) - 1, -1))

    def has_words(self, first: int, end: int) -> bool:
        """Tell whether a range holds more than blank lines."""
        return not all(self._blank[max(0, first) : end])

    def closing(self, number: int, fence: str) -> int:
        """Return the next line that begins with ``fence``, or ``number`` itself."""
        following = range(number + 1, len(self.lines))
        return next((at for at in following if self.lines[at].startswith(fence)), number)

    def quote_end(self, first: int) -> int:
        """Return the line behind the quoted block that begins at ``first``.

        Blank lines between quoted ones belong to the block, and so do the ends of quoted lines
        that a mail program wrapped without repeating the mark.
        """
        last = first
        number = first + 1
        while number < len(self.lines):
            quoted = self.lines[number][:1] == ">" or self.is_quoted(number)
            if quoted or (number == last + 1 and self._is_wrapped(number)):
                last = number
            elif number > last + 2 or not self.is_blank(number):
                break
            number += 1
        return last + 1

    def _is_wrapped(self, number: int) -> bool:
        """Tell whether a line is the rest of the one above, which was too long."""
        line, above = self.lines[number], self.lines[number - 1]
        head = line[:LOOK].split(" ", 1)[0]
        if not head or len(above) + 1 + len(head) <= _WRAP:
            return False
        if len(line) >= _SHORT or not self.is_blank(number + 1):
            return True
        # a short last line below a whole question is its answer
        return not (self.is_quoted(number - 1) and above[-LOOK:].rstrip().endswith(("?", ":")))
