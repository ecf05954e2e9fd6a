"""Triage: close, reopen, snooze, assign, tag, mark, spam; and taking any of it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from helpdesk_tui.db.activity import new_change_id
from helpdesk_tui.db.store import Store
from helpdesk_tui.db.triage import (
    due_ids,
    has_agent,
    has_team,
    next_wake,
)
from helpdesk_tui.domain import triage as verbs
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.tags import tag_names
from helpdesk_tui.domain.tickets import Priority
from helpdesk_tui.domain.triage import Change, Snooze, TicketState
from helpdesk_tui.domain.webchat import responder
from helpdesk_tui.services.applying import Verb, apply_verb
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.undoing import undo_change


class Triage:
    """The verbs over any number of tickets; every call blocks and is one transaction.

    What a verb does not apply to is skipped with a code, never an error. ``versions`` (ticket id →
    version) makes it skip tickets that changed since they were shown.
    """

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def close(self, ids: Sequence[int], *, versions: Mapping[int, int] | None = None) -> Change:
        """Close tickets."""
        now = self._now()
        return self._do(ids, lambda t: verbs.close(t, now), "ticket.closed", versions)

    def reopen(self, ids: Sequence[int], *, versions: Mapping[int, int] | None = None) -> Change:
        """Open closed or snoozed tickets."""
        return self._do(ids, verbs.reopen, "ticket.reopened", versions)

    def snooze(
        self,
        ids: Sequence[int],
        until: datetime | None,
        *,
        keep: bool = False,
        zone: str = "UTC",
        versions: Mapping[int, int] | None = None,
    ) -> Change:
        """Put tickets to sleep until a moment, or with None until the customer writes.

        Raises:
            UsageError: ``snooze.past``, or ``snooze.never-ends`` with neither end.
        """
        if until is None and keep:
            raise UsageError("snooze.never-ends", text="!")
        if until is not None and until <= self._now():
            raise UsageError("snooze.past", text=until.isoformat(timespec="minutes"))
        sleep = Snooze(until, keep, zone)
        return self._do(ids, lambda t: verbs.snooze(t, sleep), "ticket.snoozed", versions)

    def assign(
        self,
        ids: Sequence[int],
        agent_id: int | None,
        *,
        versions: Mapping[int, int] | None = None,
    ) -> Change:
        """Give tickets to an agent, or take them from agent and team alike.

        Raises:
            NotFound: ``agent.unknown`` if there is no such active agent.
        """
        if agent_id is not None:
            with self._store.read() as connection:
                if not has_agent(connection, agent_id):
                    raise NotFound("agent.unknown", name=agent_id)
        return self._do(ids, lambda t: verbs.assign(t, agent_id), "ticket.assigned", versions)

    def assign_team(
        self,
        ids: Sequence[int],
        team_id: int,
        *,
        versions: Mapping[int, int] | None = None,
    ) -> Change:
        """Give tickets to a team: they are nobody's until one of it takes them.

        Raises:
            NotFound: ``team.unknown`` if there is no such team.
        """
        with self._store.read() as connection:
            if not has_team(connection, team_id):
                raise NotFound("team.unknown", name=team_id)
        return self._do(ids, lambda t: verbs.assign_team(t, team_id), "ticket.team", versions)

    def set_priority(
        self,
        ids: Sequence[int],
        priority: Priority,
        *,
        versions: Mapping[int, int] | None = None,
    ) -> Change:
        """Say how urgent tickets are."""
        return self._do(ids, lambda t: verbs.set_priority(t, priority), "ticket.priority", versions)

    def tag(
        self,
        ids: Sequence[int],
        names: Sequence[str],
        *,
        versions: Mapping[int, int] | None = None,
    ) -> Change:
        """Add tags.

        Raises:
            UsageError: ``tag.invalid`` or ``tag.none``.
        """
        tags = tag_names(names)
        return self._do(ids, lambda t: verbs.tag(t, tags), "ticket.tagged", versions)

    def untag(
        self,
        ids: Sequence[int],
        names: Sequence[str],
        *,
        versions: Mapping[int, int] | None = None,
    ) -> Change:
        """Take tags away.

        Raises:
            UsageError: ``tag.invalid`` or ``tag.none``.
        """
        tags = tag_names(names)
        return self._do(ids, lambda t: verbs.untag(t, tags), "ticket.untagged", versions)

    def retag(
        self,
        ids: Sequence[int],
        add: Sequence[str],
        remove: Sequence[str],
        *,
        versions: Mapping[int, int] | None = None,
    ) -> Change:
        """Add and take away tags, in one change.

        Raises:
            UsageError: ``tag.invalid``, or ``tag.none`` with neither.
        """
        if not remove:
            return self.tag(ids, add, versions=versions)
        if not add:
            return self.untag(ids, remove, versions=versions)
        on, off = tag_names(add), tag_names(remove)

        def verb(ticket: TicketState) -> TicketState | str:
            added = verbs.tag(ticket, on)
            between = ticket if isinstance(added, str) else added
            after = verbs.untag(between, off)
            return added if isinstance(after, str) else after

        return self._do(ids, verb, "ticket.tagged", versions)

    def mark_read(self, ids: Sequence[int], *, versions: Mapping[int, int] | None = None) -> Change:
        """Mark tickets read."""
        return self._do(ids, lambda t: verbs.mark(t, unread=False), "ticket.read", versions)

    def mark_unread(
        self, ids: Sequence[int], *, versions: Mapping[int, int] | None = None
    ) -> Change:
        """Mark tickets unread."""
        return self._do(ids, lambda t: verbs.mark(t, unread=True), "ticket.unread", versions)

    def spam(self, ids: Sequence[int], *, versions: Mapping[int, int] | None = None) -> Change:
        """Move tickets to Spam."""
        return self._do(ids, verbs.spam, "ticket.spam", versions)

    def not_spam(self, ids: Sequence[int], *, versions: Mapping[int, int] | None = None) -> Change:
        """Take tickets out of Spam and open them."""
        return self._do(ids, verbs.not_spam, "ticket.not-spam", versions)

    def take_over(self, ids: Sequence[int], *, versions: Mapping[int, int] | None = None) -> Change:
        """Take chats from the automatic responder: they are open and this agent's.

        Raises:
            NotAllowed: ``agent.missing``.
        """
        agent_id, now = self._actor.agent_id, self._now()
        if agent_id is None:
            raise NotAllowed("agent.missing")

        def verb(ticket: TicketState) -> TicketState | str:
            taken = responder.take_over(ticket, now)
            return taken if isinstance(taken, str) else replace(taken, assignee_id=agent_id)

        return self._do(ids, verb, "ticket.taken-over", versions)

    def wake_due(self, *, limit: int = 500) -> Change:
        """Open tickets whose snooze has ended; for the worker, once in a while."""
        now = self._now()
        with self._store.read() as connection:
            ids = due_ids(connection, now, limit)
        return self._do(ids, lambda t: verbs.wake(t, now), "ticket.woken", None)

    def next_wake(self) -> datetime | None:
        """Return when the next snooze ends."""
        with self._store.read() as connection:
            return next_wake(connection)

    def undo(self, change_id: str) -> Change:
        """Take back an action, also days later; taking back an undo does it again.

        Only fields that still are as the action left them are restored; the others are named in
        ``kept``. Messages are not touched: see :meth:`Replies.undo_send`.

        Raises:
            NotFound: ``change.unknown`` if there is nothing under this id that triage did.
        """
        now = self._now()
        with self._store.write() as connection:
            return undo_change(connection, self._actor, now, change_id)

    def _do(
        self, ids: Sequence[int], verb: Verb, kind: str, versions: Mapping[int, int] | None
    ) -> Change:
        change_id = new_change_id()
        if not ids:
            return Change(change_id, ())
        with self._store.write() as connection:
            return apply_verb(
                connection,
                self._actor,
                self._now(),
                ids,
                verb,
                kind=kind,
                change_id=change_id,
                versions=versions,
            )
