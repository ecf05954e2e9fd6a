"""One action on many tickets: in short transactions with a rest between, and under one change id.

What is done is done: a run that is stopped, fails or is killed halfway leaves whole transactions
behind, all of them under the id of the change, so that one undo takes them back.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.reads.targets import Part, load_plain, load_versions
from helpdesk_tui.domain.activity import following, turns_of
from helpdesk_tui.domain.errors import HelpdeskError, NotFound
from helpdesk_tui.domain.tickets import Sort, TicketRow, View, ViewFilter
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.services import merging, people
from helpdesk_tui.services.undoing import undo_part

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.services.desk import Desk

CHUNK = 100
"""Tickets of one transaction."""
_ENTRIES = 120
"""Entries of the log that one transaction takes back."""
_REST = 0.01
_LONG_REST = 0.03
"""Seconds between two transactions, the longer one while agents had to wait."""
SAMPLE = 5
"""Tickets that a dry run shows."""

Verb = Callable[["Desk", Sequence[int], "Mapping[int, int] | None"], Change]
"""Changes tickets: the desk, their ids, and the versions they were shown in."""
Told = Callable[[int, int], object]
"""Hears how many tickets of how many are through."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The tickets an action is about, and in which versions; half a million fit in 8 MB."""

    ids: Sequence[int]
    versions: Sequence[int] = ()
    """One for each ticket, or none at all."""

    @classmethod
    def of(cls, versions: Mapping[int, int]) -> Targets:
        """Return tickets with the versions they were shown in."""
        return cls(array("q", versions.keys()), array("q", versions.values()))

    def part(self, start: int, size: int) -> tuple[list[int], dict[int, int] | None]:
        """Return some of them, and their versions."""
        ids = list(self.ids[start : start + size])
        if not self.versions:
            return ids, None
        return ids, dict(zip(ids, self.versions[start : start + size], strict=True))

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an action on many tickets."""

    change_id: str
    """What one undo takes back."""
    total: int
    seen: int = 0
    """Tickets it got to before it ended."""
    changed: Sequence[int] = ()
    skipped: tuple[tuple[int, str], ...] = ()
    """(ticket id, code why it was left as it is)."""
    kept: tuple[tuple[int, str], ...] = ()
    """Undo: (ticket id, field) that somebody else has changed since."""
    error: HelpdeskError | None = None
    """What ended it halfway."""

    @property
    def is_whole(self) -> bool:
        """Whether it got to every ticket."""
        return self.seen >= self.total


@dataclass(slots=True)
class _Sum:
    """Adds up the parts of a run."""

    changed: array[int] = field(default_factory=lambda: array("q"))
    skipped: list[tuple[int, str]] = field(default_factory=list)
    kept: list[tuple[int, str]] = field(default_factory=list)
    seen: int = 0

    def add(self, change: Change, seen: int) -> None:
        self.changed.extend(change.changed)
        self.skipped += change.skipped
        self.kept += change.kept
        self.seen += seen

    def report(self, change_id: str, total: int, error: HelpdeskError | None) -> Report:
        return Report(
            change_id, total, self.seen, self.changed, tuple(self.skipped), tuple(self.kept), error
        )


class Bulk:
    """Does one thing to any number of tickets; every call blocks, the long ones can be stopped."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # which tickets ---------------------------------------------------------------------------

    def everything(
        self, where: ViewFilter, *, left_out: Collection[int] = (), stop: Event | None = None
    ) -> Targets:
        """Return all tickets of a list as they are now, in its order.

        Raises:
            QueryError: for a query that cannot be understood.
        """
        ids, versions = array("q"), array("q")
        for part in self._parts(where):
            for ticket_id, version in part:
                if ticket_id not in left_out:
                    ids.append(ticket_id)
                    versions.append(version)
            if stop is not None and stop.is_set():
                break
        return Targets(ids, versions)

    def _parts(self, where: ViewFilter) -> Iterator[Part]:
        if where.view is View.MINE and where.agent_id is None:
            where = replace(where, agent_id=self._desk.actor.agent_id)
        if where.query.strip():
            yield from self._desk.inbox.searches.everything(where)
            return
        order = where.sort if where.sort is Sort.OLDEST else Sort.NEWEST
        with self._desk.store.read() as connection:
            yield from load_plain(connection, replace(where, sort=order))

    def named(self, ids: Sequence[int]) -> Targets:
        """Return tickets by their numbers, in the versions they have now."""
        with self._desk.store.read() as connection:
            return Targets.of(dict(load_versions(connection, ids)))

    def sample(self, targets: Targets) -> tuple[TicketRow, ...]:
        """Return the first few of them, as a list shows them."""
        wanted = list(targets.ids[:SAMPLE])
        found: dict[int, TicketRow] = {}
        for view in (View.ALL, View.SPAM):
            rows = self._desk.inbox.rows(wanted, ViewFilter(view))
            found |= {one: row for one, row in rows.items() if row is not None}
        return tuple(found[one] for one in wanted if one in found)

    def count(self, change_id: str) -> int:
        """Return how many tickets an action was done to."""
        with self._desk.store.read() as connection:
            return activity.count_change(connection, change_id)

    # doing -----------------------------------------------------------------------------------

    def run(
        self,
        verb: Verb,
        targets: Targets,
        *,
        change_id: str = "",
        told: Told | None = None,
        stop: Event | None = None,
    ) -> Report:
        """Do something to tickets, in one transaction or in many short ones.

        Args:
            verb: What is done to a part of them.
            targets: Which; those that are in another version by then are skipped.
            change_id: The id it is done under; a new one where not given.
            told: Hears after each transaction how far it is.
            stop: Ends it before the next transaction.

        Raises:
            HelpdeskError: what the verb raised before anything was done.
        """
        change_id, stop = change_id or activity.new_change_id(), stop or Event()
        total, done = len(targets), _Sum()
        error: HelpdeskError | None = None
        with activity.one_change(change_id), self._pace(total):
            for start in range(0, total, CHUNK):
                if stop.is_set():
                    break
                ids, seen = targets.part(start, CHUNK)
                try:
                    done.add(verb(self._desk, ids, seen), len(ids))
                except HelpdeskError as reason:
                    if not done.changed:
                        raise
                    error = reason
                    break
                self._between(stop, told, done.seen, total)
        return done.report(change_id, total, error)

    def undo(
        self, change_id: str, *, told: Told | None = None, stop: Event | None = None
    ) -> Report:
        """Take back an action, however many tickets it changed; undoing that does it again.

        One that was stopped halfway goes on where it stood.

        Raises:
            NotFound: ``change.unknown`` if there is nothing under this id to take back.
        """
        stop = stop or Event()
        with self._desk.store.read() as connection:
            total = activity.count_change(connection, change_id)
            standing, new_id = _turn(connection, change_id)
            in_one = total <= CHUNK or activity.has_kind(
                connection, standing, (*merging.STRUCTURAL, *people.KINDS)
            )
        if in_one or not standing:
            change = self._desk.triage.undo(change_id)
            done = _Sum()
            done.add(change, total)
            return done.report(change.change_id, total, None)
        return self._undo_parts(standing, new_id, total, told, stop)

    def _undo_parts(
        self, change_id: str, new_id: str, total: int, told: Told | None, stop: Event
    ) -> Report:
        done, before, error = _Sum(), None, None
        with self._pace(total):
            while not stop.is_set():
                try:
                    before = self._undo_part(change_id, new_id, before, done)
                except HelpdeskError as reason:
                    if not done.changed:
                        raise
                    error = reason
                    break
                self._between(stop, told, done.seen, total)
                if before is None:
                    done.seen = total
                    break
        return done.report(new_id, total, error)

    def _undo_part(self, change_id: str, new_id: str, before: int | None, done: _Sum) -> int | None:
        desk = self._desk
        with desk.store.write() as connection:
            entries, older = activity.load_change_part(connection, change_id, before, _ENTRIES)
            if not entries and not done.seen:
                raise NotFound("change.unknown", id=change_id)
            change = undo_part(connection, desk.actor, desk.clock(), change_id, entries, new_id)
        done.add(change, len({entry.ticket_id for entry in entries}))
        return older

    @contextmanager
    def _pace(self, total: int) -> Iterator[None]:
        """Let agents go first while there is much to do; a few tickets are an agent's own."""
        if total <= CHUNK:
            yield
            return
        with self._desk.store.stepping_back():
            yield

    def _between(self, stop: Event, told: Told | None, seen: int, total: int) -> None:
        if told is not None:
            told(seen, total)
        if seen < total:
            stop.wait(_LONG_REST if self._desk.store.turnstile.is_wanted else _REST)


def _turn(connection: sqlite3.Connection, change_id: str) -> tuple[str, str]:
    """Return which change is to be taken back now and under which id.

    An undo that did not get through has fewer tickets than its action: it goes on under its id.
    Empty says that there is nothing to take back in parts.
    """
    latest = activity.load_latest_turn(connection, change_id)
    if not latest or latest == change_id:
        return change_id, following(change_id)
    if turns_of(latest) % 2 == turns_of(change_id) % 2:
        return latest, following(latest)
    done = activity.count_change(connection, latest)
    if latest == following(change_id) and done < activity.count_change(connection, change_id):
        return change_id, latest
    return "", ""
