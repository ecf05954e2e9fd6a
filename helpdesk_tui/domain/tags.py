"""Names of tags."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean

MAX_TAG = 50


def tag_name(text: str) -> str:
    """Return a tag name as it is stored: lower case, one word.

    Raises:
        UsageError: ``tag.invalid`` for nothing, commas, control characters or too long a name.
    """
    name = "-".join(unicodedata.normalize("NFC", text).strip().removeprefix("#").casefold().split())
    if not name or len(name) > MAX_TAG or "," in name or clean(name) != name:
        raise UsageError("tag.invalid", name=clean(text), longest=MAX_TAG)
    return name


def tag_names(texts: Iterable[str]) -> tuple[str, ...]:
    """Return tag names as they are stored, each once, sorted.

    Raises:
        UsageError: ``tag.invalid``, or ``tag.none`` where none is given.
    """
    names = tuple(sorted({tag_name(text) for text in texts}))
    if not names:
        raise UsageError("tag.none")
    return names
