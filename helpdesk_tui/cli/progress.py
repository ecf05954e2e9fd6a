"""A progress line on a terminal, and nothing anywhere else."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self, TextIO

_CELLS = 30
_EVERY = 0.1
_ERASE = "\r\x1b[K"


class Progress:
    """Draws one line that overwrites itself, at most ten times a second, and removes it at last."""

    def __init__(self, stream: TextIO, total: int) -> None:
        self._stream = stream
        self._total = total
        self._shown = stream.isatty() and total > 0
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown:
            self._stream.write(_ERASE)
            self._stream.flush()

    def show(self, done: int, total: int = 0) -> None:
        """Draw how far it is, if it is time to; ``total`` where it was not known before."""
        self._total = total or self._total
        now = time.monotonic()
        if not self._shown or now < self._next:
            return
        self._next = now + _EVERY
        part = min(1.0, done / self._total)
        full = round(_CELLS * part)
        bar = "━" * full + "╌" * (_CELLS - full)
        self._stream.write(f"{_ERASE}{bar} {part:4.0%}  {done} of {self._total}")
        self._stream.flush()
