"""The FAQ: published questions with their answers, in one or more languages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.languages import is_language
from helpdesk_tui.domain.text import clean, clean_lines, fold

LONGEST_QUESTION = 300
LONGEST_ANSWER = 4_000
"""Less than one message of a chat carries: the responder says it with its source."""
LONGEST_CATEGORY = 60
LONGEST_WORDS = 2_000

_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
_LONGEST_MADE = 48


@dataclass(frozen=True, slots=True)
class FaqDraft:
    """A question with its answer in one language, as somebody wrote it."""

    language: str
    question: str
    answer: str
    key: str = ""
    """Shared by its translations; empty: made of the question."""
    category: str = ""
    words: str = ""
    """Further words and phrasings that it is found by, one in a line; never shown."""
    published: bool = False


@dataclass(frozen=True, slots=True)
class FaqItem:
    """An entry as it is kept."""

    id: int
    key: str
    language: str
    question: str
    answer: str
    category: str
    words: str
    position: int
    """Its place among those of its language, from 0."""
    published: bool
    helped: int
    """Visitors who said that it helped."""
    failed: int
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def draft(self) -> FaqDraft:
        """The entry as somebody would write it."""
        return FaqDraft(
            self.language, self.question, self.answer, self.key, self.category, self.words,
            self.published,
        )  # fmt: skip


def language_tag(language: str) -> str:
    """Return a language tag in its usual form: ``en``, ``pt-BR``.

    Raises:
        UsageError: ``faq.bad-language``.
    """
    if not is_language(language):
        raise UsageError("faq.bad-language", language=clean(language))
    first, *rest = language.replace("_", "-").split("-")
    parts = [part.upper() if len(part) == 2 else part.title() for part in rest]
    return "-".join([first.lower(), *parts])


def key_of(question: str, taken: frozenset[str] = frozenset()) -> str:
    """Return a key for a question that is not among those taken."""
    words = _NOT_IN_KEY.sub("-", fold(question)).strip("-")
    base = words[:_LONGEST_MADE].rstrip("-")
    if len(words) > _LONGEST_MADE and "-" in base:
        base = base.rpartition("-")[0]
    base = base or "question"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    return found


def checked(draft: FaqDraft) -> FaqDraft:
    """Return a draft as it is kept: one harmless line or lines, the usual form of its language.

    Raises:
        UsageError: ``faq.bad-key``, ``faq.bad-language``, ``faq.empty`` or ``faq.too-long``.
    """
    key = draft.key.strip().lower()
    if key and not _KEY.fullmatch(key):
        raise UsageError("faq.bad-key", key=clean(draft.key))
    found = replace(
        draft,
        key=key,
        language=language_tag(draft.language.strip()),
        question=_line(draft.question),
        answer=_lines(draft.answer),
        category=_line(draft.category),
        words=_lines(draft.words),
    )
    for name, text in (("question", found.question), ("answer", found.answer)):
        if not text:
            raise UsageError("faq.empty", name=name)
    for name, text, limit in (
        ("question", found.question, LONGEST_QUESTION),
        ("answer", found.answer, LONGEST_ANSWER),
        ("category", found.category, LONGEST_CATEGORY),
        ("words", found.words, LONGEST_WORDS),
    ):
        if len(text) > limit:
            raise UsageError("faq.too-long", name=name, limit=limit)
    return found


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _lines(text: str) -> str:
    lines = [line.rstrip() for line in clean_lines(text).split("\n")]
    return "\n".join(lines).strip("\n")
