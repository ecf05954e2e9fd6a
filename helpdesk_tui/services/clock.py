"""The clock of the services; tests give their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment, aware."""


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)
