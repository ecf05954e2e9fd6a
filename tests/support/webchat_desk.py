"""A desk with a webchat account at a real relay, and its worker's threads one step at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.sync.channels.registry import adapter_of
from helpdesk_tui.sync.channels.webchat.receiver import PollLoop
from helpdesk_tui.sync.channels.webchat.teller import TellLoop
from helpdesk_tui.sync.delivery import DeliveryLoop
from tests.support.relay import IDENTITY_KEY, TOKEN, Running
from tests.support.store import add_agent, make_store

ORIGIN = "https://shop.example"


def secret(account: Account, purpose: str) -> str:
    """Stand for the keeper of secrets."""
    return {"relay": TOKEN, "identity": IDENTITY_KEY}.get(purpose, "")


def add_webchat(store: Store, url: str, *, name: str = "chat", site: str = "shop") -> Account:
    """Add a webchat account and return it."""
    with store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (name, channel, address, enabled, settings, created_at,"
            " error_code, error_text, state) VALUES (?, 'webchat', ?, 1, ?, 0, '', '', 'new')",
            (name, site, json.dumps({"relay": url})),
        )
    return Accounts(store, SYSTEM).named(name)


def chat_store(folder: Path, url: str) -> tuple[Store, Account]:
    """Make a store with an agent and a webchat account."""
    store = make_store(folder)
    add_agent(store)
    with store.write() as connection:
        connection.executemany(
            "INSERT INTO setting (scope, agent_id, name, value) VALUES ('desk', 0, ?, ?)",
            [("chat-origins", json.dumps([ORIGIN])), ("chat-login", '"all"')],
        )
    return store, add_webchat(store, url)


@dataclass(slots=True)
class ChatDesk:
    """A store and the threads of its webchat account, not started: tests make their steps."""

    store: Store
    account: Account
    poll: PollLoop
    tell: TellLoop
    delivery: DeliveryLoop

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        with self.store.read() as connection:
            return connection.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        """Return the only value that a query finds."""
        found = self.rows(query, *values)
        assert len(found) == 1, found
        return found[0][0]

    def change(self, query: str, *values: Any) -> None:
        """Change something behind the back of the services."""
        with self.store.write() as connection:
            connection.execute(query, values)

    def close(self) -> None:
        """End everything."""
        self.poll.finish()
        self.tell.finish()
        self.delivery.finish()
        self.store.close()


def open_desk_at(store: Store, account: Account) -> ChatDesk:
    """Make the threads of an account over an open store."""
    poll = PollLoop(account, store, secret)
    return ChatDesk(
        store,
        account,
        poll,
        TellLoop(poll, store, secret),
        DeliveryLoop(store, "worker", secret, adapter=adapter_of("webchat")),
    )


@contextmanager
def chat_desk(folder: Path, relay: Running) -> Iterator[ChatDesk]:
    """Give a desk whose webchat account is at a running relay."""
    desk = open_desk_at(*chat_store(folder, relay.url))
    try:
        yield desk
    finally:
        desk.close()


def say(visitor: httpx.Client, client_id: str, text: str = "hello", **fields: Any) -> None:
    """Let a visitor write."""
    body = {"client_id": client_id, "text": text, **fields}
    visitor.post("/v1/chat/messages", json=body).raise_for_status()


def heard(visitor: httpx.Client) -> list[dict[str, Any]]:
    """Return what the visitor reads of us."""
    messages = visitor.get("/v1/chat").raise_for_status().json()["messages"]
    return [each for each in messages if each["from"] != "visitor"]


def texts(desk: ChatDesk, ticket: int = 1) -> list[str]:
    """Return the texts of a ticket in their order."""
    query = "SELECT text FROM message WHERE ticket_id = ? ORDER BY received_at, id"
    return [row[0] for row in desk.rows(query, ticket)]
