"""What happened, and going back on it: pages of the log, what an undo would do, and the undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.db.activity import (
    count_change,
    has_kind,
    load_change,
    load_change_part,
    load_latest_turn,
)
from helpdesk_tui.db.reads import activity as rows
from helpdesk_tui.db.reads.merging import load_parts
from helpdesk_tui.db.rehearsal import rehearsed
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.activity import (
    BY_READING,
    ON_ITS_WAY,
    UNDOABLE,
    ActivityFilter,
    ActivityPage,
    UndoPreview,
    following,
    is_undone,
    turns_of,
)
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import HelpdeskError, NotFound
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.services import merging, people
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.undoing import undo_change, undo_part

if TYPE_CHECKING:
    import sqlite3

PAGE = 50
_SHOWN = 200
"""Entries of one action that a preview shows; of a larger one it only counts the tickets."""
_ASKED_FOR = UNDOABLE - BY_READING - {"change.undone"} | ON_ITS_WAY
_CANDIDATES = 200
_WHOLE = (*merging.STRUCTURAL, *people.KINDS)
"""Kinds whose change is only taken back as a whole."""


class Activity:
    """Reads the log and goes back on what stands in it; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def page(
        self, wanted: ActivityFilter, *, after: int | None = None, limit: int = PAGE
    ) -> ActivityPage:
        """Return a page of the log, the newest first.

        Of the desk no more than a bounded part is looked at for each page: one that finds little
        is short, and ``next`` goes on.

        Raises:
            NotFound: ``ticket.missing``.
        """
        with self._store.read() as connection:
            if wanted.ticket_id is None:
                found, more = rows.load_desk_page(connection, wanted, before=after, limit=limit)
            else:
                if not rows.has_ticket(connection, wanted.ticket_id):
                    raise NotFound("ticket.missing", id=wanted.ticket_id)
                tickets = [wanted.ticket_id, *load_parts(connection, wanted.ticket_id)]
                found = rows.load_ticket_page(
                    connection, tickets, wanted, before=after, limit=limit + 1
                )
                more = found[limit - 1].id if len(found) > limit else None
                found = found[:limit]
            named = rows.load_names(connection, found)
            return ActivityPage(rows.with_latest(connection, named), more)

    def newest_undoable(self) -> UndoPreview | None:
        """Return this agent's newest action that stands and would be taken back; None for none."""
        with self._store.read() as connection:
            changes = rows.load_own_changes(
                connection, self._actor.agent_id, _ASKED_FOR, limit=_CANDIDATES
            )
            standing = [
                change
                for change in changes
                if not is_undone(change, load_latest_turn(connection, change))
            ]
        for change in standing:
            preview = self.preview(change)
            if preview.tickets:
                return preview
        return None

    def preview(self, change_id: str) -> UndoPreview:
        """Return what taking back an action would do now; one that was undone is done again.

        It is done in a transaction that is rolled back: what is shown is what happens.

        Raises:
            NotFound: ``change.unknown``.
        """
        with self._store.write() as connection:
            standing = load_latest_turn(connection, change_id) or change_id
            first = rows.load_change_rows(connection, standing, 1)
            total = count_change(connection, standing)
            if not first:
                raise NotFound("change.unknown", id=change_id)
            done = rows.load_names(connection, rows.load_change_rows(connection, standing, _SHOWN))
            with rehearsed(connection):
                change = self._look_ahead(connection, standing, total)
                made = rows.load_change_rows(connection, change.change_id, _SHOWN)
                named = rows.load_names(connection, made)
        return UndoPreview(
            change_id=standing,
            at=first[0].at,
            agent=first[0].agent,
            entries=tuple(named) if change.changed else (),
            done=tuple(done),
            tickets=total if total > _SHOWN and change.changed else len(change.changed),
            kept=change.kept,
            skipped=change.skipped,
            again=turns_of(standing) % 2 == 1,
        )

    def _look_ahead(self, connection: sqlite3.Connection, standing: str, total: int) -> Change:
        """Take an action back; of a large one only the newest part, since nobody may write now."""
        if total <= _SHOWN or has_kind(connection, standing, _WHOLE):
            return self._undo(connection, standing)
        part, _before = load_change_part(connection, standing, None, _SHOWN)
        now, new_id = self._now(), following(standing)
        return undo_part(connection, self._actor, now, standing, part, new_id)

    def undo(self, change_id: str) -> Change:
        """Take back an action, and a reply of it where it has not left.

        Taking back an undoing (``change_id`` of :meth:`preview`) does the action again. Of two
        agents who ask at once one does it, the other is told so in ``skipped``.

        Raises:
            NotFound: ``change.unknown``.
        """
        with self._store.write() as connection:
            return self._undo(connection, change_id)

    def _undo(self, connection: sqlite3.Connection, change_id: str) -> Change:
        logged = load_change(connection, change_id)
        kinds = {entry.kind for entry in logged}
        if kinds.isdisjoint(ON_ITS_WAY) or "macro.applied" in kinds:
            return undo_change(connection, self._actor, self._now(), change_id)
        # how replies are rendered is loaded only where one is taken back
        from helpdesk_tui.services.unsend import undo_send

        queued = next(entry for entry in logged if entry.kind in ON_ITS_WAY)
        try:
            undo_send(connection, self._actor, self._now(), queued.message_id or 0)
        except HelpdeskError as error:
            if any(kind.startswith("ticket.") for kind in kinds):
                return undo_change(connection, self._actor, self._now(), change_id)
            return Change(change_id, (), ((queued.ticket_id or 0, error.code),))
        return Change(following(change_id), (queued.ticket_id or 0,))
