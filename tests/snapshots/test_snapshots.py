"""Pictures of the screens: a change of looks is seen, and accepted with ``--snapshot-update``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from helpdesk_tui.app import HelpdeskApp
from helpdesk_tui.screens.beside.addresses import AddressesScreen
from helpdesk_tui.screens.beside.intake import IntakeScreen
from helpdesk_tui.screens.dialogs.address_wizard import AddressWizard
from helpdesk_tui.screens.dialogs.review import ReviewDialog
from helpdesk_tui.screens.dialogs.snooze import SnoozeDialog
from helpdesk_tui.screens.help import HelpScreen
from tests.support.scene import make_mail_scene, make_scene, stepping

Step = str | Callable[[HelpdeskApp], object]
SMALL, MEDIUM, WIDE = (80, 24), (120, 36), (180, 50)


def shows(screen: type) -> Callable[[HelpdeskApp], bool]:
    """Return whether a screen is on top."""
    return lambda app: isinstance(app.screen, screen)


def is_loaded(app: HelpdeskApp) -> bool:
    thread = app.inbox.panes.thread
    return thread is not None and thread.thread is not None


def is_writing(app: HelpdeskApp) -> bool:
    thread = app.inbox.panes.thread
    return thread is not None and thread.is_writing


def pasting(text: str) -> Callable[[HelpdeskApp], bool]:
    """Return a step that puts a text into the line at once: no search runs for half of it."""

    def paste(app: HelpdeskApp) -> bool:
        line = app.focused
        if isinstance(line, Input) and not line.value:
            line.insert_text_at_cursor(text)
        return isinstance(line, Input)

    return paste


TYPED = ("H", "i", "comma", "enter", *"sure")
COMPOSER: tuple[Step, ...] = ("r", is_writing, *TYPED)

SCENES: dict[str, tuple[tuple[int, int], tuple[Step, ...]]] = {
    "inbox-small": (SMALL, ()),
    "inbox-medium": (MEDIUM, (is_loaded,)),
    "inbox-wide": (WIDE, (is_loaded,)),
    "inbox-just-wide": ((140, 40), (is_loaded,)),
    "thread-small": (SMALL, ("enter", is_loaded)),
    "composer-wide": (WIDE, COMPOSER),
    "note-medium": (MEDIUM, ("i", is_writing, *"for us")),
    "review-medium": (MEDIUM, (*COMPOSER, "ctrl+o", shows(ReviewDialog))),
    "snooze-medium": (MEDIUM, (is_loaded, "b", shows(SnoozeDialog))),
    "help-medium": (MEDIUM, (is_loaded, "question_mark", shows(HelpScreen))),
    "search-error": (MEDIUM, (is_loaded, "slash", pasting("is:nothing"), "enter")),
    "too-small": ((60, 10), ()),
}


@pytest.mark.parametrize("name", SCENES)
def test_a_screen_looks_as_it_did(
    name: str, tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    size, steps = SCENES[name]
    app = make_scene(tmp_path)
    assert snap_compare(app, terminal_size=size, run_before=stepping(*steps))


def test_a_terminal_that_has_letters_only_gets_nothing_else(
    tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    drawn: list[str] = []

    def is_plain(app: HelpdeskApp) -> bool:
        """Read the lines as they go to the terminal, behind the last net."""
        strips = app.screen._compositor.render_strips(app.size)
        net, ground = app._filters[0], app.screen.background_colors[1]
        drawn[:] = ["".join(part.text for part in net.apply(list(line), ground)) for line in strips]
        return True

    app = make_scene(tmp_path, ascii_only=True)
    steps: tuple[Step, ...] = ("enter", is_loaded, *COMPOSER, is_plain)
    assert snap_compare(app, terminal_size=MEDIUM, run_before=stepping(*steps))
    signs = {sign for line in drawn for sign in line if not sign.isascii() and not sign.isalpha()}
    assert signs == set()


def opens_addresses(app: HelpdeskApp) -> bool:
    """Open the support addresses, and return whether they are there."""
    if isinstance(app.screen, AddressesScreen):
        return bool(app.screen.list.rows)
    app.inbox.perform("go.addresses")
    return False


MAIL_SCENES: dict[str, tuple[tuple[int, int], tuple[Step, ...]]] = {
    "intake-medium": (MEDIUM, ("g", "x", shows(IntakeScreen))),
    "addresses-wide": (WIDE, (opens_addresses, "j")),
    "wizard-small": (SMALL, (opens_addresses, "j", "enter", "enter", shows(AddressWizard))),
}


@pytest.mark.parametrize("name", MAIL_SCENES)
def test_a_screen_on_mail_looks_as_it_did(
    name: str, tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    size, steps = MAIL_SCENES[name]
    app = make_mail_scene(tmp_path)
    assert snap_compare(app, terminal_size=size, run_before=stepping(*steps))


@pytest.mark.parametrize("theme", ["helpdesk-light", "helpdesk-contrast", "helpdesk-ansi"])
def test_a_theme_looks_as_it_did(
    theme: str, tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    app = make_scene(tmp_path, theme=theme)
    assert snap_compare(app, terminal_size=MEDIUM, run_before=stepping(is_loaded))


def test_an_empty_desk_looks_as_it_did(tmp_path: Path, snap_compare: Callable[..., bool]) -> None:
    app = make_scene(tmp_path, is_empty=True)
    assert snap_compare(app, terminal_size=MEDIUM, run_before=stepping())
