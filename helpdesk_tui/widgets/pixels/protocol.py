"""The ways in which terminals draw pictures, by name."""

from __future__ import annotations

from enum import StrEnum


class Protocol(StrEnum):
    """How a terminal draws pictures."""

    HALF = "half"
    """With half-blocks in two colours: every terminal that has colours."""
    KITTY = "kitty"
    SIXEL = "sixel"
    ITERM = "iterm"
