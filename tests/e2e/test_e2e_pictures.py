"""In a terminal that says it draws pixels, pictures are pixels; in any other they are not."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests.support.sixel_reader import read_sixel
from tests.support.store import add_agent, add_message, add_ticket, make_store
from tests.support.terminal import Terminal

DA1 = re.compile(rb"\x1b\[c")
CELL = (re.compile(rb"\x1b\[16t"), b"\x1b[6;18;9t")
KITTY = (
    (re.compile(rb"\x1b\[>q"), b"\x1bP>|kitty(0.36.1)\x1b\\"),
    CELL,
    (re.compile(rb"\x1b_Gi=7001[^\x1b]*\x1b\\"), b"\x1b_Gi=7001;OK\x1b\\"),
    (DA1, b"\x1b[?62;c"),
)
SIXEL = (CELL, (DA1, b"\x1b[?62;4;22c"))
RED = (208, 32, 32)
_HANDED_OVER = re.compile(rb"\x1b_Ga=T,U=1,q=2,f=100,i=7001,c=\d+,r=4,")
_DRAWN = re.compile(rb'\x1b\[(\d+);(\d+)H(\x1bP0;1q"1;1;(\d+);(\d+)[^\x1b]*\x1b\\)')


@pytest.fixture
def root(tmp_path: Path) -> Path:
    store = make_store(tmp_path)
    add_agent(store, "anna")
    ticket = add_ticket(store, assignee="anna")
    file = io.BytesIO()
    Image.new("RGB", (90, 72), RED).save(file, "PNG")
    add_message(store, ticket, text="Look", files=[("shoes.png", file.getvalue())])
    with store.write() as connection:
        connection.execute("UPDATE attachment SET content_type = 'image/png'")
    store.close()
    return store.paths.root


@contextmanager
def opened(
    root: Path, answers: Sequence[tuple[re.Pattern[bytes], bytes]], **env: str
) -> Iterator[Terminal]:
    alone = {name: "" for name in os.environ if name.startswith(("SSH_", "TMUX", "STY", "ZELLIJ"))}
    with Terminal(
        [sys.executable, "-m", "helpdesk_tui", "--store", str(root), "--agent", "anna"],
        size=(100, 30),
        env={**alone, "TERM_PROGRAM": "", "HELPDESK_CONFIG": "", **env},
        answers=answers,
    ) as terminal:
        terminal.see("My inbox")
        terminal.see("Lena")
        terminal.press("enter")
        terminal.see("q back")
        yield terminal


def looks_at_the_keys(terminal: Terminal) -> None:
    """Put the help over the picture, and take it away again."""
    terminal.press("?")
    terminal.see("j k scroll · ")
    terminal.press("esc")
    terminal.gone("j k scroll · ")


def test_sixels_stand_where_their_cells_are(root: Path) -> None:
    with opened(root, SIXEL) as terminal:
        terminal.until(lambda: len(_DRAWN.findall(terminal.raw)) >= 4)
        terminal.pump(1, 1)
        drawn = _DRAWN.findall(terminal.raw)
        places = {(int(line), int(column)) for line, column, *_ in drawn}
        assert len({column for _line, column in places}) == 1
        lines = sorted(line for line, _column in places)
        assert lines == list(range(lines[0], lines[0] + 4))
        for *_place, picture, width, height in drawn:
            assert (int(width), int(height)) == (90, 18)
            dots = read_sixel(picture.decode())[2]
            assert len(dots) == 90 * 18
            assert all(abs(a - b) <= 3 for a, b in zip(dots[0, 0], RED, strict=True))
        terminal.press("?")
        terminal.see("j k scroll · ")
        before = len(terminal.raw)
        terminal.press("esc")
        terminal.until(lambda: len(_DRAWN.findall(terminal.raw[before:])) >= 4)


def test_kitty_gets_the_picture_once_and_is_left_clean(root: Path) -> None:
    with opened(root, KITTY, TERM="xterm-kitty") as terminal:
        terminal.until(lambda: b"\xf4\x8e\xbb\xae" in terminal.raw)
        # its cells may be there before its bytes, and itself before it is known how large they are
        terminal.until(lambda: _HANDED_OVER.search(terminal.raw))
        terminal.pump(6, quiet=2.5)
        sent = terminal.raw.count(b"\x1b_Ga=T")
        assert b"\x1bP0;1q" not in terminal.raw
        looks_at_the_keys(terminal)
        terminal.pump(1, quiet=1)
        assert terminal.raw.count(b"\x1b_Ga=T") == sent
        terminal.press("ctrl+q")
        terminal.see("Quit helpdesk?")
        terminal.press("ctrl+q")
        assert terminal.ended()
        assert b"\x1b_Ga=d,d=I,q=2,i=7001\x1b\\" in terminal.raw


@pytest.mark.parametrize(
    ("answers", "env"),
    [
        ((), {}),
        (SIXEL, {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}),
        (SIXEL, {"TMUX": "/tmp/tmux-0/default,1,0"}),
        (((DA1, b""),), {}),
    ],
    ids=["says no", "over ssh", "in tmux", "silent"],
)
def test_elsewhere_half_blocks_are_drawn_and_no_answer_is_a_key(
    root: Path,
    answers: Sequence[tuple[re.Pattern[bytes], bytes]],
    env: dict[str, str],
) -> None:
    with opened(root, answers, **env) as terminal:
        terminal.see("▀▀▀▀")
        assert b"\x1bP0;1q" not in terminal.raw
        assert b"\x1b_G" not in terminal.raw
        if env:
            assert b"\x1b[>q" not in terminal.raw
