"""The sample FAQ: what visitors of the sample shop read before they ask."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.faq_files import read_toml
from helpdesk_tui.services.faq import Faq


def save_questions(store: Store, now: datetime) -> None:
    """Write the sample questions into a store."""
    folder = files("helpdesk_tui.cli.demo") / "data" / "faq"
    drafts = [
        entry.draft
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        for entry in read_toml(each.read_text("utf-8"))
        if entry.draft is not None
    ]
    Faq(store, SYSTEM, now=lambda: now).bring(drafts)
