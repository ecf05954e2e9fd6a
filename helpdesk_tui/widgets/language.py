"""The language of the interface: every sentence goes through here, English where none is set.

``_("text")`` translates; ``N_("text")`` only marks the texts of tables, which are made before the
language is known and pass ``_()`` where they are drawn. Texts with values are translated first
and filled afterwards: ``_("#{id} is closed").format(id=7)``.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass, field

_DOMAIN = "helpdesk"


@dataclass(slots=True)
class _Speech:
    """The catalogue in use; a process speaks one language at a time."""

    language: str = "en"
    catalogue: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)


_SPEECH = _Speech()


def _(text: str) -> str:
    """Return a text in the language of the interface."""
    return _SPEECH.catalogue.gettext(text)


def N_(text: str) -> str:
    """Mark a text for translation where it is drawn later."""
    return text


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a text that fits a number."""
    return _SPEECH.catalogue.ngettext(one, many, count)
