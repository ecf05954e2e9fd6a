"""The built-in responder: answers with what the shop has written, or says that it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.answering.confidence import SURE, confidence
from helpdesk_tui.domain.answering.index import Fit, Index, Passage
from helpdesk_tui.domain.answering.lexicon import (
    Lexicon,
    Phrase,
    covered,
    guess_language,
    has_phrase,
    lexicon,
)
from helpdesk_tui.domain.answering.stems import stem, words_of
from helpdesk_tui.domain.answering.terms import Term, sentences_of
from helpdesk_tui.domain.languages import base_language, speaks

_SHOWN = 3
_SHORT = 10
"""Words of a message that is nothing but a greeting, a thank-you, a verdict."""
_WISH = 14
"""Words of a sentence that asks for a person."""
_ASIDE = 0.85
"""What is left of the confidence in a sentence beside one that asks."""
_ASKS = re.compile(
    r"(?:who|what|when|where|why|which|how|can|could|do|does|is|are|may|will|"
    r"czy|jak|kiedy|gdzie|ile|co|kto|dlaczego|hur|nar|var|vad|kan|far|finns|"
    r"como|quando|onde|qual|quanto|posso|por que)\b"
)


class Kind(StrEnum):
    """What a message of a customer is, and so what is done about it."""

    ANSWER = "answer"
    """A question with an answer that is sure enough."""
    UNKNOWN = "unknown"
    PERSON = "person"
    """The customer asks for a human being."""
    GREETING = "greeting"
    THANKS = "thanks"
    SOLVED = "solved"
    """The customer says that it helped."""
    UNSOLVED = "unsolved"
    """The customer says that it did not."""
    EMPTY = "empty"
    """Nothing that could be a question."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the responder makes of a message, and why."""

    kind: Kind
    language: str
    """Of the message: ``en``, ``pl``, ``sv`` or ``pt``."""
    confidence: float = 0.0
    passage: Passage | None = None
    """What it answers with, or would, were it sure enough."""
    fits: tuple[Fit, ...] = ()
    """The best ones, for those who want to know why."""
    terms: tuple[Term, ...] = ()
    """What the message was understood to speak of."""

    @property
    def answer(self) -> str:
        """The shop's own words; empty without an answer."""
        is_answer = self.kind is Kind.ANSWER and self.passage is not None
        return self.passage.answer if is_answer and self.passage else ""

    @property
    def source(self) -> str:
        """Where the answer stands, for people."""
        return self.passage.source if self.passage else ""


class Responder:
    """Answers from passages; it has no words of its own."""

    def __init__(self, passages: Iterable[Passage], *, sure: float = SURE) -> None:
        self._passages = tuple(passages)
        self._sure = sure
        self._indexes: dict[str, Index] = {}

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What it answers from."""
        return self._passages

    def ask(self, text: str, language: str = "en") -> Verdict:
        """Return what is made of a message.

        Args:
            text: What the customer wrote; hostile as ever, and nothing but words to look for.
            language: What the customer's browser speaks; the text itself may tell better.
        """
        words = words_of(text)
        spoken = guess_language(words, language)
        kind = self._manner(text, words, lexicon(spoken))
        if kind is not None:
            return Verdict(kind, spoken)
        index = self._index(spoken, language)
        sure, fits, terms = self._best(index, text, spoken)
        if not fits:
            kind = Kind.UNKNOWN if terms else Kind.EMPTY
            return Verdict(kind, spoken, terms=tuple(terms))
        kind = Kind.ANSWER if sure >= self._sure else Kind.UNKNOWN
        return Verdict(kind, spoken, sure, fits[0].passage, tuple(fits[:_SHOWN]), tuple(terms))

    def _manner(self, text: str, words: list[str], known: Lexicon) -> Kind | None:
        """Return what a message is that asks nothing of the shop, or None."""
        if not words:
            return Kind.EMPTY
        stems = [stem(word, known.language) for word in words]
        if _asks_for_person(text, known):
            return Kind.PERSON
        if len(words) > _SHORT:
            return None
        if has_phrase(stems, known.unsolved):
            return Kind.UNSOLVED
        if "?" not in text and has_phrase(stems, known.solved):
            return Kind.SOLVED
        if _is_only(words, stems, known.greeting, known):
            return Kind.GREETING
        if _is_only(words, stems, known.greeting + known.thanks, known):
            return Kind.THANKS
        return None

    def _index(self, spoken: str, language: str) -> Index:
        """Return everything once, each in the translation nearest to what the customer speaks."""
        wanted = language if base_language(language) == spoken else spoken
        if wanted not in self._indexes:
            best: dict[str, Passage] = {}
            for passage in self._passages:
                there = best.get(passage.id)
                if there is None or speaks(passage.language, wanted) > speaks(
                    there.language, wanted
                ):
                    best[passage.id] = passage
            self._indexes[wanted] = Index(best.values())
        return self._indexes[wanted]

    def _best(
        self, index: Index, text: str, language: str
    ) -> tuple[float, Sequence[Fit], Sequence[Term]]:
        """Return the surest answer to the whole message, or to a sentence of it."""
        whole = index.terms(text, language)
        fits = index.fits(whole)
        best = (confidence(fits), fits, whole)
        sentences = sentences_of(text)
        if len(sentences) < 2:
            return best
        asks = [_is_question(sentence) for sentence in sentences]
        for sentence, is_question in zip(sentences, asks, strict=True):
            terms = index.terms(sentence, language)
            fits = index.fits(terms)
            sure = confidence(fits) * (1.0 if is_question or not any(asks) else _ASIDE)
            if sure > best[0]:
                best = (sure, fits, terms)
        return best


def _asks_for_person(text: str, known: Lexicon) -> bool:
    for sentence in sentences_of(text) or [text]:
        words = words_of(sentence)
        if len(words) <= _WISH:
            stems = [stem(word, known.language) for word in words]
            if has_phrase(stems, known.person):
                return True
    return False


def _is_only(
    words: list[str], stems: list[str], phrases: tuple[Phrase, ...], known: Lexicon
) -> bool:
    """Tell whether a message is made of some phrases and of words that say nothing."""
    places = covered(stems, phrases)
    rest = (word for place, word in enumerate(words) if place not in places)
    return bool(places) and all(word in known.stop for word in rest)


def _is_question(sentence: str) -> bool:
    return sentence.endswith("?") or _ASKS.match(" ".join(words_of(sentence)[:3])) is not None
