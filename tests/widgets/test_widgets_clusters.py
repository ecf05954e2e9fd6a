"""Clusters of characters that terminals measure differently take the same cells everywhere."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from wcwidth import wcwidth

from helpdesk_tui.widgets.clusters import steady
from helpdesk_tui.widgets.last_net import LastNet
from tests.support.waiting import frugal

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (FAMILY, "\U0001f468"),
        ("\u2764\ufe0f", "\u2764 "),
        ("1\ufe0f\u20e3", "1 "),
        ("\U0001f1e9\U0001f1ea", "DE"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d"),
        ("\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f3f3 "),
        ("\U0001f3fd", ""),
        ("a\ufe0f", "a"),
        ("e\u0301", "e\u0301"),
        ("कि 漢字 Größe", "कि 漢字 Größe"),
    ],
)
def test_a_cluster_is_as_wide_as_its_characters_one_by_one(text: str, wanted: str) -> None:
    shown = steady(f"<{text}>")
    assert shown == f"<{wanted}>"
    assert cell_len(shown) == cell_len(f"<{text}>")
    assert sum(max(0, wcwidth(char)) for char in shown) == cell_len(shown)


def test_many_clusters_take_linear_time() -> None:
    with frugal():
        steady(FAMILY * 20_000)


def test_the_last_net_keeps_columns_in_line() -> None:
    style = Style(bold=True)
    drawn = [Segment(f"{FAMILY} \u2764\ufe0f\x1b[6n", style), Segment("right", style)]
    left, right = LastNet().apply(drawn, Color(0, 0, 0))
    assert left.text == "\U0001f468 \u2764 \u241b[6n"[: len(left.text)]
    assert left.cell_length == drawn[0].cell_length
    assert right is drawn[1]
