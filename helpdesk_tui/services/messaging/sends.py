"""What marketing sent, and which messages of customers answer it.

Sends come from a file, or from a source of facts through :meth:`Sends.store`; whichever comes
first, the send or its answer, the two find each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.messaging import sends as rows
from helpdesk_tui.db.messaging.sends import SendRow
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messaging.attribution import KINDS, answers
from helpdesk_tui.domain.setting.messaging import window_of
from helpdesk_tui.domain.text import clean
from helpdesk_tui.services.clock import Clock, utc_now

if TYPE_CHECKING:
    import sqlite3

__all__ = ["SendRow", "Sends", "attribute"]


class Sends:
    """Reads and stores marketing messages; every call blocks."""

    def __init__(self, store: Store, actor: Actor = SYSTEM, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def store(self, sends: Sequence[SendRow]) -> int:
        """Store sends in one transaction; return how many were new or had changed.

        Raises:
            UsageError: ``sends.kind``, ``sends.no-id``, ``sends.no-name`` or ``consent.channel``.
        """
        for each in sends:
            _check(each)
        now = self._now()
        with self._store.write(bulk=True) as connection:
            window = window_of(load_desk_settings(connection))
            people: dict[tuple[str, int], None] = {}
            changed = 0
            for each in sends:
                if rows.save_send(connection, each) is None:
                    continue
                changed += 1
                found = rows.profiles_of(connection, each.channel, each.address)
                people |= {(each.channel, profile): None for profile in found}
            for channel, profile in people:
                attribute(connection, channel, profile, window, now)
        return changed

    def page(
        self, *, before: int | None = None, limit: int = 50, answered: bool = False
    ) -> list[SendRow]:
        """Return sends, the newest first; ``before`` the id of one."""
        with self._store.read() as connection:
            return rows.list_sends(connection, before=before, limit=limit, answered=answered)


def attribute(
    connection: sqlite3.Connection, channel: str, profile: int, window: timedelta, now: datetime
) -> None:
    """Find which messages of a person answer which sends, inside the caller's transaction."""
    sends = rows.load_sends(connection, channel, profile)
    found = answers(sends, rows.load_words(connection, channel, profile), window)
    before = rows.load_answers(connection, [each.id for each in sends])
    changed = rows.save_answers(connection, before, found)
    if not changed:
        return
    sent = {message: send for send, message in found.items()}
    entries = [
        Entry("message.attributed", ticket, message, {}, {"send": sent.get(message)})
        for message, ticket in changed.items()
        if ticket
    ]
    activity.record(connection, SYSTEM, now, entries)
    tickets = sorted({ticket for ticket in changed.values() if ticket})
    rows.refresh_tickets(connection, tickets, now)


def attribute_arrival(
    connection: sqlite3.Connection,
    channel: str,
    profile: int,
    at: datetime,
    window: timedelta,
    now: datetime,
) -> None:
    """Look whether a message that has just been stored answers anything."""
    if rows.has_sends(connection, channel, profile, at - window, at):
        attribute(connection, channel, profile, window, now)


def _check(row: SendRow) -> None:
    spec = CHANNELS.get(row.channel)
    if spec is None or not spec.has_opt_out:
        raise UsageError("consent.channel", channel=spec.label if spec else clean(row.channel))
    if row.kind not in KINDS:
        raise UsageError("sends.kind", kind=clean(row.kind))
    if not row.external_id:
        raise UsageError("sends.no-id")
    if not row.name:
        raise UsageError("sends.no-name")
