"""A desk with a chat for tests of the screens: rows as the worker leaves them, and its word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.presence import VisitorNow
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.presence import Visitors
from tests.support.chats import SITE, add_chat
from tests.support.store import START, FakeClock, add_activity, add_message, make_desk

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
