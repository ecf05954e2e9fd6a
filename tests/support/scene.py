"""A small desk that looks the same at every run, for pictures of the screens."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from helpdesk_tui.app import HelpdeskApp
from helpdesk_tui.domain.views import ViewDraft
from tests.support.addressed import AWAY, FORWARDED, addressed_desk
from tests.support.store import START, FakeClock, add_agent, add_message, add_ticket, make_desk
from tests.support.waiting import PATIENCE

TICKETS = (
    ("email", "Anna Kowalska", "Return label for #1042", 2, ["returns"], True),
    ("webchat", "Marek Nowak", "Is the blue one back in stock?", 4, ["product"], True),
    ("sms", "+48 600 100 200", "Is it shipped?", 9, ["shipping"], True),
    ("instagram", "lena.doe", "Story reply", 62, ["product"], False),
    ("email", "Erik Lindqvist", "Faktura saknas", 300, ["invoice"], False),
    ("whatsapp", "Carlos Silva", "Pedido #1022", 1500, ["shipping"], False),
)
"""Channel, customer, subject, age in minutes, tags, unread."""


def make_scene(
    tmp_path: Path,
    *,
    is_empty: bool = False,
    theme: str = "",
    ascii_only: bool = False,
    views: Sequence[ViewDraft] = (),
) -> HelpdeskApp:
    """Make the program on a store of six tickets, or on one without any."""
    clock = FakeClock()
    desk = make_desk(tmp_path, clock=clock)
    add_agent(desk.store, "marek")
    if not is_empty:
        with desk.store.write() as connection:
            connection.execute(
                "INSERT INTO channel_account (id, name, channel, address, created_at)"
                " VALUES (1, 'shop', 'email', 'support@shop.example', 0)"
            )
            connection.execute(
                "INSERT INTO support_address (address, name, channel_account_id)"
                " VALUES ('support@shop.example', 'Shop', 1)"
            )
        _fill(desk.store)
    for draft in views:
        desk.views.save(draft)
    return HelpdeskApp(
        desk_factory=lambda: desk, now=clock, zone=UTC, start_worker=False, live=False,
        theme=theme or "helpdesk-dark", ascii_only=ascii_only,
    )  # fmt: skip


def make_mail_scene(tmp_path: Path) -> HelpdeskApp:
    """Make the program on a store with rejected mail and a support address in the making."""
    desk = addressed_desk(tmp_path, AWAY, FORWARDED, now=START.isoformat())
    desk.addresses.add("shop", "info@shop.example", provider="microsoft")
    return HelpdeskApp(
        desk_factory=lambda: desk, now=desk.clock, zone=UTC, start_worker=False, live=False,
        theme="helpdesk-dark",
    )  # fmt: skip


def _fill(store: Any) -> None:
    for channel, name, subject, minutes, tags, unread in TICKETS:
        at = START - timedelta(minutes=minutes)
        email = f"{name.split()[0].lower().strip('+')}@example.net"
        ticket = add_ticket(
            store, channel=channel, name=name, email=email, subject=subject, at=at, tags=tags,
            unread=int(unread), assignee="anna", status="open", waiting_since=at,
        )  # fmt: skip
        message = {"channel": channel, "author_name": name, "sender": email}
        if channel != "email":
            add_message(store, ticket, text=f"{subject} Thank you!", at=at, **message)
            continue
        earlier = at - timedelta(minutes=30)
        add_message(
            store, ticket, at=earlier, text="Hello, the shoes are a size too small.\nPhoto below.",
            files=[("box.jpg", b"x" * 1200)], **message,
        )  # fmt: skip
        add_message(
            store, ticket, direction="note", author_name="marek", at=at - timedelta(minutes=20),
            text="Warehouse says 39 is in stock.",
        )  # fmt: skip
        add_message(
            store, ticket, direction="outbound", author_name="anna", text="One moment, please.",
            at=at - timedelta(minutes=10),
        )  # fmt: skip
        add_message(store, ticket, text="Super, thank you!", at=at, **message)


def stepping(
    *steps: str | Callable[[HelpdeskApp], object],
) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Return what drives a picture: keys to press, and states to wait for, in order."""

    async def run(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, HelpdeskApp)
        await settle(pilot, lambda: app.inbox.panes.thread is not None)
        for step in steps:
            if isinstance(step, str):
                await pilot.press(step)
            else:
                await settle(pilot, partial(step, app))
        await settle(pilot)
        for line in app.screen.query(Input):
            line.cursor_blink = False
        await settle(pilot)

    return run


async def settle(
    pilot: Pilot[Any], condition: Callable[[], object] = lambda: True, seconds: float = PATIENCE
) -> None:
    """Wait until a state is reached, no worker runs and all messages are handled."""
    deadline = time.monotonic() + seconds
    # the preview is drawn a moment after the last key
    await pilot.pause(0.2)
    before: list[str] = []
    while not (condition() and all(one.is_finished for one in pilot.app.workers)):
        assert time.monotonic() < deadline, "it did not settle"
        await pilot.pause(0.02)
    while before != (before := _picture(pilot)):
        assert time.monotonic() < deadline, "it never stood still"
        await pilot.pause(0.15)


def _picture(pilot: Pilot[Any]) -> list[str]:
    strips = pilot.app.screen._compositor.render_strips(pilot.app.size)
    return [strip.text for strip in strips]
