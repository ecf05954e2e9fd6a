"""A paste can press no key, however the terminal hands it on."""

from __future__ import annotations

import random

import pytest

from helpdesk_tui.widgets.paste_guard import PasteGuard

EVIL = "a\x1b]52;c;QQ==\x07b\x0fc\x1b[200~\x1b[1;2Ad\r\n\te\x9b2J\x7f\x00f"
HARMLESS = "a]52;c;QQ==bc[200~[1;2Ad\n\te2Jf"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("j\x1b[Ak\x07\x0f", "j\x1b[Ak\x07\x0f"),
        ("\x1b", "\x1b"),
        (f"x\x1b[200~{EVIL}\x1b[201~\x0fy", f"x\x1b[200~{HARMLESS}\x1b[201~\x0fy"),
        ("\x1b[200~one\rtwo\n\rthree\r\n\x1b[201~\n", "\x1b[200~one\ntwo\n\nthree\n\x1b[201~\n"),
        ("\x1b[200~a\x1b[201~\x1b[200~\x07\x1b[201~", "\x1b[200~a\x1b[201~\x1b[200~\x1b[201~"),
    ],
)
def test_keys_pass_and_pastes_lose_their_control_characters(text: str, wanted: str) -> None:
    assert PasteGuard().filtered(text) == wanted


@pytest.mark.parametrize("seed", range(30))
def test_it_does_not_matter_where_the_input_is_split(seed: int) -> None:
    dice = random.Random(seed)
    text = f"x\x1b[B\x1b[200~{EVIL}\x1b[20\x1b[201~y\x07\x1b[200~\x1b\x1b[201~\x1b"
    guard, out, at = PasteGuard(), "", 0
    while at < len(text):
        size = dice.randint(1, 9)
        out += guard.filtered(text[at : at + size])
        at += size
    assert out == f"x\x1b[B\x1b[200~{HARMLESS}[20\x1b[201~y\x07\x1b[200~\x1b[201~\x1b"


def test_a_typed_escape_is_not_kept_waiting() -> None:
    guard = PasteGuard()
    assert [guard.filtered(char) for char in "\x1b[200"] == list("\x1b[200")
    assert guard.filtered("~\x07") == "~"
