"""Opened tickets: threads, single messages, and the person behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.reads.people import load_profile
from helpdesk_tui.db.reads.thread import (
    count_from,
    find_window,
    load_detail,
    load_events,
    load_message,
    load_messages,
    load_raw_key,
)
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.customers import Profile
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.messages import MessageRow, Thread
from helpdesk_tui.domain.ticket_details import TicketDetail
from helpdesk_tui.domain.times import to_us

if TYPE_CHECKING:
    import sqlite3

PAGE = 50
"""Messages loaded at a time."""


class Threads:
    """Reads threads; every call blocks."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._actor = actor

    def load(self, ticket_id: int, limit: int = PAGE) -> Thread:
        """Return a ticket with its newest messages and all that happened between them.

        Raises:
            NotFound: if there is no such ticket.
        """
        return self._load(ticket_id, before=None, limit=limit)

    def older(self, ticket_id: int, before: int, limit: int = PAGE) -> Thread:
        """Return the part of a thread that comes before a message.

        Raises:
            NotFound: if there is no such ticket.
        """
        return self._load(ticket_id, before=before, limit=limit)

    def depth(self, ticket_id: int, message_id: int) -> int:
        """Return how many messages have to be loaded for one of them to be among them."""
        with self._store.read() as connection:
            return count_from(connection, ticket_id, message_id)

    def detail(self, ticket_id: int) -> TicketDetail:
        """Return the header of a ticket.

        Raises:
            NotFound: if there is no such ticket.
        """
        with self._store.read() as connection:
            return self._detail(connection, ticket_id)

    def message(self, message_id: int) -> MessageRow:
        """Return one message.

        Raises:
            NotFound: if there is no such message.
        """
        with self._store.read() as connection:
            found = load_message(connection, message_id)
        if found is None:
            raise NotFound("message.missing", id=message_id)
        return found

    def raw(self, message_id: int) -> bytes:
        """Return a message byte for byte as it came in or went out.

        Raises:
            NotFound: if there is no such message, or its source was not kept.
        """
        with self._store.read() as connection:
            key = load_raw_key(connection, message_id)
            if key is None:
                raise NotFound("message.missing", id=message_id)
            if not key:
                raise NotFound("message.no-source", id=message_id)
            return get_blob(connection, self._store.paths, key)

    def profile(self, profile_id: int) -> Profile:
        """Return what the store knows of a customer.

        Raises:
            NotFound: if there is no such profile.
        """
        with self._store.read() as connection:
            found = load_profile(connection, profile_id, self._actor.agent_id)
        if found is None:
            raise NotFound("profile.missing", id=profile_id)
        return found

    def _detail(self, connection: sqlite3.Connection, ticket_id: int) -> TicketDetail:
        found = load_detail(connection, ticket_id, self._actor.agent_id)
        if found is None:
            raise NotFound("ticket.missing", id=ticket_id)
        return found

    def _load(self, ticket_id: int, *, before: int | None, limit: int) -> Thread:
        with self._store.read() as connection:
            ticket = self._detail(connection, ticket_id)
            window = find_window(connection, ticket_id, before=before, limit=max(1, limit))
            messages = load_messages(connection, ticket_id, window)
            next_one = None if before is None else load_message(connection, before)
            events = load_events(
                connection,
                ticket_id,
                since=None if window.is_whole else to_us(messages[0].received_at),
                until=None if next_one is None else to_us(next_one.received_at),
            )
        return Thread(ticket, messages, events, None if window.is_whole else window.first)
