"""What the words of a language mean to a shop: concepts, their phrases, words that say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from helpdesk_tui.domain.answering import words_en, words_pl, words_pt, words_sv
from helpdesk_tui.domain.answering.stems import stem, words_of
from helpdesk_tui.domain.languages import LANGUAGES, base_language

GAP = "*"
_WIDEST_GAP = 3
_SHORTEST_LOAN = 5
"""Letters of English words that are understood in other languages, too."""
_MODULES: Mapping[str, ModuleType] = {
    "en": words_en, "pl": words_pl, "sv": words_sv, "pt": words_pt
}  # fmt: skip

RELATED: Mapping[frozenset[str], float] = {
    frozenset(pair.upper().split()): weight
    for weight, pairs in (
        (0.6, "delivery parcel; late missing; discount code; discount sale; declined fault;"
              " cost price; login password; unsubscribe newsletter; track late; exchange wrong"),
        (0.5, "pay method; parcel order;"
            " login account; charge pay; card method; track where; pickup"
              " collect; newsletter email; subscribe newsletter; carrier delivery; guest"
              " account; stairs large; hours store"),
        (0.4, "return refund; store collect; warranty damaged; giftcard code; status track;"
              " status return; discount price; match discount; partial missing; spare damaged"),
        (0.3, "delivery order; item order; return exchange; label return; size exchange; wash"
              " material; cancel return; country delivery; address delivery; wrap gift; period"
              " express; print label; contact email; sustainable material; preorder stock; twice"
              " charge"),
    )
    for pair in pairs.split(";")
}  # fmt: skip
"""Concepts that are not the same and yet speak of one thing, with how far they do."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Stems in a row that stand for a concept."""

    stems: tuple[str, ...]
    concept: str

    @property
    def weight(self) -> int:
        """How many words it has; the longest one wins."""
        return sum(each != GAP for each in self.stems)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The compiled words of one language."""

    language: str
    stop: frozenset[str]
    phrases: Mapping[str, tuple[Phrase, ...]]
    """By first stem, the longest first."""
    stems: frozenset[str]
    """Every stem that stands in a phrase."""
    tells: frozenset[str]
    """Words that tell the language."""
    person: tuple[Phrase, ...]
    greeting: tuple[Phrase, ...]
    thanks: tuple[Phrase, ...]
    solved: tuple[Phrase, ...]
    unsolved: tuple[Phrase, ...]


@cache
def lexicon(language: str) -> Lexicon:
    """Return the words of a language."""
    module = _MODULES[language]
    found = [*_phrases(module.CONCEPTS, language)]
    if language != "en":
        loans = _phrases(words_en.CONCEPTS, language)
        found += [each for each in loans if all(len(one) >= _SHORTEST_LOAN for one in each.stems)]
    by_first: dict[str, list[Phrase]] = {}
    for phrase in dict.fromkeys(found):
        by_first.setdefault(phrase.stems[0], []).append(phrase)
    stop = frozenset(words_of(module.STOP))
    said = {word for written in module.CONCEPTS.values() for word in words_of(written)}
    return Lexicon(
        language,
        stop,
        {
            first: tuple(sorted(phrases, key=lambda each: -each.weight))
            for first, phrases in by_first.items()
        },
        frozenset(one for each in found for one in each.stems if one != GAP),
        stop | said,
        *(
            tuple(_phrases({"": getattr(module, name)}, language))
            for name in ("PERSON", "GREETING", "THANKS", "SOLVED", "UNSOLVED")
        ),
    )


def _phrases(concepts: Mapping[str, str], language: str) -> Iterator[Phrase]:
    for concept, written in concepts.items():
        for phrase in written.split(";"):
            stems = tuple(
                one
                for part in phrase.split()
                for one in ([GAP] if part == GAP else [stem(w, language) for w in words_of(part)])
            )
            if stems:
                yield Phrase(stems, concept)


def match_at(stems: list[str], at: int, phrase: Phrase) -> tuple[int, ...] | None:
    """Return the places at which a phrase stands in stems from a place on, or None."""
    places: list[int] = []
    place = at
    for index, wanted in enumerate(phrase.stems):
        if wanted == GAP:
            continue
        gap = _WIDEST_GAP if index and phrase.stems[index - 1] == GAP else 0
        found = next(
            (
                each
                for each in range(place, min(place + gap + 1, len(stems)))
                if stems[each] == wanted
            ),
            None,
        )
        if found is None:
            return None
        places.append(found)
        place = found + 1
    return tuple(places)


def has_phrase(stems: list[str], phrases: tuple[Phrase, ...]) -> bool:
    """Tell whether any of some phrases stands in stems."""
    return any(match_at(stems, at, each) for each in phrases for at in range(len(stems)))


def covered(stems: list[str], phrases: tuple[Phrase, ...]) -> set[int]:
    """Return the places of stems that phrases cover."""
    found: set[int] = set()
    for phrase in phrases:
        for at in range(len(stems)):
            found.update(match_at(stems, at, phrase) or ())
    return found


def guess_language(words: list[str], hint: str) -> str:
    """Return the language that words are in: the hinted one unless another knows clearly more."""
    hinted = base_language(hint)
    counts = {each: sum(word in lexicon(each).tells for word in words) for each in LANGUAGES}
    best = max(LANGUAGES, key=lambda each: (counts[each], each == hinted))
    return best if counts[best] > counts[hinted] + 1 else hinted
