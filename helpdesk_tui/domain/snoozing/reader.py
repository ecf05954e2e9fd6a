"""Reading a typed moment word by word: what was typed as tokens, and a cursor over them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from helpdesk_tui.domain.snoozing.words import LONGEST
from helpdesk_tui.domain.text import fold

MAX_LENGTH = 100
"""Characters of what can be meant for a moment."""

_T = TypeVar("_T")
_TOKEN = re.compile(r"\d+(?:[.:/-]\d+)*\.?|[^\W\d_]+")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_DECIMAL = re.compile(r"(?<=\d),(?=\d)")
_SWEDISH_ORDINAL = re.compile(r"(?<=\d):(?=[ae]\b)")
_SPACE = frozenset(" .,@'’\N{MASCULINE ORDINAL INDICATOR}")


def tokens_of(text: str) -> tuple[str, ...]:
    """Return the folded words and numbers of a text; nothing if it holds anything else."""
    if len(text) > MAX_LENGTH:
        return ()
    plain = _SWEDISH_ORDINAL.sub(" ", _DECIMAL.sub(".", _HYPHEN.sub(" ", fold(text))))
    if not _SPACE.issuperset("".join(_TOKEN.sub(" ", plain).split())):
        return ()
    return tuple(_TOKEN.findall(plain))


class Reader:
    """A cursor over tokens."""

    def __init__(self, tokens: tuple[str, ...], language: str = "") -> None:
        self._tokens = tokens
        self.place = 0
        self.language = language

    @property
    def is_done(self) -> bool:
        """Whether everything was read."""
        return self.place >= len(self._tokens)

    def take(self, table: Mapping[str, _T]) -> _T | None:
        """Read the longest phrase of a table that stands here; None if there is none."""
        for size in range(LONGEST, 0, -1):
            end = self.place + size
            if end > len(self._tokens):
                continue
            found = table.get(" ".join(self._tokens[self.place : end]))
            if found is not None:
                self.place = end
                return found
        return None

    def take_all(self, table: Mapping[str, bool]) -> bool:
        """Read all phrases of a table that stand here; tell whether there was any."""
        start = self.place
        while self.take(table):
            pass
        return self.place > start

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Read a token that fits a pattern as a whole."""
        if self.is_done:
            return None
        found = pattern.fullmatch(self._tokens[self.place])
        if found is not None:
            self.place += 1
        return found
