"""Pictures of the sidebar and of the screen of a customer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk_tui.app import HelpdeskApp
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.screens.customer.event_filter import EventFilterDialog
from helpdesk_tui.screens.customer.screen import CustomerScreen
from helpdesk_tui.services.desk import Desk
from tests.support.known_customer import facts, tell
from tests.support.scene import make_scene, stepping

Step = str | Callable[[HelpdeskApp], object]
SMALL, MEDIUM, WIDE = (80, 24), (120, 36), (180, 50)


def is_known(app: HelpdeskApp) -> bool:
    """Return whether the sidebar has what the shop knows."""
    sidebar = app.inbox.panes.sidebar
    return sidebar is not None and sidebar.known is not None


def is_read(app: HelpdeskApp) -> bool:
    """Return whether the screen of the customer is filled."""
    screen = app.screen
    return isinstance(screen, CustomerScreen) and bool(screen.list.rows and screen.facts.known)


def asks_metrics(app: HelpdeskApp) -> bool:
    """Open the choice of events, and return whether it is there."""
    if not isinstance(app.screen, EventFilterDialog):
        app.inbox.perform("customer.events")
    return isinstance(app.screen, EventFilterDialog)


SCENES: dict[str, tuple[tuple[int, int], str, tuple[Step, ...]]] = {
    "sidebar-wide": (WIDE, "", (is_known, "D", "j", "j")),
    "sidebar-medium": (MEDIUM, "", (is_known, "D", "j")),
    "sidebar-small": (SMALL, "", ("D", is_known)),
    "sidebar-light": (WIDE, "helpdesk-light", (is_known,)),
    "sidebar-ascii": (MEDIUM, "ascii", (is_known, "D")),
    "profile-wide": (WIDE, "", (is_known, "g", "P", is_read)),
    "profile-medium": (MEDIUM, "", (is_known, "g", "P", is_read, "]", "]", is_read)),
    "profile-small": (SMALL, "", ("g", "P", is_read)),
    "events-medium": (MEDIUM, "", (is_known, asks_metrics, "down", "tab")),
}


@pytest.mark.parametrize("name", SCENES)
def test_a_customer_looks_as_they_did(
    name: str, tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    size, look, steps = SCENES[name]
    is_plain = look == "ascii"
    app = make_scene(tmp_path, theme="" if is_plain else look, ascii_only=is_plain)
    make: Callable[[], Desk] = app._factory  # type: ignore[assignment]
    desk = make()
    newest = desk.inbox.page(ViewFilter(View.ALL)).rows[0]
    tell(desk, desk.threads.detail(newest.id).customer_id, facts())
    assert snap_compare(app, terminal_size=size, run_before=stepping(*steps))
