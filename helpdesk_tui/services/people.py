"""Link two profiles that are one person, and unlink them exactly; never on a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db import people as rows
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.commerce.values import refresh_worth
from helpdesk_tui.db.messaging.contacts import find_profile
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.customers import PersonRow
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.text import fold
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.services import merging
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.commerce.matching import forget_foreign

if TYPE_CHECKING:
    import sqlite3

LINKED, UNLINKED = "profile.linked", "profile.unlinked"
KINDS = (LINKED, UNLINKED)
"""Activity that :func:`take_back` undoes."""
_MOST = 20
"""People offered at most."""


class People:
    """Says which profiles are one person; every call blocks and is one transaction.

    :meth:`Triage.undo` takes both back.
    """

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def link(self, profile: int, into: int) -> Change:
        """Make a profile part of another: its identities and tickets are that one's from now on.

        Where a channel has one ticket per person, the two tickets on one number of ours are merged
        into the older one; a pair that cannot be (one is spam) is named in ``skipped``.

        Raises:
            NotFound: ``profile.missing``.
            UsageError: ``profile.same``.
            NotAllowed: ``profile.linked`` if one of them is linked already, ``merge.sending`` while
                a reply of a ticket that would be merged is on its way out.
        """
        with self._store.write() as connection:
            work = _Work(connection, self._actor, self._now())
            return work.link(profile, into)

    def unlink(self, profile: int) -> Change:
        """Let a linked profile stand by itself again, with all that it brought.

        Tickets that came in from its addresses since go with it.

        Raises:
            NotFound: ``profile.missing``.
            NotAllowed: ``profile.not-linked``.
        """
        with self._store.write() as connection:
            found = rows.load_link(connection, profile)
            if found is None:
                raise NotFound("profile.missing", id=profile)
            change_id = rows.load_link_change(connection, profile)
            if found.merged_into is None or not change_id:
                raise NotAllowed("profile.not-linked", id=profile)
            entries = activity.load_change(connection, change_id)
            return _Work(connection, self._actor, self._now()).unlink(entries)

    def person(self, profile: int) -> PersonRow:
        """Return a customer by the number of their profile.

        Raises:
            NotFound: ``profile.missing``.
        """
        with self._store.read() as connection:
            found = rows.load_person(connection, profile)
        if found is None:
            raise NotFound("profile.missing", id=profile)
        return found

    def named(self, address: str) -> int:
        """Return the number of whoever has exactly this mail address or number, links followed.

        Raises:
            NotFound: ``profile.missing``.
        """
        said = address.strip().lower()
        digits = "+" + "".join([sign for sign in said if sign.isdecimal()])
        keys = [("email", said)] if "@" in said else [("phone", said), ("phone", digits)]
        with self._store.read() as connection:
            found = find_profile(connection, keys)
        if found is None:
            raise NotFound("profile.missing", id=address)
        return found[0]

    def linked(self, profile: int) -> tuple[PersonRow, ...]:
        """Return who was linked to a customer and brought tickets along."""
        with self._store.read() as connection:
            return tuple(rows.load_linked(connection, profile, _MOST))

    def alike(self, profile: int, hits: Sequence[int] = ()) -> tuple[PersonRow, ...]:
        """Return who may be the same person, the likeliest first.

        Args:
            profile: The customer.
            hits: Profiles found by other means, such as a search for the name.

        Raises:
            NotFound: ``profile.missing``.
        """
        person = self.person(profile)
        wanted = fold(person.name).split()
        with self._store.read() as connection:
            found = {each.id: each for each in rows.load_same_values(connection, person, _MOST)}
            for each in dict.fromkeys(hits):
                known = rows.load_person(connection, rows.standing(connection, each))
                if known is None or known.id == profile or known.id in found:
                    continue
                is_same = bool(wanted) and fold(known.name).split() == wanted
                found[known.id] = replace(known, why="name" if is_same else "")
        return tuple(sorted(found.values(), key=lambda each: not each.why))[:_MOST]


class _Work:
    """One link or unlink inside the caller's transaction."""

    def __init__(
        self, connection: sqlite3.Connection, actor: Actor, now: datetime, change_id: str = ""
    ) -> None:
        self._connection = connection
        self._actor = actor
        self._now = now
        self._change_id = change_id or new_change_id()

    def link(self, profile: int, into: int) -> Change:
        self._check(profile, into)
        link = self._connection
        identities = rows.identities_of(link, profile)
        tickets = rows.tickets_of(link, profile)
        rows.move_identities(link, identities, source=profile, target=into)
        rows.move_tickets(link, tickets, source=profile, target=into, now=self._now)
        filled = rows.fill_in(link, source=profile, target=into)
        rows.set_linked(link, profile, into, self._now)
        refresh_worth(link, into)
        after = {"profile": profile, "into": into, "identities": identities, "tickets": tickets,
                 "filled": filled}  # fmt: skip
        self._record(Entry(LINKED, after=after), "ticket.linked", tickets, profile, into)
        return Change(self._change_id, tuple(tickets), self._merge_lines(into))

    def _check(self, profile: int, into: int) -> None:
        if profile == into:
            raise UsageError("profile.same", id=profile)
        for each in (profile, into):
            found = rows.load_link(self._connection, each)
            if found is None:
                raise NotFound("profile.missing", id=each)
            if found.merged_into is not None:
                raise NotAllowed("profile.linked", id=each, into=found.merged_into)

    def _merge_lines(self, profile: int) -> tuple[tuple[int, str], ...]:
        """Merge what should be one ticket per person; return what could not be."""
        channels = [name for name, each in CHANNELS.items() if each.is_one_per_person]
        skipped: list[tuple[int, str]] = []
        for target, *others in rows.load_same_line(self._connection, profile, channels):
            change = merging.merge_within(
                self._connection, self._actor, self._now, others, target, self._change_id
            )
            skipped += change.skipped
        for ticket_id, code in skipped:
            if code == "merge.sending":
                raise NotAllowed(code, id=ticket_id)
        return tuple(skipped)

    def unlink(self, entries: Sequence[Entry]) -> Change:
        """Take back the link that these entries of one change made."""
        link = self._connection
        after = next(entry.after for entry in entries if entry.kind == LINKED)
        profile, into = after["profile"], after["into"]
        found = rows.load_link(link, profile)
        if found is None or found.merged_into != into:
            skipped = tuple((each, "undo.changed-since") for each in after["tickets"])
            return Change(self._change_id, (), skipped)
        merged = [entry for entry in entries if entry.kind in merging.STRUCTURAL]
        if merged:
            merging.take_back(link, self._actor, self._now, merged, self._change_id)
        stands = rows.standing(link, into)
        identities = rows.move_identities(link, after["identities"], source=stands, target=profile)
        wanted = {*after["tickets"], *rows.tickets_by(link, stands, identities)}
        # a ticket that was given to an address of the other one since stays there
        wanted -= {*rows.tickets_by(link, stands, rows.identities_of(link, stands))}
        tickets = rows.move_tickets(
            link, sorted(wanted), source=stands, target=profile, now=self._now
        )
        for each in (stands, profile):
            rows.readdress(link, each)
        self._empty_out(profile, into, after["filled"])
        rows.set_linked(link, profile, None, self._now)
        for each in (stands, profile):
            forget_foreign(link, each)
            refresh_worth(link, each)
        before = {"profile": profile, "into": into}
        self._record(Entry(UNLINKED, before=before), "ticket.unlinked", tickets, stands, profile)
        return Change(self._change_id, tuple(tickets))

    def _empty_out(self, profile: int, into: int, filled: Sequence[str]) -> None:
        """Take back what a profile gave, also where it was handed on to."""
        names, target = list(filled), into
        while names:
            rows.empty_out(self._connection, names, source=profile, target=target)
            entry = self._linked(target)
            if entry is None:
                return
            names = [name for name in names if name in entry.after["filled"]]
            target = entry.after["into"]

    def _linked(self, profile: int) -> Entry | None:
        """Return the entry of the link that a profile is part of another by."""
        found = rows.load_link(self._connection, profile)
        if found is None or found.merged_into is None:
            return None
        logged = activity.load_change(
            self._connection, rows.load_link_change(self._connection, profile)
        )
        return next((entry for entry in logged if entry.kind == LINKED), None)

    def _record(
        self, entry: Entry, kind: str, tickets: Sequence[int], source: int, target: int
    ) -> None:
        moved = [
            Entry(kind, each, None, {"profile_id": source}, {"profile_id": target})
            for each in tickets
        ]
        activity.record(self._connection, self._actor, self._now, [entry, *moved], self._change_id)


def take_back(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    entries: Sequence[Entry],
    change_id: str,
) -> Change:
    """Undo a link, or the undoing of one, inside the caller's transaction."""
    work = _Work(connection, actor, now, change_id)
    if any(entry.kind == LINKED for entry in entries):
        return work.unlink(entries)
    before = next(entry.before for entry in entries if entry.kind == UNLINKED)
    return work.link(before["profile"], before["into"])
