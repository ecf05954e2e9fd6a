"""Which folded run of events a message stands beside, for the key that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpdesk_tui.widgets.thread.layout import Layout


def run_beside(layout: Layout, message: int) -> int:
    """Return the first event of the run below a message, else of the one above; 0 if none is long.

    Args:
        layout: the thread.
        message: the message.
    """
    lines, start = layout.lines, layout.starts.get(message, 0)
    for line in lines[start:]:
        if line.hit is not None and line.hit.kind == "events":
            return line.hit.id
        if line.owner not in (0, message):
            break
    for line in reversed(lines[:start]):
        if line.hit is not None and line.hit.kind == "events":
            return line.hit.id
        if line.owner:
            break
    return 0
