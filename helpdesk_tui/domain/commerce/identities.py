"""By what a customer may be looked up at a source, and what a source has found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MatchedBy(StrEnum):
    """What made two customers the same."""

    EMAIL = "email"
    PHONE = "phone"
    PROVIDER_ID = "provider-id"
    """An id of another source, such as the shop's customer number."""
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Identity:
    """One address or number of a profile."""

    kind: str
    """``email``, ``phone``, ``instagram`` …, or the kind of a source for its own id."""
    value: str
    is_verified: bool
    """They have proved it, or a carrier vouches for it; a typed address is a claim."""


@dataclass(frozen=True, slots=True)
class Identities:
    """All that a profile may be looked up by."""

    profile_id: int
    all: tuple[Identity, ...]

    @property
    def emails(self) -> tuple[str, ...]:
        """Verified mail addresses, in lower case."""
        return self._of("email")

    @property
    def phones(self) -> tuple[str, ...]:
        """Verified numbers in E.164."""
        return self._of("phone")

    def ids_at(self, source: str) -> tuple[str, ...]:
        """Return what a source has called them itself."""
        return self._of(source)

    def _of(self, kind: str) -> tuple[str, ...]:
        return tuple([one.value for one in self.all if one.kind == kind and one.is_verified])


@dataclass(frozen=True, slots=True)
class Match:
    """A customer of a source that is a profile of ours."""

    external_id: str
    matched_by: MatchedBy
    value: str
    """The address, number or id that both have."""
