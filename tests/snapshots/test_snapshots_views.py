"""Pictures of saved views: in the rail, in the header, in the picker, in the dialog."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from helpdesk_tui.domain.tickets import Sort
from helpdesk_tui.domain.views import ViewDraft
from helpdesk_tui.screens.dialogs.view_edit import ViewDialog
from helpdesk_tui.screens.dialogs.view_pick import ViewPicker
from tests.support.scene import make_scene, stepping

if TYPE_CHECKING:
    from helpdesk_tui.app import HelpdeskApp

SMALL, MEDIUM, WIDE = (80, 24), (120, 36), (180, 50)
DRAFTS = (
    ViewDraft("Returns", "tag:returns OR tag:product", pin="5"),
    ViewDraft("Longest waiting", "is:waiting", sort=Sort.WAITING, pin="6"),
    ViewDraft("Instagram and WhatsApp", "channel:instagram,whatsapp", status=None),
)
Step = str | Callable[["HelpdeskApp"], object]


def is_counted(app: HelpdeskApp) -> bool:
    return app.inbox.views is not None and len(app.inbox.views.unread) == len(DRAFTS)


def is_open(app: HelpdeskApp) -> bool:
    where = app.inbox.tickets.where
    return where is not None and where.saved_id != 0


def shows(screen: type, app: HelpdeskApp) -> bool:
    return isinstance(app.screen, screen)


SCENES: dict[str, tuple[tuple[int, int], tuple[Step, ...]]] = {
    "header-small": (SMALL, (is_counted, "5", is_open)),
    "rail-wide": (WIDE, (is_counted, "6", is_open)),
    "picker-medium": (MEDIUM, (is_counted, "v", partial(shows, ViewPicker), *"inst")),
    "dialog-small": (SMALL, (is_counted, "5", is_open, "plus", partial(shows, ViewDialog), "tab")),
}


@pytest.mark.parametrize("name", SCENES)
def test_views_look_as_they_did(
    name: str, tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    size, steps = SCENES[name]
    app = make_scene(tmp_path, views=DRAFTS)
    assert snap_compare(app, terminal_size=size, run_before=stepping(*steps))
