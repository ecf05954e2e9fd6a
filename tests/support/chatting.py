"""A desk with a chat for tests of the screens: rows as the worker leaves them, and its word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from helpdesk_tui.app import HelpdeskApp
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.presence import VisitorNow
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.presence import Visitors
from tests.support.chats import SITE, add_chat, say
from tests.support.driving import Driving
from tests.support.store import (
    START,
    FakeClock,
    add_activity,
    add_agent,
    add_message,
    add_ticket,
    make_desk,
    row_of,
)

HERE, TYPING, AWAY = VisitorNow(True), VisitorNow(True, typing=True), VisitorNow(False)
PAGE = "https://shop.example/shoes/blue?ref=mail"


def chat_desk(tmp_path: Path, clock: FakeClock | None = None) -> tuple[Desk, int]:
    """Make a desk with one chat that has waited for ten seconds; return it with the ticket."""
    desk = make_desk(tmp_path, clock=clock or FakeClock())
    at = desk.clock() - timedelta(seconds=10)
    ticket = add_chat(
        desk.store, at=at, assignee="anna", unread=1, subject="Blue shoes", name="Lena Doe",
        texts=("Is the blue one back in stock?",),
        chat={"page": PAGE, "language": "pl", "timezone": "Europe/Warsaw"},
    )  # fmt: skip
    return desk, ticket


def answer(store: Store, ticket: int, text: str, **fields: Any) -> int:
    """Put an answer of ours into a chat, and return the message's id."""
    values = {"author_name": "anna", "sender": SITE, "recipients": [f"c-{ticket}"], **fields}
    return add_message(
        store, ticket, channel="webchat", direction="outbound", subject="", text=text, **values
    )


def change(store: Store, table: str, ticket: int, **fields: Any) -> None:
    """Change columns of a ticket or its chat as another process would, and let the desk know."""
    plain = {key: to_us(one) if isinstance(one, datetime) else one for key, one in fields.items()}
    sets = ", ".join(f"{key} = :{key}" for key in plain)
    key = "id" if table == "ticket" else "ticket_id"
    with store.write() as connection:
        connection.execute(
            f"UPDATE {table} SET {sets} WHERE {key} = :ticket", {**plain, "ticket": ticket}
        )
        connection.execute("UPDATE ticket SET version = version + 1 WHERE id = ?", (ticket,))
    add_activity(store, ticket, "ticket.read", at=START)


def tell(desk: Desk, visitors: Mapping[int, VisitorNow]) -> None:
    """Say as the worker does, from a connection of its own, who of the visitors is there."""
    worker = Visitors(desk.store, now=desk.clock)
    worker.tell(visitors)
    worker.close()


def chat_scene(tmp_path: Path, *, theme: str = "", ascii_only: bool = False) -> HelpdeskApp:
    """Make the program on a store with chats of every kind, the same at every run."""
    clock = FakeClock()
    desk = make_desk(tmp_path, clock=clock)
    store, who = desk.store, {"name": "Lena Kowalska", "email": "lena@example.net"}
    add_agent(store, "marek")
    there = {"page": PAGE, "language": "pl", "timezone": "Europe/Warsaw"}

    def ago(minutes: float) -> datetime:
        return START - timedelta(minutes=minutes)

    chat = add_chat(
        store, at=ago(6), assignee="anna", unread=1, subject="Is the blue one back in stock?",
        texts=(), chat=there, waiting_since=ago(0.5), tags=["product"], **who,
    )  # fmt: skip
    say(store, chat, "Hi! Is the blue one back in stock?", at=ago(6), author_name=who["name"])
    answer(
        store, chat, "It is back in sizes 36 to 40.", at=ago(5.8), author_kind="ai",
        author_name="Robin", delivery="read",
    )  # fmt: skip
    add_activity(store, chat, "chat.asked-for-person", actor_kind="customer", at=ago(5.5))
    answer(store, chat, "Hello Lena, Anna here.", at=ago(4), delivery="read")
    answer(store, chat, "Let me look at 37 for you.", at=ago(3.8), delivery="delivered")
    say(
        store, chat, "Thank you! I need it by Friday.", at=ago(0.5), author_name=who["name"],
        files=[("shoe.jpg", b"x" * 123_456)],
    )  # fmt: skip
    answer(store, chat, "Still looking into it.", at=ago(0.3), delivery="sent", flags="holding")
    profile = row_of(store, "ticket", chat)["profile_id"]
    sms = add_ticket(
        store, channel="sms", profile_id=profile, name=who["name"], subject="Is it shipped?",
        at=ago(40), assignee="anna", status="open",
    )  # fmt: skip
    add_message(store, sms, channel="sms", text="Is it shipped?", at=ago(40))
    add_chat(
        store, at=ago(4), name="Marek Nowak", email="m@example.net", subject="Where is my parcel?",
        texts=("Where is it?",), chat=there, assignee="anna", unread=1,
    )  # fmt: skip
    add_chat(
        store, at=ago(9), name="Carlos Silva", email="c@example.net", subject="Refund",
        texts=("I want a refund",), chat={**there, "offline_since": ago(2)}, assignee="anna",
        held_at=ago(1),
    )  # fmt: skip
    add_chat(
        store, at=ago(8), name="Pia Lind", email="p@example.net", subject="Thanks",
        texts=("Thank you!",), assignee="anna", status="closed", waiting_since=None,
        chat={**there, "closing_at": START + timedelta(seconds=7)},
    )  # fmt: skip
    add_chat(
        store, at=ago(12), name="Nils Berg", email="n@example.net", subject="Opening hours",
        texts=("When do you open?",), status="closed", flags="with-responder", waiting_since=None,
        chat={**there, "responder": "answering"},
    )  # fmt: skip
    return HelpdeskApp(
        desk_factory=lambda: desk, now=clock, zone=UTC, start_worker=False, live=False,
        theme=theme or "helpdesk-dark", ascii_only=ascii_only,
    )  # fmt: skip


SCENE_VISITORS = {1: TYPING, 3: HERE, 4: AWAY, 5: HERE, 6: HERE}
"""Of the chats of the scene."""


def texts(desk: Desk, ticket: int) -> list[str]:
    """Return what we said in a chat, in its order."""
    thread = desk.threads.load(ticket)
    return [one.text for one in thread.messages if one.direction == "outbound"]


def line_with(it: Driving, text: str) -> str:
    return next((line for line in it.text().splitlines() if text in line), "")


async def enter(it: Driving) -> None:
    """Go into the chat under the cursor."""
    await it.press("enter")
    await it.sees("Is the blue one back in stock?", "the chat began on shop.example/shoes/blue")


async def write(it: Driving) -> None:
    """Open the composer of the chat."""
    await enter(it)
    await it.press("r")
    await it.sees("chat with Lena Doe")
    pane = it.inbox.panes.thread
    assert pane is not None
    await it.until(lambda: not pane.writing.is_restoring and pane.writing.composer.editor.has_focus)
