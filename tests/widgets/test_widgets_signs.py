"""Terminals that have letters only get a plain twin of every sign, in the same columns."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.widgets.last_net import LastNet
from helpdesk_tui.widgets.signs import UNICODE


def drawn(text: str) -> str:
    (segment,) = LastNet(ascii_only=True).apply([Segment(text)], Color(0, 0, 0))
    return segment.text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("█ Lena · just now", "| Lena - just now"),
        ("╭─ reply ─╮", "+- reply -+"),
        ("✗ not sent", "x not sent"),
        ("▲ look → there…", "! look > there~"),
        ("◷ ☾ ↻ ▣ ✎", "z z % @ ~"),
        ("↯ ⯀ ╬ ░", "* * + #"),
    ],
)
def test_signs_have_plain_twins(text: str, plain: str) -> None:
    assert drawn(text) == plain


@pytest.mark.parametrize("text", ["Größe 注文 Привет", "héllo ☕ 🎉", "plain"])
def test_letters_and_what_takes_two_cells_stay(text: str) -> None:
    assert drawn(text) == text


def test_every_sign_of_ours_has_a_twin_as_wide() -> None:
    ours = [getattr(UNICODE, name) for name in UNICODE.__slots__ if name != "ascii_only"]
    for sign in [*ours, *(spec.icon for spec in CHANNELS.values())]:
        assert drawn(sign).isascii(), sign
        assert cell_len(drawn(sign)) == cell_len(sign)
