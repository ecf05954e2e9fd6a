"""Erase one customer for good: nothing brings them back, and a broken-off run is run again."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.blobs import blob_file
from helpdesk_tui.db.commerce import erasing as rows
from helpdesk_tui.db.commerce.group import has_profile, load_group
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, Role
from helpdesk_tui.domain.errors import NotAllowed, NotFound
from helpdesk_tui.services.clock import Clock, utc_now


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased."""

    profiles: tuple[int, ...]
    tickets: tuple[int, ...]
    files: int
    """Mails and attachments whose bytes are gone."""


class Erasing:
    """Erases customers; owners only, as nothing of it can be undone. Every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def extent(self, profile_id: int) -> Erased:
        """Return what :meth:`erase` would erase; files are not counted.

        Raises:
            NotFound: ``profile.missing``.
            NotAllowed: as :meth:`erase`.
        """
        if self._actor.role is not Role.OWNER:
            raise NotAllowed("role.owner-needed", role=self._actor.role.value)
        with self._store.read() as connection:
            if not has_profile(connection, profile_id):
                raise NotFound("profile.missing", id=profile_id)
            group = load_group(connection, profile_id)
            if rows.is_busy(connection, group):
                raise NotAllowed("erase.busy", id=profile_id)
            return Erased(group.members, tuple(rows.load_tickets(connection, group)), 0)

    def erase(self, profile_id: int) -> Erased:
        """Erase a customer, with every profile that was linked to them; it cannot be undone.

        One transaction for each ticket, so that nobody waits; their names and addresses go last,
        so that what was broken off is found and finished by the next call.

        Raises:
            NotFound: ``profile.missing``.
            NotAllowed: ``role.owner-needed``, or ``erase.busy`` while a chat runs or a message or
                a change of an order is on its way.
        """
        extent = self.extent(profile_id)
        with self._store.read() as connection:
            group = load_group(connection, profile_id)
            names = rows.load_names(connection, group)
        now = self._now()
        with self._store.write(bulk=True) as connection:
            gone = rows.drop_bytes(connection, extent.tickets, names)
        for each in gone:
            blob_file(self._store.paths.blobs, each).unlink(missing_ok=True)
        for ticket in extent.tickets:
            with self._store.write(bulk=True) as connection:
                rows.blank_ticket(connection, ticket, names, now)
                activity.record(connection, self._actor, now, [Entry("profile.erased", ticket)])
        with self._store.write(bulk=True) as connection:
            rows.blank_profile(connection, group, names, now)
            after = {"profile": group.root}
            activity.record(connection, self._actor, now, [Entry("profile.erased", after=after)])
        self._tidy_search()
        return Erased(extent.profiles, extent.tickets, len(gone))

    def _tidy_search(self) -> None:
        is_first = has_more = True
        while has_more:
            with self._store.write(bulk=True) as connection:
                has_more = rows.tidy_search(connection, is_first=is_first)
            is_first = False
