"""Approved templates: a text with numbered places, each of which has to be filled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

_PLACE = re.compile(r"\{\{\s*(\d{1,3})\s*\}\}")


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template of one account."""

    name: str
    language: str
    category: str
    status: str
    """As the provider says, in lower case; only ``approved`` ones are offered."""
    body: str
    """Text with ``{{1}}`` … where values go."""
    provider_id: str
    source: str
    """``provider``, or ``entered`` by a person."""
    updated_at: datetime

    @property
    def is_approved(self) -> bool:
        """Whether it may be sent."""
        return self.status == "approved"

    @property
    def places(self) -> int:
        """How many values it takes."""
        return places_of(self.body)


@dataclass(frozen=True, slots=True)
class TemplateFound:
    """A template as a provider lists it."""

    name: str
    language: str
    status: str
    body: str
    category: str = ""
    provider_id: str = ""


def places_of(body: str) -> int:
    """Return how many values a text takes: its highest number."""
    return max((int(found) for found in _PLACE.findall(body)), default=0)


def has_gaps(body: str) -> bool:
    """Tell whether the numbers of a text's places leave one out: providers refuse that."""
    numbers = {int(found) for found in _PLACE.findall(body)}
    return numbers != set(range(1, len(numbers) + 1))


def filled(body: str, values: Sequence[str]) -> str:
    """Return a text with its places filled in one go: what a value holds is never a place."""

    def value(match: re.Match[str]) -> str:
        position = int(match.group(1)) - 1
        return values[position] if 0 <= position < len(values) else match.group(0)

    return _PLACE.sub(value, body)
