"""The progress line: on a terminal only, and gone at the end."""

from __future__ import annotations

import io

from helpdesk_tui.cli.progress import Progress


class Screen(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def test_a_terminal_shows_how_far_it_is_and_is_clean_afterwards() -> None:
    screen = Screen(is_terminal=True)
    with Progress(screen, 200) as progress:
        progress.show(50)
        progress.show(51)
    drawn = screen.getvalue()
    assert " 25%  50 of 200" in drawn
    assert "51 of" not in drawn
    assert drawn.endswith("\r\x1b[K")


def test_a_file_or_pipe_gets_nothing() -> None:
    screen = Screen(is_terminal=False)
    with Progress(screen, 200) as progress:
        progress.show(50)
    assert screen.getvalue() == ""
