"""Many phrases as one pattern that is quick to search for.

The regular expression engine skips ahead to the letters that a match can begin with, but only
where every alternative begins with a plain letter. So groups at the start of a phrase are spread
out into phrases of their own, and a word boundary there moves behind the first letter. And it is
only asked where the text holds a word that some phrase needs, which is far quicker to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BOUNDARY = r"\b"
_GROUP = "(?:"
_REPEATED = ("?", "*", "+", "{")
_PLAIN = re.compile(r"[^\\()\[\]{}?*+.^$|]+")
_OTHER = re.compile(r"\\.|\[[^\]]*\]|\{[^}]*\}|.", re.DOTALL)
_TELLING = 3
_COMMON = frozenset((
    "user", "recipient", "address", "account", "mailbox", "mail", "message", "host", "domain",
    "server", "system", "sender", "not ",
))  # fmt: skip
"""Words that stand in nearly every report, so that seeing them tells nothing."""


class AnyOf:
    """Phrases, each a regular expression, of which a text is to hold one."""

    def __init__(self, phrases: tuple[str, ...]) -> None:
        self._phrases = tuple(
            (_needed(phrase), re.compile("|".join(spread(phrase)))) for phrase in phrases
        )

    def is_in(self, text: str) -> bool:
        """Tell whether a text holds one of the phrases."""
        for words, pattern in self._phrases:
            for word in words:
                if word in text:
                    if pattern.search(text):
                        return True
                    break
        return False


def _needed(phrase: str) -> tuple[str, ...]:
    """Return the words that tell most of a phrase: every match holds one of them."""

    def says_little(words: tuple[str, ...]) -> tuple[bool, bool, int]:
        is_short = any(len(word) < _TELLING and word.isascii() for word in words)
        return is_short, not _COMMON.isdisjoint(words), len(words)

    return min(_pieces(phrase), key=says_little, default=("",))


def _pieces(phrase: str) -> Iterator[tuple[str, ...]]:
    """Yield what every match of a phrase holds: letters in a row, or one of several such rows."""
    at = 0
    while at < len(phrase):
        plain = _PLAIN.match(phrase, at)
        if plain:
            row, at = plain[0], plain.end()
            if phrase.startswith(_REPEATED, at):
                row = row[:-1]
            if row:
                yield (row,)
        elif phrase.startswith(_GROUP, at):
            end = at + _end_of_group(phrase[at:])
            if not phrase.startswith(_REPEATED, end + 1):
                choices = _choices(phrase[at + len(_GROUP) : end])
                yield tuple(word for choice in choices for word in _needed(choice))
            at = end + 1
        elif phrase[at] == "(":
            at += _end_of_group(phrase[at:]) + 1
        else:
            other = _OTHER.match(phrase, at)
            at = other.end() if other else len(phrase)


def spread(phrase: str) -> list[str]:
    """Return phrases that together match as one does, beginning with letters where possible."""
    if phrase.startswith(_BOUNDARY):
        return [_bounded(each) for each in spread(phrase.removeprefix(_BOUNDARY))]
    if not phrase.startswith(_GROUP):
        return [phrase]
    end = _end_of_group(phrase)
    rest = phrase[end + 1 :]
    if rest[:1] in ("*", "+", "{"):
        return [phrase]
    choices = _choices(phrase[len(_GROUP) : end])
    if rest[:1] == "?":
        rest = rest[1:]
        choices.append("")
    return [each for choice in choices for each in spread(choice + rest)]


def _bounded(phrase: str) -> str:
    """Return a phrase that is only found at the beginning of a word."""
    first = phrase[:1]
    return f"{first}(?<!\\w{first}){phrase[1:]}" if first.isalpha() else _BOUNDARY + phrase


def _end_of_group(phrase: str) -> int:
    """Return where the group at the start of a phrase ends."""
    depth = 0
    for at, char in _unescaped(phrase):
        depth += (char == "(") - (char == ")")
        if not depth:
            return at
    raise ValueError(phrase)


def _choices(inner: str) -> list[str]:
    """Split what stands in a group at the bars that belong to it."""
    found: list[str] = []
    depth = start = 0
    for at, char in _unescaped(inner):
        depth += (char in "([") - (char in ")]")
        if char == "|" and not depth:
            found.append(inner[start:at])
            start = at + 1
    return [*found, inner[start:]]


def _unescaped(text: str) -> list[tuple[int, str]]:
    """Return the characters of a pattern, without escaped ones, and where they stand."""
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        found.append((at, text[at]))
        at += 1
    return found
