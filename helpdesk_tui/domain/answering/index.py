"""What there is to answer from, and how well each part of it fits a question."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from helpdesk_tui.domain.answering.lexicon import RELATED, lexicon
from helpdesk_tui.domain.answering.terms import (
    Speller,
    Term,
    generality,
    is_action,
    likeness,
    spelled,
    strangeness,
    terms_of,
)
from helpdesk_tui.domain.languages import base_language
from helpdesk_tui.domain.text import fold

_CONCEPT = 0.5, 0.5
"""Least weight of a concept of shops, and how much its rarity adds."""
_PLAIN = 0.2, 0.5
"""The same for another word that entries ask about."""
_UNKNOWN = 0.34
"""Weight of a word that no entry asks about: a name of a product, an adjective."""
_UNMET = 0.5
"""What is left of a share where an action is on one side alone."""
_GUESS = 0.8
_UNASKED = 0.5
"""How far an ordinary word of an entry counts that nobody asked for; a concept counts whole."""
_OTHER = 0.85
"""What is left where both sides name a thing that the other does not."""
_ITEM = "ITEM"
_SLOT = 0.6
_MOST_TERMS = 40
"""Terms of a question that are looked at: whoever writes a novel asks in one of its sentences."""
_ANSWER = 0.55
_CATEGORY = 0.5
_BODY = 0.8
_NUMBER = r"(?:\d{1,4}|one|two|three|four|five|seven|ten|dwa|trzy|tva|tre|dois|tres|um|uma)"
_SPAN = re.compile(
    rf"\b{_NUMBER} (?:\w{{1,12}} )?(?:minut|hour|day|week|month|year|godzin|dni|dzien|tygod|miesi|"
    r"lat|timm|dag|veck|manad|ar\b|hora|dia|semana|mes|ano)"
)
_MONEY = re.compile(
    r"\d ?(?:euro?|usd|gbp|pln|zl|kr|sek|reais)\b|[€$£] ?\d|\d ?[€$£]|\b(?:free of charge|"
    r"for free|is free|are free|gratis|za darmo|bezplatn|gratuit)"
)
_OR = re.compile(r"\b(\w+) (?:or|lub|albo|eller|ou) (\w+)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passage:
    """Something the shop has written."""

    id: str
    """``faq:KEY`` or ``file:NAME#HEADING``."""
    source: str
    """Its name for people."""
    language: str
    question: str
    """What it answers: the question of an entry, the heading of a passage."""
    answer: str
    category: str = ""
    words: str = ""
    """Further phrasings, one in a line."""
    is_entry: bool = True
    """An entry of the FAQ; else a part of a longer text, which may answer anywhere in it."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a passage fits a question."""

    passage: Passage
    asked: float
    """Share of what was asked that the passage speaks of."""
    meant: float
    """Share of what the passage is about that was asked for."""
    mass: float
    """How much of weight they share."""
    pairs: float
    """Share of neighbours in the question that are neighbours there, too."""
    shared: tuple[str, ...]
    lacking: tuple[str, ...]
    """What was asked and does not stand there, as it was written."""

    @property
    def rank(self) -> float:
        """What passages are put in order by."""
        return float(self.asked**0.8 * self.meant**0.7 * (1 + 0.15 * self.pairs))


class _Indexed:
    """A passage with its terms."""

    def __init__(self, passage: Passage) -> None:
        words = lexicon(base_language(passage.language))
        self.passage = passage
        lines = [
            each
            for line in (passage.question, *passage.words.split("\n"))
            for each in _either(line)
        ]
        self.phrasings = [found for line in lines if (found := terms_of(line, words))]
        self.category = terms_of(passage.category, words)
        self.answer = [*terms_of(passage.answer, words), *_told(passage.answer)]
        self.main = frozenset(
            key for terms in self.phrasings for term in terms for key in term.keys
        )
        self.keys = self.main | {
            key for term in (*self.category, *self.answer) for key in term.keys
        }
        self.near = _with_related(self.keys)


def _with_related(keys: Iterable[str]) -> frozenset[str]:
    """Return all keys that some keys have something to do with: others need no closer look."""
    found = set(keys)
    return frozenset(found.union(*(pair for pair in RELATED if not pair.isdisjoint(found))))


def _told(answer: str) -> list[Term]:
    """Return what an answer tells without naming it: how long something takes, what it costs."""
    folded = fold(answer)
    found = (("PERIOD", _SPAN), ("COST", _MONEY))
    return [Term(frozenset({key}), key, True) for key, shape in found if shape.search(folded)]


def _either(line: str) -> list[str]:
    """Return a line that names two things as two lines: "add or remove" is asked for by either."""
    found = _OR.search(line)
    if found is None:
        return [line]
    before, after = line[: found.start()], line[found.end() :]
    return [f"{before}{found[1]}{after}", f"{before}{found[2]}{after}"]


class Index:
    """Passages that can be asked; making one costs about a millisecond for each."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._rows = [_Indexed(passage) for passage in passages]
        self._main: dict[str, int] = {}
        self._any: set[str] = set()
        for row in self._rows:
            self._any |= row.keys
            for key in row.main:
                self._main[key] = self._main.get(key, 0) + 1
        self._spellers: dict[str, Speller] = {}

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Everything in it."""
        return tuple(row.passage for row in self._rows)

    def _rarity(self, key: str) -> float:
        """Return how rare a key is among the entries: 1 in none, near 0 in all."""
        count, rows = self._main.get(key, 0), len(self._rows)
        most = math.log(1 + (rows + 0.5) / 0.5)
        return math.log(1 + (rows - count + 0.5) / (count + 0.5)) / most

    def terms(self, text: str, language: str) -> list[Term]:
        """Return what a question speaks of, with misspelled words set right."""
        if language not in self._spellers:
            texts = [f"{each.question} {each.words} {each.answer}" for each in self.passages
                     if base_language(each.language) == language]  # fmt: skip
            self._spellers[language] = spelled(lexicon(language), texts)
        return terms_of(text, lexicon(language), self._spellers[language])[:_MOST_TERMS]

    def weight(self, term: Term) -> float:
        """Return how much a term says."""
        if not term.is_concept and not any(key in self._main for key in term.keys):
            return _UNKNOWN
        least, more = _CONCEPT if term.is_concept else _PLAIN
        found = least + more * min(self._rarity(key) for key in term.keys)
        found *= generality(term)
        return found * (_GUESS if term.is_guess else 1.0)

    def fits(self, terms: Sequence[Term]) -> list[Fit]:
        """Return how well the passages fit, the best first; those without any hit are left out."""
        weights = [(term, self.weight(term)) for term in terms]
        near = _with_related(key for term in terms for key in term.keys)
        found = (self._fit(row, weights, near) for row in self._rows)
        return sorted(
            (fit for fit in found if fit is not None), key=lambda fit: (-fit.rank, fit.passage.id)
        )

    def _fit(
        self, row: _Indexed, weights: Sequence[tuple[Term, float]], near: frozenset[str]
    ) -> Fit | None:
        if near.isdisjoint(row.keys) and _ITEM not in row.main:
            return None
        values = [(term, weight, _value(term, row)) for term, weight in weights]
        values = self._filled(values, row)
        mass = sum(weight * value for _, weight, value in values)
        if not mass:
            return None
        total = sum(weight for _, weight in weights)
        terms = [term for term, _ in weights]
        left = min((strangeness(term) for term, _, value in values if value < 0.4), default=1.0)
        is_other = any(not each.is_concept and each.keys.isdisjoint(row.keys) for each in terms)
        meant = max(
            (self._meant(phrasing, terms, near, is_other=is_other) for phrasing in row.phrasings),
            default=0.0,
        )
        if not row.passage.is_entry:
            meant = max(meant, _BODY * mass / total)
        return Fit(
            row.passage,
            asked=mass / total * left,
            meant=meant,
            mass=mass,
            pairs=max((_pairs(phrasing, terms) for phrasing in row.phrasings), default=0.0),
            shared=tuple(term.said for term, _, value in values if value >= 0.5),
            lacking=tuple(term.said for term, _, value in values if value < 0.5),
        )

    def _filled(
        self, values: list[tuple[Term, float, float]], row: _Indexed
    ) -> list[tuple[Term, float, float]]:
        """Let the only unknown word be the item that an entry speaks of: "return the chair"."""
        places = [at for at, each in enumerate(values) if each[1] == _UNKNOWN and not each[2]]
        if _ITEM not in row.main or len(places) != 1:
            return values
        at = places[0]
        return [*values[:at], (*values[at][:2], _SLOT), *values[at + 1 :]]

    def _meant(
        self, phrasing: Sequence[Term], terms: Sequence[Term], near: frozenset[str], *,
        is_other: bool,
    ) -> float:  # fmt: skip
        rows = [
            (
                term,
                self.weight(term),
                0.0
                if near.isdisjoint(term.keys)
                else max(likeness(term, asked) for asked in terms),
            )
            for term in phrasing
        ]
        found = sum(weight * value for _, weight, value in rows)
        lacking = sum(
            weight * (1 - value) * (1.0 if term.is_concept else _UNASKED)
            for term, weight, value in rows
        )
        found /= found + lacking
        if is_other and any(not term.is_concept and value < 0.5 for term, _, value in rows):
            found *= _OTHER
        met = [value >= 0.5 for term, _, value in rows if is_action(term)]
        return found * (_UNMET if met and not any(met) else 1.0)


def _value(term: Term, row: _Indexed) -> float:
    if row.near.isdisjoint(term.keys):
        return 0.0
    best = max(
        (likeness(term, other) for phrasing in row.phrasings for other in phrasing), default=0.0
    )
    if best < _ANSWER:
        in_answer = _ANSWER if row.passage.is_entry else _BODY
        best = max(best, *(in_answer for other in row.answer if term.keys & other.keys), 0.0)
    if best < _CATEGORY:
        best = max(best, *(_CATEGORY for other in row.category if term.keys & other.keys), 0.0)
    return best


def _pairs(phrasing: Sequence[Term], terms: Sequence[Term]) -> float:
    if len(terms) < 2 or len(phrasing) < 2:
        return 0.0
    there = [(a.keys, b.keys) for a, b in pairwise(phrasing)]
    keys = {key for term in phrasing for key in term.keys}
    asked = [(a, b, keys.isdisjoint(a.keys)) for a, b in pairwise(terms)]
    hits = sum(
        any(a.keys & x and b.keys & y for x, y in there) for a, b, is_other in asked if not is_other
    )
    return hits / len(asked)
