"""Consent: who may be written to, who said so, and where; the log only grows.

Sources of facts such as a marketing provider write through the same :meth:`ConsentLog.record`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.messaging import consents as rows
from helpdesk_tui.db.messaging.consents import ConsentRow
from helpdesk_tui.db.messaging.contacts import tickets_of_address
from helpdesk_tui.db.messaging.messages import touch
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.channels import CHANNELS, SMS
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.messaging.people import is_number
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.services.clock import Clock, utc_now

if TYPE_CHECKING:
    import sqlite3

__all__ = ["ConsentLog", "ConsentRow"]

KINDS = ("marketing", "transactional", "conversational")
AGENT, IMPORT, KEYWORD, PROVIDER = "agent", "import", "keyword", "provider"
_THEMSELVES = (KEYWORD, PROVIDER)
"""Sources by which customers speak themselves."""
_LONGEST_DETAIL = 500


class ConsentLog:
    """Reads and adds to the log of consent; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def state(self, address: str, channel: str = SMS.name) -> ConsentRow | None:
        """Return the last word of somebody, to whichever number of ours; None: nothing known."""
        with self._store.read() as connection:
            return rows.newest_consent(connection, channel, address)

    def entries(
        self, *, channel: str = "", address: str = "", before: int | None = None, limit: int = 50
    ) -> list[ConsentRow]:
        """Return entries, the newest first; ``before`` the id of an entry."""
        with self._store.read() as connection:
            return rows.load_consents(
                connection, channel=channel, address=address, before=before, limit=limit
            )

    def record_for(
        self, ticket_id: int, state: ConsentState, detail: str, *, kind: str = KINDS[1]
    ) -> ConsentRow:
        """Note what the customer of a ticket has said, with where they said it.

        Raises:
            NotFound: ``ticket.missing``.
            UsageError: ``consent.no-number``, and what :meth:`record` raises.
            NotAllowed: as :meth:`record`.
        """
        with self._store.read() as connection:
            found = rows.line_of_ticket(connection, ticket_id)
        if found is None:
            raise NotFound("ticket.missing", id=ticket_id)
        channel, address = found
        if not address:
            raise UsageError("consent.no-number", id=ticket_id)
        return self.record(address, state, detail, channel=channel, kind=kind)

    def record(
        self,
        address: str,
        state: ConsentState,
        detail: str,
        *,
        channel: str = SMS.name,
        kind: str = KINDS[1],
        source: str = AGENT,
        at: datetime | None = None,
    ) -> ConsentRow:
        """Note that somebody gave or withdrew consent; the same thing twice is noted once.

        Who has opted out themselves is not opted in by anybody else: an older consent is noted all
        the same, and holds nothing.

        Args:
            address: Their number in E.164.
            state: Given or withdrawn.
            detail: Where and how they said it; an agent's entry needs one.
            channel: SMS or WhatsApp.
            kind: ``marketing`` or ``transactional``.
            source: ``agent``, ``import`` or the name of a source of facts.
            at: When they said it; now, if nobody knows.

        Raises:
            UsageError: ``consent.channel``, ``consent.not-a-number``, ``consent.kind``,
                ``consent.state`` or ``consent.no-source``.
            NotAllowed: ``consent.withdrawn-themselves``.
        """
        now = self._now()
        wanted = ConsentRow(
            channel=channel, address=address, state=state, source=source,
            at=min(at or now, now), kind=kind,
            detail=shorten(" ".join(clean(detail).split()), _LONGEST_DETAIL),
        )  # fmt: skip
        _check(wanted)
        with self._store.write() as connection:
            self._check_own_word(connection, wanted)
            if not rows.has_consent_row(connection, wanted):
                rows.add_consent(connection, wanted, self._actor.agent_id)
                self._note(connection, [wanted], now)
        return wanted

    def add(self, batch: Sequence[ConsentRow]) -> tuple[int, list[ConsentRow]]:
        """Note many entries of a file or a source of facts in one transaction.

        Returns:
            How many were new, and those that hold nothing because the customer has opted out.

        Raises:
            UsageError: as :meth:`record`; nothing is noted then.
        """
        now, added = self._now(), list[ConsentRow]()
        # nobody has said anything tomorrow: what a customer says next is newer
        batch = [replace(each, at=min(each.at, now)) for each in batch]
        for each in batch:
            _check(each)
        refused: list[ConsentRow] = []
        with self._store.write(bulk=True) as connection:
            for each in batch:
                if rows.has_consent_row(connection, each):
                    continue
                try:
                    self._check_own_word(connection, each)
                except NotAllowed:
                    refused.append(each)
                    continue
                rows.add_consent(connection, each, self._actor.agent_id)
                added.append(each)
            # what was said of both kinds in one breath is one line in the ticket
            for _same, said in groupby(added, key=_word_of):
                self._note(connection, list(said), now)
        return len(added), refused

    def _check_own_word(self, connection: sqlite3.Connection, row: ConsentRow) -> None:
        last = rows.newest_consent(connection, row.channel, row.address)
        if row.state is not ConsentState.GIVEN or last is None or row.at <= last.at:
            return
        if last.state is ConsentState.WITHDRAWN and last.source in _THEMSELVES:
            label = CHANNELS[row.channel].label
            raise NotAllowed("consent.withdrawn-themselves", address=row.address, channel=label)

    def _note(
        self, connection: sqlite3.Connection, said: Sequence[ConsentRow], now: datetime
    ) -> None:
        """Say in the tickets of that number what was noted, of however many kinds."""
        row = said[0]
        tickets = tickets_of_address(connection, row.channel, row.address)
        kind = f"consent.{row.state.value}"
        after = {"source": row.source, "kinds": list(dict.fromkeys([one.kind for one in said]))}
        entries = [Entry(kind, each, None, {}, after) for each in tickets]
        activity.record(connection, self._actor, now, entries, new_change_id())
        for each in tickets:
            touch(connection, each, now)


def _word_of(row: ConsentRow) -> tuple[str, str, ConsentState, str]:
    return row.channel, row.address, row.state, row.source


def _check(row: ConsentRow) -> None:
    spec = CHANNELS.get(row.channel)
    if spec is None or not spec.has_opt_out:
        raise UsageError("consent.channel", channel=spec.label if spec else clean(row.channel))
    if not is_number(row.address):
        raise UsageError("consent.not-a-number", address=clean(row.address))
    if row.kind not in KINDS:
        raise UsageError("consent.kind", kind=clean(row.kind))
    if row.state is ConsentState.UNKNOWN:
        raise UsageError("consent.state", state=row.state.value)
    if row.source == AGENT and not row.detail:
        raise UsageError("consent.no-source")
