"""Languages by their tags (BCP 47), and those that customers are spoken to in by themselves."""

from __future__ import annotations

TAGS = ("en", "pl", "sv", "pt-BR")
"""What texts for customers stand in; the first one is for everybody else."""


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


def speaks(language: str, wanted: str) -> int:
    """Return how well a language serves a reader of another: 2 the same, 1 its cousin, 0 not."""
    if plain(language) == plain(wanted):
        return 2
    return int(primary(language) == primary(wanted))
