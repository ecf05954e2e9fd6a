"""Pictures of chats: the ticket at all widths and in all looks, its end, and the assistant's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from helpdesk_tui.screens.inbox.presence_watch import show_visitors
from tests.support.chatting import SCENE_VISITORS, chat_scene
from tests.support.scene import stepping

if TYPE_CHECKING:
    from helpdesk_tui.app import HelpdeskApp

SMALL, MEDIUM, WIDE = (80, 24), (120, 36), (180, 50)
Step = str | Callable[["HelpdeskApp"], object]


def are_seen(app: HelpdeskApp) -> bool:
    show_visitors(app.inbox, SCENE_VISITORS)
    return True


def shows(ticket: int, app: HelpdeskApp) -> bool:
    pane = app.inbox.panes.thread
    thread = pane.thread if pane is not None else None
    return thread is not None and thread.ticket.row.id == ticket


def is_writing(app: HelpdeskApp) -> bool:
    pane = app.inbox.panes.thread
    return pane is not None and pane.writing.composer.editor.has_focus


ENTERED: tuple[Step, ...] = ("enter", partial(shows, 1), are_seen)
TICKET: tuple[Step, ...] = (*ENTERED, "r", is_writing, *"It is in", are_seen)
ALL: tuple[Step, ...] = ("g", "a", partial(shows, 1), are_seen)
SIZES = {"small": SMALL, "medium": MEDIUM, "wide": WIDE}
LOOKS: dict[str, dict[str, object]] = {
    "dark": {},
    "light": {"theme": "helpdesk-light"},
    "ascii": {"ascii_only": True},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", SIZES)
def test_a_chat_looks_as_it_did(
    size: str, look: str, tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    app = chat_scene(tmp_path, **LOOKS[look])  # type: ignore[arg-type]
    assert snap_compare(app, terminal_size=SIZES[size], run_before=stepping(*TICKET))


SCENES: dict[str, tuple[Step, ...]] = {
    "closing": (*ALL, *"jj", partial(shows, 5), are_seen),
    "assistant": (*ALL, *"jjjj", partial(shows, 6), are_seen),
    "left": (*ALL, *"jjj", partial(shows, 4), are_seen),
}


@pytest.mark.parametrize("name", SCENES)
def test_how_a_chat_stands_looks_as_it_did(
    name: str, tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    app = chat_scene(tmp_path)
    assert snap_compare(app, terminal_size=MEDIUM, run_before=stepping(*SCENES[name]))
