"""What can be broken in a store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DamageKind(StrEnum):
    """Kinds of damage; each has its own mend."""

    FILE = "file"
    """The database itself, or what its rows refer to."""
    COUNTERS = "counters"
    """Kept counters that are not what is counted."""
    LOST = "lost"
    """Bytes of a mail or an attachment that are gone."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is broken."""

    kind: DamageKind
    detail: str
