"""Where the cursor of a list stands after other rows have come."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult

from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.row_list import RowList
from tests.support.themed import Themed


def _draw(number: int, width: int, picked: bool) -> list[list[Span]]:
    return [[(f" {number}", Ink.TEXT)], []]


class Listed(Themed):
    """A list alone."""

    def compose(self) -> ComposeResult:
        """Make it."""
        yield RowList[int](_draw, lambda number: number, lines=2)


@pytest.mark.parametrize(
    ("is_other", "rows", "at"),
    [
        (False, (1, 2, 3, 4, 6, 7), 6),  # the row under the cursor is gone: the next one is there
        (False, (1, 2), 2),
        (False, (9, 5, 1), 5),
        (True, (1, 2, 3, 4, 6, 7), 1),  # what else was found begins at its top …
        (True, (9, 5, 1), 5),  # … but for a row that is still there
        (True, (), None),
    ],
)
async def test_the_cursor_after_other_rows(
    is_other: bool, rows: tuple[int, ...], at: int | None
) -> None:
    app = Listed()
    async with app.run_test(size=(20, 6)) as pilot:
        listed = app.query_one(RowList)
        listed.show((1, 2, 3, 4, 5, 6, 7))
        listed.select(5)
        if is_other:
            listed.start_anew()
        listed.show(rows)
        await pilot.pause()
        assert listed.current == at
