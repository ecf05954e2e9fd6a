"""Blocked senders: their later mail is kept, and nobody sees it unless they look for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.db import blocks as rows
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.store import Store
from helpdesk_tui.db.triage import load_states
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.customers import BlockRow
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.triage import Change, TicketState
from helpdesk_tui.services.aside import BLOCKED, UNBLOCKED, do_aside
from helpdesk_tui.services.clock import Clock, utc_now

if TYPE_CHECKING:
    import sqlite3


class Blocks:
    """Blocks senders and lets them through again; every call blocks and is one transaction.

    What came before stays as it is. :meth:`Triage.undo` takes both back.
    """

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def block(self, ids: Sequence[int], *, versions: Mapping[int, int] | None = None) -> Change:
        """Block the senders of tickets: the address that replies to each of them go to."""
        with self._store.read() as asked:
            own = load_desk(asked).own

        def add(connection: sqlite3.Connection, state: TicketState) -> Entry | str:
            sender = rows.load_sender(connection, state.identity_id)
            if sender is None:
                return "block.no-address"
            if sender[1] in own:
                return "block.own-address"
            if not rows.add_block(connection, sender, self._actor.agent_id, self._now()):
                return "ticket.already-blocked"
            return Entry(BLOCKED, state.id, None, {}, {"identity": state.identity_id})

        return do_aside(self._store, self._actor, self._now, ids, add, versions)

    def unblock(self, ids: Sequence[int], *, versions: Mapping[int, int] | None = None) -> Change:
        """Let the senders of tickets through again."""

        def remove(connection: sqlite3.Connection, state: TicketState) -> Entry | str:
            sender = rows.load_sender(connection, state.identity_id)
            if sender is None or not rows.remove_block(connection, sender):
                return "ticket.not-blocked"
            return Entry(UNBLOCKED, state.id, None, {"identity": state.identity_id}, {})

        return do_aside(self._store, self._actor, self._now, ids, remove, versions)

    def sender(self, ticket_id: int) -> tuple[str, bool]:
        """Return the address of a ticket's sender and whether it is blocked; empty: it has none."""
        with self._store.read() as connection:
            state = load_states(connection, [ticket_id]).get(ticket_id)
            sender = rows.load_sender(connection, state.identity_id) if state else None
            if sender is None:
                return "", False
            return sender[1], rows.is_blocked(connection, sender)

    def all(self) -> tuple[BlockRow, ...]:
        """Return the blocked senders, the newest first."""
        with self._store.read() as connection:
            return tuple(rows.load_blocks(connection))

    def remove(self, address: str) -> None:
        """Let an address or a number through again, also one that has no ticket left.

        Raises:
            NotFound: ``block.missing``.
        """
        wanted = address.strip()
        with self._store.write() as connection:
            if not rows.remove_blocks_of(connection, (wanted, wanted.lower())):
                raise NotFound("block.missing", address=clean(wanted))

    def is_blocked(self, address: str) -> bool:
        """Tell whether a mail address is blocked."""
        with self._store.read() as connection:
            return rows.is_blocked(connection, ("email", address.strip().lower()))
