"""A connected source as everything works with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from helpdesk_tui.domain.commerce.sources import SOURCES, SourceSpec


class Standing(StrEnum):
    """How a connected source fares."""

    NEW = "new"
    """Nothing was asked there yet."""
    OK = "ok"
    SHUT = "shut"
    """It cannot be asked at all: its key is refused, the account is frozen …"""
    IMPORTED = "imported"
    """Nobody is asked: it knows what files were imported."""
    OFF = "off"


@dataclass(frozen=True, slots=True)
class ConnectedSource:
    """One row of the connected sources."""

    id: int
    name: str
    kind: str
    settings: Mapping[str, str]
    is_enabled: bool = True
    told: Mapping[str, str] = field(default_factory=dict)
    """What it has said of itself: ``name``, ``currency``, ``timezone``, ``domain`` …"""
    error_code: str = ""
    error_values: Mapping[str, str] = field(default_factory=dict)
    error_at: datetime | None = None
    ok_at: datetime | None = None

    @property
    def spec(self) -> SourceSpec:
        """Its declaration."""
        return SOURCES[self.kind]

    @property
    def secret_name(self) -> str:
        """Under which its secret is kept: apart from those of channels."""
        return f"source-{self.name}"

    @property
    def standing(self) -> Standing:
        """How it fares."""
        if not self.is_enabled:
            return Standing.OFF
        if self.error_code:
            return Standing.SHUT
        if self.spec.is_imported:
            return Standing.IMPORTED
        return Standing.OK if self.ok_at else Standing.NEW
