"""Where colours do not tell the row under the cursor, a bar does."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.app import ComposeResult

from helpdesk_tui.domain.pictures import Thumbnail
from helpdesk_tui.widgets.cursor_bar import barred
from helpdesk_tui.widgets.ink import FALLBACK, Ink, Palette, Span, Tone
from helpdesk_tui.widgets.picture_box import PictureBox
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.signs import ASCII, UNICODE
from helpdesk_tui.widgets.tickets.lines import RowStyle, draw_ticket
from tests.support.themed import Themed
from tests.support.thread_values import NOW, row


def _draw(number: int, width: int, picked: bool) -> list[list[Span]]:
    return [[(f" row {number}", Ink.TEXT)], [("", Ink.DIM)]]


class Lists(Themed):
    """The lists that there are, in some look."""

    def __init__(self, theme: str, *, ascii_only: bool, no_color: bool) -> None:
        super().__init__(theme)
        self.inbox = SimpleNamespace(signs=ASCII if ascii_only else UNICODE)
        self.no_color = no_color

    def compose(self) -> ComposeResult:
        """Make the lists and a picture."""
        yield RowList[int](_draw, lambda number: number, lines=2, id="rows")
        yield PictureBox(id="picture")


@pytest.mark.parametrize(
    ("theme", "ascii_only", "no_color", "has_bar"),
    [
        ("helpdesk-dark", False, False, False),
        ("helpdesk-light", False, False, False),
        ("helpdesk-dark", True, False, True),
        ("helpdesk-dark", False, True, True),
        ("helpdesk-ansi", False, False, True),
    ],
)
async def test_the_row_under_the_cursor_has_a_bar_where_colours_are_few(
    theme: str, ascii_only: bool, no_color: bool, has_bar: bool
) -> None:
    app = Lists(theme, ascii_only=ascii_only, no_color=no_color)
    async with app.run_test(size=(30, 12)) as pilot:
        rows = app.query_one(RowList)
        rows.show((1, 2))
        app.query_one(PictureBox).show(Thumbnail(1, 2, 1, 1, bytes(6)), "a picture")
        await pilot.pause()
        drawn = [rows.render_line(y).text[:2] for y in range(4)]
        assert drawn == (["▌r", "▌ ", " r", "  "] if has_bar else [" r", "  ", " r", "  "])
        assert ("a picture" in app.query_one(PictureBox).render_line(0).text) is has_bar


@pytest.mark.parametrize("has_bar", [True, False])
@pytest.mark.parametrize("marked", [True, False])
def test_a_ticket_under_the_cursor_has_a_bar_beside_its_mark(has_bar: bool, marked: bool) -> None:
    style = RowStyle(Palette(FALLBACK), ASCII, 40, has_bar=has_bar)
    picked = draw_ticket(row(), style, NOW, Tone.PICKED, marked=marked)
    other = draw_ticket(row(), style, NOW, Tone.BASE, marked=marked)
    edge = "▌" if has_bar else " "
    assert [line.text[0] for line in picked] == [ASCII.marked if marked else edge, edge]
    assert [line.text[1:] for line in picked] == [line.text[1:] for line in other]
    assert [line.text[0] for line in other] == [ASCII.marked if marked else " ", " "]


@pytest.mark.parametrize(
    ("spans", "text"),
    [
        ([], "▌"),
        ([("", Ink.DIM), ("x", Ink.TEXT)], "▌"),
        ([(" ab", Ink.TEXT), ("c", Ink.DIM)], "▌abc"),
        ([("■ ab", Ink.TEXT)], "■ ab"),
    ],
)
def test_a_bar_takes_a_blank_cell_only(spans: list[Span], text: str) -> None:
    assert "".join([part for part, _ink in barred(spans)]) == text
