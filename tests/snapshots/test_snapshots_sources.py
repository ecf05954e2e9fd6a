"""Pictures of the screen of the sources of customer data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.app import HelpdeskApp
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.screens.beside.sources import SourcesScreen
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.desk import Desk
from tests.support.scene import make_scene, stepping
from tests.support.store import START

SMALL, MEDIUM = (80, 24), (120, 36)


def connect(desk: Desk) -> None:
    """Connect a source of each state."""
    as_worker = Sources(desk.store, SYSTEM, now=lambda: START - timedelta(minutes=3))
    for kind, name, settings in (
        ("klaviyo", "klaviyo", {}),
        ("shopify", "acme", {"shop": "acme.myshopify.com"}),
        ("recharge", "subscriptions", {}),
        ("endpoint", "loyalty", {"url": "https://shop.example/helpdesk"}),
        ("table", "old-shop", {}),
    ):
        as_worker.add(kind, name, settings)
    ids = {one.name: one.id for one in as_worker.all()}
    as_worker.told(ids["klaviyo"], {"name": "Acme Tea", "currency": "EUR"})
    as_worker.told(ids["acme"], {"name": "Acme Tea", "currency": "EUR", "domain": "acme.example"})
    as_worker.trouble(ids["acme"], "source.credentials", {})
    as_worker.set_enabled("loyalty", enabled=False)


def is_read(app: HelpdeskApp) -> bool:
    """Return whether the sources are listed."""
    return isinstance(app.screen, SourcesScreen) and bool(app.screen.list.rows)


def is_guide(app: HelpdeskApp) -> bool:
    """Return whether it is told how to connect one."""
    screen = app.screen
    return isinstance(screen, SourcesScreen) and screen.has_class("-none") and screen.on_page


@pytest.mark.parametrize("size", [MEDIUM, SMALL], ids=["medium", "small"])
def test_sources_look_as_they_did(
    size: tuple[int, int], tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    app = make_scene(tmp_path)
    make: Callable[[], Desk] = app._factory  # type: ignore[assignment]
    connect(make())
    steps = ("g", "S", is_read, "j", *(("enter",) if size is SMALL else ()))
    assert snap_compare(app, terminal_size=size, run_before=stepping(*steps))


@pytest.mark.parametrize("size", [MEDIUM, SMALL], ids=["medium", "small"])
def test_guide_looks_as_it_did(
    size: tuple[int, int], tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    app = make_scene(tmp_path)
    assert snap_compare(app, terminal_size=size, run_before=stepping("g", "S", is_guide))
