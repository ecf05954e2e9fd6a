"""A desk whose agent may make macros, with a mailbox that replies leave by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from helpdesk_tui.domain.actor import Role
from helpdesk_tui.services.desk import Desk
from tests.support.store import FakeClock, add_mailbox, make_desk


def macro_desk(tmp_path: Path, clock: FakeClock) -> Desk:
    """Open such a desk."""
    desk = make_desk(tmp_path, clock=clock)
    desk.actor = replace(desk.actor, role=Role.MANAGER)
    add_mailbox(desk.store, box="support@shop.example", name="Acme")
    return desk
