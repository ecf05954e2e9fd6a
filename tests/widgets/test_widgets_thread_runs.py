"""The run of events that a key opens beside a message."""

from __future__ import annotations

import pytest

from helpdesk_tui.widgets.thread.layout import Hit, Layout, Line
from helpdesk_tui.widgets.thread.runs import run_beside

ABOVE, BELOW = Line((), hit=Hit("events", 7)), Line((), hit=Hit("events", 9))
FIRST, SECOND, EMPTY = Line((), 1), Line((), 2), Line(())


@pytest.mark.parametrize(
    ("lines", "start", "message", "run"),
    [
        ([ABOVE, FIRST, BELOW], 1, 1, 9),
        ([ABOVE, FIRST, SECOND, BELOW], 1, 1, 7),
        ([ABOVE, EMPTY, FIRST, SECOND, BELOW], 3, 2, 9),
        ([ABOVE, FIRST, SECOND], 2, 2, 0),
        ([FIRST], 0, 1, 0),
    ],
)
def test_the_run_below_is_meant_before_the_one_above(
    lines: list[Line], start: int, message: int, run: int
) -> None:
    assert run_beside(Layout(lines, {message: start}, {}), message) == run
