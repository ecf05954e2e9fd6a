"""Taking a table over line by line: what says nothing is named, the rest is stored in batches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.output import Output
from helpdesk_tui.cli.progress import Progress
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.services.messaging.tables import Line

_BATCH = 200
_MOST_ERRORS = 50
"""Lines named one by one; the others are counted."""


class TableImport:
    """One run over a file."""

    def __init__(self, out: Output) -> None:
        self.out = out
        self.counts = {"seen": 0, "new": 0, "duplicates": 0, "failed": 0}

    def run(self, lines: Iterator[Line[Any]], store: Callable[[Sequence[Any]], int]) -> None:
        """Store all lines in batches; a line that says nothing is named and passed over."""
        with Progress(sys.stderr, 0) as progress:
            while batch := list(islice(lines, _BATCH)):
                self.counts["seen"] += len(batch)
                rows = [line.row for line in batch if line.row is not None]
                for line in batch:
                    self._name(line)
                if rows:
                    new = store(rows)
                    self.counts["new"] += new
                    self.counts["duplicates"] += len(rows) - new
                progress.show(self.counts["seen"])

    def _name(self, line: Line[Any]) -> None:
        if line.error is None:
            return
        self.counts["failed"] += 1
        if self.counts["failed"] <= _MOST_ERRORS:
            reason = sentence(line.error)
            self.out.warn(_("line {line}: {reason}").format(line=line.number, reason=reason))

    def report(self, more: dict[str, int]) -> int:
        """Print what became of the lines; return the exit code."""
        self.counts["duplicates"] -= sum(more.values())
        if self.out.json:
            self.out.document({**self.counts, **more})
        else:
            self.out.say(
                _("{seen} lines: {new} new, {duplicates} known, {failed} not understood").format(
                    **self.counts
                )
            )
        return 1 if self.counts["failed"] else 0


def before_id(text: str) -> int | None:
    """Return where a page goes on; None for the first one.

    Raises:
        UsageError: ``cursor.bad``.
    """
    if not text:
        return None
    if not text.isdecimal():
        raise UsageError("cursor.bad", value=clean(text))
    return int(text)
