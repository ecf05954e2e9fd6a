"""What a ticket may be merged into, what was merged into it, and where merged ones stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.db import merging as rows
from helpdesk_tui.db.reads import merging as reads
from helpdesk_tui.db.reads.thread import load_detail
from helpdesk_tui.db.store import Store
from helpdesk_tui.db.triage import load_states
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.merging import Candidate, refusal
from helpdesk_tui.domain.offer_codes import OfferKind
from helpdesk_tui.domain.tickets import TicketRow

if TYPE_CHECKING:
    import sqlite3

MOST = 50
"""Tickets that are offered at most; others are named by number."""


class MergeReads:
    """Answers what merging asks before and after; every call blocks and writes nothing."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._agent_id = actor.agent_id

    def candidates(self, ticket_id: int, limit: int = MOST) -> tuple[Candidate, ...]:
        """Return the customer's other tickets: the one found alike first, then the newest.

        Raises:
            NotFound: ``ticket.missing``.
        """
        with self._store.read() as connection:
            offered = self._offered(connection, ticket_id)
            found = reads.load_same_customer(connection, ticket_id, self._agent_id, limit)
            if offered and offered not in [row.id for row in found]:
                extra = reads.load_rows(connection, [offered], self._agent_id)
                found = (*extra.values(), *found)
            ordered = sorted(found, key=lambda row: row.id != offered)
            return self._judged(connection, ticket_id, ordered, offered)

    def candidate(self, ticket_id: int, into: int) -> Candidate | None:
        """Return whether a ticket may be merged into a named one, merges of that one followed.

        None if there is no ticket of that number.
        """
        with self._store.read() as connection:
            target = reads.standing(connection, into)
            if target is None:
                return None
            found = reads.load_rows(connection, [target], self._agent_id)
            offered = self._offered(connection, ticket_id)
            return self._judged(connection, ticket_id, list(found.values()), offered)[0]

    def parts(self, ticket_id: int) -> tuple[TicketRow, ...]:
        """Return the tickets that were merged into one, the latest first."""
        with self._store.read() as connection:
            ids = reads.load_parts(connection, ticket_id)
            found = reads.load_rows(connection, ids, self._agent_id)
        return tuple(found[each] for each in ids if each in found)

    def standing(self, ticket_id: int) -> int | None:
        """Return where a ticket stands now; None if there is none of this number."""
        with self._store.read() as connection:
            return reads.standing(connection, ticket_id)

    def _offered(self, connection: sqlite3.Connection, ticket_id: int) -> int:
        detail = load_detail(connection, ticket_id, self._agent_id)
        if detail is None:
            raise NotFound("ticket.missing", id=ticket_id)
        offered = detail.offered
        return offered.id if offered is not None and offered.kind == OfferKind.MERGE else 0

    def _judged(
        self,
        connection: sqlite3.Connection,
        ticket_id: int,
        found: Sequence[TicketRow],
        offered: int,
    ) -> tuple[Candidate, ...]:
        states = load_states(connection, [ticket_id, *(row.id for row in found)])
        source = states[ticket_id]
        is_sending = bool(rows.leaving(connection, ticket_id))
        return tuple(
            Candidate(
                row,
                refusal(
                    source,
                    states[row.id],
                    same_customer=source.profile_id == states[row.id].profile_id,
                    is_sending=is_sending,
                ),
                row.id == offered,
            )
            for row in found
        )
