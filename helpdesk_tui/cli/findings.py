"""What ``doctor`` finds: one thing that was looked at, and how it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: str
    """``ok``, ``warning`` or ``failed``."""
    detail: str
    mend: str = ""


Step = Callable[[Path], Iterator[Finding]]
"""Looks at a few things of a store."""
