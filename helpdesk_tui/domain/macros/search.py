"""Find a macro by a few typed letters: prefixes, parts, letters in order, one slip forgiven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk_tui.domain.text import fold

_WHOLE, _PREFIX, _PART, _LETTERS, _SLIP, _TEXT = 120, 100, 60, 30, 25, 10
_SLIP_FROM = 4
"""Letters a word needs before a slip is forgiven."""
_LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Findable:
    """What a macro is found by, made ready once: a picker asks again with every key."""

    words: tuple[str, ...]
    text: str = ""


def findable(name: str, text: str = "") -> Findable:
    """Return what a macro is found by: its name, and at little weight what else it holds."""
    return Findable(tuple(fold(name).split()), fold(text) if text else "")


def score(query: str, name: str, text: str = "") -> int:
    """Return how well a macro fits what was typed; 0 for not at all.

    Args:
        query: What was typed; nothing fits everything.
        name: The macro's name.
        text: What else of it may be found, at little weight.
    """
    return score_of(query, findable(name, text))


def score_of(query: str, macro: Findable) -> int:
    """Return how well a macro fits what was typed; 0 for not at all."""
    words = fold(query[:_LONGEST_QUERY]).split()
    name_words = macro.words
    scores = [_score_word(word, name_words, macro.text) for word in words]
    if not scores:
        return 1
    if 0 in scores:
        return 0
    starts = bool(name_words) and name_words[0].startswith(words[0])
    return sum(scores) + (_PREFIX // 4 if starts else 0)


def _score_word(word: str, names: Sequence[str], text: str) -> int:
    best = max((_against(word, name) for name in names), default=0)
    if not best and _in_order(word, "".join(name[0] for name in names)):
        best = _LETTERS
    return best or (_TEXT if word in text else 0)


def _against(word: str, name: str) -> int:
    if word == name:
        return _WHOLE
    if name.startswith(word):
        return _PREFIX
    if word in name:
        return _PART
    if len(word) > 1 and word[0] == name[0] and _in_order(word, name):
        return _LETTERS
    return _SLIP if len(word) >= _SLIP_FROM and _is_near(word, name) else 0


def _in_order(letters: str, name: str) -> bool:
    rest = iter(name)
    return len(letters) > 1 and all(letter in rest for letter in letters)


def _is_near(word: str, name: str) -> bool:
    """Tell whether a word is the beginning of a name but for one slip."""
    same = 0
    while same < min(len(word), len(name)) and word[same] == name[same]:
        same += 1
    rest, there = word[same:], name[same:]
    return (
        there.startswith(rest[1:])  # one letter too many
        or there[1:].startswith(rest)  # one missing
        or there[1:].startswith(rest[1:])  # one wrong
        or (len(there) > 1 and rest[:2] == there[1::-1] and there[2:].startswith(rest[2:]))
    )
