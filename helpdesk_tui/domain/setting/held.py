"""What the settings of a desk hold, by name; what is of another kind than expected is not set.

They were checked when they were written. Whoever reads them is rather wrong by a default than
stopped by a row that an older version or a script has left.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.setting.values import seconds_of

Held = Mapping[str, Any]
"""The settings that were ever set, by name."""


def text_in(held: Held, name: str) -> str:
    """Return a text; empty where none is set."""
    found = held.get(name)
    return found.strip() if isinstance(found, str) else ""


def list_in(held: Held, name: str) -> tuple[str, ...]:
    """Return a list of texts; empty where none is set."""
    found = held.get(name)
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def span_in(held: Held, name: str, default: str) -> timedelta:
    """Return a length of time; ``default``, such as ``10m``, where none is set."""
    try:
        seconds = seconds_of(text_in(held, name) or default)
    except UsageError:
        seconds = seconds_of(default)
    return timedelta(seconds=seconds)
