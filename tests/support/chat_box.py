"""A store with a webchat account, and events made as the relay makes them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.domain.webchat.wire import Event, EventKind, Visitor
from helpdesk_tui.services.chat.chats import Chats
from helpdesk_tui.services.replies import Replies
from tests.support.store import FakeClock

ANNA = Actor(ActorKind.AGENT, 1, "anna")
ZOFIA = Visitor("1001", "zofia@customer.example", "Zofia Nowak")


class ChatBox:
    """A desk with one site, told of events."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store = store
        self.clock = clock
        self.seq = 0
        self.chats = Chats(store, now=clock)
        self.account = Account(1, "chat", "webchat", "shop", True, "{}", AccountState.NEW, "")

    def event(self, kind: EventKind, conversation: str = "c1", **fields: Any) -> Event:
        """Return the next event."""
        self.seq += 1
        return Event(
            **{"seq": self.seq, "kind": kind, "at": self.clock.now, "conversation": conversation,
               **fields}
        )  # fmt: skip

    def said(self, text: str = "hello", conversation: str = "c1", **fields: Any) -> Event:
        """Return a visitor's message."""
        values = {"client_id": f"m{self.seq + 1}", "text": text, **fields}
        return self.event(EventKind.MESSAGE, conversation, **values)

    def began(self, text: str = "hello", conversation: str = "c1", **fields: Any) -> list[Event]:
        """Return the beginning of a conversation with its first message."""
        values = {"visitor": ZOFIA, "language": "pl", "timezone": "Europe/Warsaw",
                  "page": "https://shop.example/boots", **fields}  # fmt: skip
        return [
            self.event(EventKind.STARTED, conversation, **values), self.said(text, conversation),
        ]  # fmt: skip

    def take(self, *events: Event, files: Sequence[bytes] = ()) -> Summary:
        """Store events."""
        there = {hashlib.sha256(each).hexdigest(): each for each in files}
        return self.chats.ingest(self.account, events, there)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        with self.store.read() as connection:
            return connection.execute(query, values).fetchall()

    def ticket(self, columns: str, number: int = 1) -> Any:
        """Return columns of a ticket."""
        found = self.rows(f"SELECT {columns} FROM ticket WHERE id = ?", number)[0]
        return found[0] if len(found) == 1 else found

    def chat(self, columns: str, number: int = 1) -> Any:
        """Return columns of a chat."""
        found = self.rows(f"SELECT {columns} FROM chat WHERE ticket_id = ?", number)[0]
        return found[0] if len(found) == 1 else found

    def kinds(self) -> list[str]:
        """Return the kinds of what was logged."""
        return [row[0] for row in self.rows("SELECT kind FROM activity ORDER BY id")]

    def reply(self, text: str = "at once", number: int = 1) -> str:
        """Write a reply that the relay has taken; return what the relay knows it by."""
        replies = Replies(self.store, ANNA, now=self.clock)
        message = replies.reply(number, text, seen=None, undo=False).message_id
        self.change("UPDATE message SET delivery = 'sent' WHERE id = ?", message)
        return str(self.rows("SELECT external_id FROM message WHERE id = ?", message)[0][0])

    def change(self, query: str, *values: Any) -> None:
        """Change something directly."""
        with self.store.write() as connection:
            connection.execute(query, values)
