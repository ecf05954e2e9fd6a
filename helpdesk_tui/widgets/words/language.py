"""The language of the interface: every sentence goes through here, English where none is set.

``_("text")`` translates; ``N_("text")`` only marks the texts of tables, which are made before the
language is known and pass ``_()`` where they are drawn. Texts with values are translated first
and filled afterwards: ``_("#{id} is closed").format(id=7)``. A single word that stands for two
things in another language has a context: ``pgettext("status", "open")``.

English is what stands in the code: it needs no catalogue, and speaking it loads nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

if TYPE_CHECKING:
    from gettext import NullTranslations

Text = TypeVar("Text")
Marked = Annotated[Text, "texts"]
"""The type of a table whose texts are marked as ``N_()`` marks them."""
MarkedKeys = Annotated[Text, "key"]
"""The type of a table of words beside keys; they are drawn by ``pgettext("key", …)``."""

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "pl": "Polski",
    "sv": "Svenska",
    "pt_BR": "Português (Brasil)",
}
"""Every language of the interface, and what it calls itself."""

DOMAIN = "helpdesk"
CATALOGUES = Path(__file__).resolve().parents[2] / "locale"
"""The folder of the catalogues: ``pl/LC_MESSAGES/helpdesk.po`` and what is compiled of it."""

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(slots=True)
class _Speech:
    """The catalogue in use; a process speaks one language at a time."""

    usual: str = ENGLISH
    """What is spoken where nobody chose: the configuration's or the environment's language."""
    language: str = ENGLISH
    catalogue: NullTranslations | None = None
    """None for English."""


_SPEECH = _Speech()


def known(name: str) -> str:
    """Return the language of the interface that a name means, or nothing.

    Args:
        name: such as ``pl``, ``pt_BR.UTF-8``, ``pt`` or ``sv-SE``.
    """
    plain = name.partition(".")[0].partition("@")[0].replace("-", "_").lower()
    for language in LANGUAGES:
        if plain == language.lower():
            return language
    short = plain.partition("_")[0]
    return next((each for each in LANGUAGES if short == each.partition("_")[0]), "")


def of_environment(environ: Mapping[str, str] = os.environ) -> str:
    """Return the language the environment asks for; English where it asks for none we have."""
    for variable in _VARIABLES:
        value = environ.get(variable, "")
        if value:
            # the first that is set decides, whether we have its language or not
            return known(value) or ENGLISH
    return ENGLISH


def begin(language: str) -> None:
    """Speak the language of the configuration, or where it names none that of the environment."""
    _SPEECH.usual = known(language) or of_environment()
    speak("")


def speak(language: str) -> None:
    """Change the language of the interface; an unknown one is English.

    Args:
        language: such as ``pl``; empty: the one the program began with.
    """
    chosen = (known(language) or ENGLISH) if language else _SPEECH.usual
    if chosen == _SPEECH.language:
        return
    catalogue = None
    if chosen != ENGLISH:
        from gettext import translation

        catalogue = translation(DOMAIN, CATALOGUES, [chosen], fallback=True)
    _SPEECH.language, _SPEECH.catalogue = chosen, catalogue


def spoken() -> str:
    """Return the language in use."""
    return _SPEECH.language


def _(text: str) -> str:
    """Return a text in the language of the interface."""
    # the empty text is the head of the catalogue
    return _SPEECH.catalogue.gettext(text) if _SPEECH.catalogue is not None and text else text


def pgettext(context: str, text: str) -> str:
    """Return a text that has another meaning elsewhere; the context says which is meant."""
    if _SPEECH.catalogue is None or not text:
        return text
    return _SPEECH.catalogue.pgettext(context, text)


def N_(text: Text, *, context: str = "") -> Text:
    """Mark a text, or all texts of a table, for translation where they are drawn later.

    Args:
        text: a text, or a mapping or sequence: its keys are left out.
        context: what ``pgettext`` is called with where they are drawn.
    """
    return text


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a text that fits a number."""
    if _SPEECH.catalogue is None:
        return one if count == 1 else many
    return _SPEECH.catalogue.ngettext(one, many, count)
