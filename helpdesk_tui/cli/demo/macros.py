"""The sample macros: ready texts in the languages of the sample desk."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.services.macros.macros import Macros


def load_macros() -> dict[str, str]:
    """Return the files of the sample macros by their names."""
    folder = files("helpdesk_tui.cli.demo") / "data" / "macros"
    return {
        each.name: each.read_text("utf-8")
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
    }


def save_macros(store: Store, now: datetime) -> None:
    """Write the sample macros into a store."""
    macros = Macros(store, SYSTEM, now=lambda: now)
    for source in load_macros().values():
        macros.save(source)
