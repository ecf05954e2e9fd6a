"""A text as what it speaks of: concepts of the lexicon, and other words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from helpdesk_tui.domain.answering.lexicon import GAP, RELATED, Lexicon, match_at
from helpdesk_tui.domain.answering.stems import stem, words_of

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_SHORTEST_SENTENCE = 2
_LONGEST_TYPO = 24
_MOST_SENTENCES = 12
_SAYS = 5
"""Letters from which on a word is not taken for one that says nothing."""
_LONG = 8
"""Letters from which on a word may be misspelled twice."""
_ACTIONS = frozenset(
    (
        "RETURN", "REFUND", "EXCHANGE", "DAMAGED", "WRONG", "PARTIAL", "CANCEL", "CHANGE",
        "DELETE", "TRACK", "WASH", "WRAP", "COLLECT", "UNSUBSCRIBE", "REPAIR", "LATE",
        "DECLINED", "TWICE", "FAULT", "CHARGE", "PREORDER", "INSTALMENTS", "MATCH",
        "LOGIN", "CUSTOM", "RENT", "INSTALL", "JOB", "REVIEW", "ADVICE", "DATA", "SAFETY",
        "COLLEAGUE", "WARRANTY", "USED", "MANUAL", "SPARE",
    )
)  # fmt: skip
"""What is done or went wrong: an entry about another action is no answer."""
_STRANGE = frozenset(
    (
        "REPAIR", "RENT", "INSTALL", "JOB", "REVIEW", "ADVICE", "DATA", "SAFETY",
        "COLLEAGUE", "CUSTOM", "MATCH", "CANCEL", "DELETE", "UNSUBSCRIBE", "ELSEWHERE",
        "DELIVERED", "INSURANCE", "PET", "SAMPLE", "HOLIDAY", "ORIGIN", "APP", "WEATHER",
        "LANGUAGE",
    )
)  # fmt: skip
"""What leads away from everything that does not speak of it."""
_BESIDE = frozenset(
    (
        "RETURN", "REFUND", "EXCHANGE", "TRACK", "WASH", "WRAP", "COLLECT", "SUBSCRIBE", "PREORDER",
        "LOGIN", "INSTALMENTS", "DAMAGED", "WARRANTY", "STOCK", "PAY", "METHOD",
    )
)  # fmt: skip
"""What leads away a little: a question that speaks of it may want that most of all."""
_GENERAL = {"ITEM": 0.2, "ORDER": 0.5, "ONLINE": 0.5, "WHERE": 0.5, "LARGE": 0.7}
"""What nearly everything in a shop speaks of, with what is left of its weight."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a text speaks of."""

    keys: frozenset[str]
    """Concepts in capitals, else the stem of a word; several where a word may mean several."""
    said: str
    """As it was written, for people."""
    is_concept: bool
    is_guess: bool = False
    """A word that seems to be misspelled was taken for another."""


def likeness(one: Term, other: Term) -> float:
    """Return how far two terms speak of the same: 1 the same, 0 not at all."""
    if one.keys & other.keys:
        return 1.0
    if not (one.is_concept and other.is_concept):
        return 0.0
    return max(
        (RELATED.get(frozenset((a, b)), 0.0) for a in one.keys for b in other.keys), default=0.0
    )


def is_action(term: Term) -> bool:
    """Tell whether a term says what is done or went wrong, not what with."""
    return term.is_concept and term.keys <= _ACTIONS


def strangeness(term: Term) -> float:
    """Return what is left of a text for a question with this term, if it says nothing of it."""
    if not term.is_concept:
        return 1.0
    if term.keys <= _STRANGE:
        return 0.5
    return 0.8 if term.keys <= _BESIDE else 1.0


def generality(term: Term) -> float:
    """Return what is left of a term's weight: less where nearly everything speaks of it."""
    return min((_GENERAL.get(key, 1.0) for key in term.keys), default=1.0)


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text."""
    found = [each.strip() for each in _SENTENCE.split(text)]
    return [each for each in found if len(each) >= _SHORTEST_SENTENCE][:_MOST_SENTENCES]


class Speller:
    """Knows words and finds the one that a misspelled word was meant to be."""

    def __init__(self, words: Iterable[str]) -> None:
        self._known = frozenset(words)
        self._by_start: dict[tuple[str, int], list[str]] = {}
        for word in sorted(self._known):
            self._by_start.setdefault((word[:1], len(word)), []).append(word)

    def corrected(self, word: str) -> str:
        """Return a word as it is known, or as it stands."""
        if word in self._known or not 4 <= len(word) <= _LONGEST_TYPO or not word.isalpha():
            return word
        most = 2 if len(word) >= _LONG else 1
        best, found = most + 1, word
        for length in range(len(word) - most, len(word) + most + 1):
            for known in self._by_start.get((word[0], length), ()):
                distance = _distance(word, known, best)
                if distance < best and _is_plausible(word, known):
                    best, found = distance, known
        return found


def _is_plausible(word: str, known: str) -> bool:
    """Tell whether letters of short words were dropped, doubled or swapped, not other ones."""
    if len(word) == len(known) < _LONG and word[:-1] == known[:-1]:
        # another ending makes another word, not a misspelled one
        return False
    if len(word) >= 6 and len(known) >= 6:
        return True
    return sorted(word) == sorted(known) or (abs(len(word) - len(known)) == 1 and len(word) >= 5)


def _distance(one: str, other: str, most: int) -> int:
    """Return how many letters were added, dropped, changed or swapped; ``most`` is enough."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) >= most:
            return most
    return row[-1]


def terms_of(text: str, lexicon: Lexicon, speller: Speller | None = None) -> list[Term]:
    """Return what a text speaks of, in its order; what says nothing is left out."""
    words = words_of(text)
    fixed = [_fixed(word, lexicon, speller) for word in words]
    stems = [stem(word, lexicon.language) for word in fixed]
    spans = _concepts(stems, lexicon)
    taken = {place for places in spans for place in places}
    found: list[tuple[int, Term]] = []
    for places, keys in spans.items():
        said = " ".join(words[place] for place in places)
        is_guess = any(words[place] != fixed[place] for place in places)
        found.append((places[0], Term(keys, said, True, is_guess)))
    for place, word in enumerate(fixed):
        if place not in taken and word not in lexicon.stop and _says(word):
            term = Term(frozenset({stems[place]}), words[place], False, words[place] != word)
            found.append((place, term))
    found.sort(key=lambda pair: pair[0])
    unique: dict[frozenset[str], Term] = {}
    for _, term in found:
        unique.setdefault(term.keys, term)
    return list(unique.values())


def _fixed(word: str, lexicon: Lexicon, speller: Speller | None) -> str:
    if speller is None or word in lexicon.stop or stem(word, lexicon.language) in lexicon.stems:
        return word
    found = speller.corrected(word)
    # a word that says something is rather unknown than nothing: "quiet" is not meant to be "quite"
    return word if found in lexicon.stop and len(word) >= _SAYS else found


def _says(word: str) -> bool:
    """Tell whether a word says something by itself: numbers and single letters do not."""
    return len(word) > 1 and not any(char.isdigit() for char in word)


def _concepts(stems: list[str], lexicon: Lexicon) -> Mapping[tuple[int, ...], frozenset[str]]:
    """Return the places of phrases with what they mean; of those that overlap the longest."""
    found: dict[tuple[int, ...], set[str]] = {}
    for at, one in enumerate(stems):
        for phrase in lexicon.phrases.get(one, ()):
            places = match_at(stems, at, phrase)
            if places is not None:
                found.setdefault(places, set()).add(phrase.concept.upper())
    kept: dict[tuple[int, ...], frozenset[str]] = {}
    taken: set[int] = set()
    for places in sorted(found, key=lambda each: (-len(each), each)):
        if taken.isdisjoint(places):
            kept[places] = frozenset(found[places])
            taken.update(places)
    return kept


def spelled(lexicon: Lexicon, texts: Iterable[str]) -> Speller:
    """Return a speller that knows the words of a lexicon and of some texts."""
    words = {word for text in texts for word in words_of(text)}
    return Speller(words | lexicon.tells | {one for one in lexicon.stems if one != GAP})
