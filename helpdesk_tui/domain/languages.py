"""Languages by their tags (BCP 47), and those that customers are spoken to in by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

TAGS = ("en", "pl", "sv", "pt-BR")
"""What texts for customers stand in; the first one is for everybody else."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


def is_language(value: str) -> bool:
    """Tell whether a text has the form of a language tag (BCP 47, the common part of it)."""
    return _TAG.fullmatch(value) is not None


def plain(tag: str) -> str:
    """Return a tag in one spelling: ``pt_BR`` and ``PT-br`` are ``pt-br``."""
    return tag.replace("_", "-").lower()


def primary(tag: str) -> str:
    """Return the language of a tag without script and region: ``pt`` of ``pt-BR``."""
    return plain(tag).partition("-")[0]


LANGUAGES = tuple(primary(tag) for tag in TAGS)
"""The same without regions, as texts are kept: the Portuguese one is Brazilian."""


def base_language(tag: str) -> str:
    """Return the language that texts for the owner of a tag stand in."""
    found = primary(tag)
    return found if found in LANGUAGES else LANGUAGES[0]


_MARK = re.compile(r"^\[([a-z]{2}(?:[-_][a-z]{2})?)\][ \t]*", re.MULTILINE | re.IGNORECASE)
_SPOKEN = frozenset(
    ["ar", "bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ga", "he",
     "hi", "hr", "hu", "id", "is", "it", "ja", "ko", "lt", "lv", "mk", "ms", "mt", "nb", "nl", "nn",
     "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "th", "tr", "uk", "ur", "vi", "zh"]
)  # fmt: skip
"""Languages that a text can be marked with: other words in brackets are words."""


def in_language(text: str, tag: str) -> str:
    """Return the part of a text that is for the owner of a tag.

    A line that begins with a mark such as ``[pl]`` begins what is for readers of Polish; what
    stands before the first mark is for everybody else.
    """
    found, best = "", 0
    for language, part in _parts(text):
        fits = speaks(language, tag)
        if not language or fits > best:
            found, best = part, fits if language else 0
    return found


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield (language, text); the first one has no language."""
    start, language = 0, ""
    for mark in _MARK.finditer(text):
        if primary(mark[1]) in _SPOKEN:
            yield language, text[start : mark.start()].strip()
            start, language = mark.end(), mark[1]
    yield language, text[start:].strip()


def speaks(language: str, wanted: str) -> int:
    """Return how well a language serves a reader of another: 2 the same, 1 its cousin, 0 not."""
    if plain(language) == plain(wanted):
        return 2
    return int(primary(language) == primary(wanted))
