"""Many phrases as one pattern that is quick to search for.

The regular expression engine skips ahead to the letters that a match can begin with, but only
where every alternative begins with a plain letter. So groups at the start of a phrase are spread
out into phrases of their own, and a word boundary there moves behind the first letter.
"""

from __future__ import annotations

import re

_BOUNDARY = r"\b"
_GROUP = "(?:"


def any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that finds the first of some phrases, each a regular expression."""
    return re.compile("|".join([each for phrase in phrases for each in _spread(phrase)]))


def _spread(phrase: str) -> list[str]:
    """Return phrases that together match as one does, beginning with letters where possible."""
    if phrase.startswith(_BOUNDARY):
        return [_bounded(each) for each in _spread(phrase.removeprefix(_BOUNDARY))]
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
    return [each for choice in choices for each in _spread(choice + rest)]


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
