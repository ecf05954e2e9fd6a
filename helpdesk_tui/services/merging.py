"""Merge tickets of one customer, split messages off, and take either back exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import activity
from helpdesk_tui.db import merging as rows
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.reads.merging import load_parts
from helpdesk_tui.db.store import Store
from helpdesk_tui.db.triage import load_states, save_states
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed, NotFound
from helpdesk_tui.domain.merging import absorbed, refusal
from helpdesk_tui.domain.messages import Direction
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.domain.triage import Change, TicketState, differences, is_final, restored
from helpdesk_tui.services.clock import Clock, utc_now

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Split:
    """A ticket that was split off."""

    ticket_id: int
    change: Change


class Merging:
    """Makes one ticket of several and several of one; every call blocks, one transaction each."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def merge(
        self, ids: Sequence[int], into: int, *, versions: Mapping[int, int] | None = None
    ) -> Change:
        """Make tickets part of another; later mail to them goes there.

        A ticket that may not be merged is skipped with a code; an earlier merge of ``into`` is
        followed. ``versions`` skips tickets that changed since they were shown.

        Raises:
            NotFound: ``ticket.missing`` if there is no ticket ``into``.
        """
        change_id = new_change_id()
        with self._store.write() as connection:
            work = _Work(connection, self._actor, self._now(), change_id)
            return work.merge(ids, rows.follow(connection, into), versions=versions or {})

    def unmerge(self, ticket_id: int) -> Change:
        """Take a ticket out again with all it brought.

        Raises:
            NotFound: ``ticket.missing``.
            NotAllowed: ``merge.not-merged``.
        """
        change_id = new_change_id()
        with self._store.write() as connection:
            work = _Work(connection, self._actor, self._now(), change_id)
            return work.unmerge(ticket_id)

    def split(self, message_id: int, *, following: bool = False) -> Split:
        """Make a ticket of a message, or with ``following`` of it and all after it.

        Raises:
            NotFound: ``message.missing``.
            NotAllowed: ``split.one-per-person`` on SMS and WhatsApp, ``split.chat`` or
                ``ticket.chat-ended`` on webchat, ``split.nothing-left`` if no message would stay,
                ``split.only-notes`` if none would go, ``merge.sending`` while a reply is on its
                way out.
        """
        change_id = new_change_id()
        with self._store.write() as connection:
            work = _Work(connection, self._actor, self._now(), change_id)
            return work.split(message_id, following=following)

    def bring_drafts(self, ids: Sequence[int]) -> bool:
        """Move texts written in merged tickets to where these stand; return whether any was.

        A colleague may have been writing while the ticket was merged.
        """
        with self._store.read() as connection:
            late = rows.drafted(connection, ids)
        if not late:
            return False
        with self._store.write() as connection:
            for ticket_id in late:
                rows.move_drafts(
                    connection, source=ticket_id, target=rows.follow(connection, ticket_id)
                )
        return True

    def decline(self, ticket_id: int) -> Change:
        """Forget the offer to merge or split that a ticket carries."""
        change_id, now = new_change_id(), self._now()
        with self._store.write() as connection:
            before = load_states(connection, [ticket_id]).get(ticket_id)
            if before is None or not before.offer:
                return Change(change_id, (), ((ticket_id, "ticket.no-offer"),))
            after = replace(before, offer="")
            save_states(connection, [(before, after)], now)
            entry = Entry("ticket.offer-declined", ticket_id, None, *differences(before, after))
            activity.record(connection, self._actor, now, [entry], change_id)
        return Change(change_id, (ticket_id,))


class _Work:
    """One merge, un-merge or split inside the caller's transaction."""

    def __init__(
        self, connection: sqlite3.Connection, actor: Actor, now: datetime, change_id: str
    ) -> None:
        self._connection = connection
        self._actor = actor
        self._now = now
        self._change_id = change_id
        self._claims: dict[int, dict[int, int]] = {}

    def merge(
        self,
        ids: Sequence[int],
        into: int,
        *,
        is_return: bool = False,
        versions: Mapping[int, int] = MappingProxyType({}),
    ) -> Change:
        wanted = list(dict.fromkeys(ids))
        states = load_states(self._connection, [*wanted, into])
        if into not in states:
            raise NotFound("ticket.missing", id=into)
        profiles = rows.load_profiles(self._connection, list(states))
        done: list[int] = []
        skipped: list[tuple[int, str]] = []
        for ticket_id in wanted:
            source = states.get(ticket_id)
            if source is None:
                skipped.append((ticket_id, "ticket.missing"))
                continue
            if versions.get(ticket_id, source.version) != source.version:
                skipped.append((ticket_id, "ticket.changed-meanwhile"))
                continue
            code = refusal(
                source,
                states[into],
                same_customer=is_return or profiles[ticket_id] == profiles[into],
                is_sending=bool(rows.leaving(self._connection, ticket_id)),
            )
            if code:
                skipped.append((ticket_id, code))
                continue
            states[into] = self._absorb(source, states[into])
            done.append(ticket_id)
        if done:
            rows.refresh_summary(self._connection, into, self._now)
        return Change(self._change_id, tuple(done), tuple(skipped))

    def _absorb(self, source: TicketState, target: TicketState) -> TicketState:
        link = self._connection
        messages = rows.message_ids(link, source.id)
        waits = [each.waiting_since for each in (source, target) if each.waiting_since is not None]
        rows.move_messages(link, messages, source=source.id, target=target.id)
        rows.lend_people(link, source=source.id, target=target.id)
        rows.move_drafts(link, source=source.id, target=target.id)
        rows.set_merged(link, source.id, target.id, self._now)
        open_waits = [w for w in waits if not rows.human_reply_after(link, target.id, to_us(w))]
        after = absorbed(target, source, waiting_since=min(open_waits, default=None))
        save_states(link, [(target, after)], self._now)
        was, is_now = differences(target, after)
        self._record(
            Entry("ticket.merged", source.id, None, {},
                  {"merged_into": target.id, "messages": messages}),
            Entry("ticket.absorbed", target.id, None, was, {**is_now, "ticket": source.id}),
        )  # fmt: skip
        return after

    def unmerge(self, ticket_id: int) -> Change:
        state = load_states(self._connection, [ticket_id]).get(ticket_id)
        if state is None:
            raise NotFound("ticket.missing", id=ticket_id)
        if state.merged_into is None:
            raise NotAllowed("merge.not-merged", id=ticket_id)
        target = rows.follow(self._connection, ticket_id)
        change = self.take_out(ticket_id)
        # whoever takes it out has decided: it is not offered again
        self._settle(ticket_id, offer="")
        self._settle(target)
        return change

    def take_out(self, ticket_id: int) -> Change:
        """Give a merged ticket back what it brought: its own, and that of what it had absorbed.

        A part of it that was taken out and merged elsewhere since keeps what is its own, even
        where all of them stand in one ticket again.
        """
        link = self._connection
        target = rows.follow(link, ticket_id)
        merged = activity.load_newest(link, ticket_id, "ticket.merged")
        brought = merged.after["messages"] if merged is not None else []
        if target not in self._claims:
            self._claims[target] = rows.split_claims(link, [target, *load_parts(link, target)])
        owners = rows.load_origins(link, brought) | {
            each: self._claims[target][each] for each in brought if each in self._claims[target]
        }
        within = {ticket_id, *load_parts(link, ticket_id)}
        own = [each for each in brought if owners.get(each) in within]
        moved = rows.move_messages(link, own, source=target, target=ticket_id)
        rows.return_people(link, source=ticket_id, target=target)
        rows.set_merged(link, ticket_id, None, self._now)
        for each in (ticket_id, target):
            rows.refresh_summary(link, each, self._now)
        was: dict[str, Any] = {"merged_into": target, "messages": moved}
        self._record(
            Entry("ticket.unmerged", ticket_id, None, was, {}),
            Entry("ticket.released", target, None, {}, {"ticket": ticket_id}),
        )
        return Change(self._change_id, (ticket_id,))

    def split(self, message_id: int, *, following: bool) -> Split:
        link = self._connection
        facts = rows.load_message_facts(link, message_id)
        if facts is None:
            raise NotFound("message.missing", id=message_id)
        source = load_states(link, [facts.ticket_id])[facts.ticket_id]
        if is_final(source):
            raise NotAllowed("ticket.chat-ended", id=source.id)
        spec = CHANNELS[source.channel]
        if spec.is_one_per_person or spec.is_live:
            code = "split.chat" if spec.is_live else "split.one-per-person"
            raise NotAllowed(code, channel=spec.label, id=source.id)
        messages = [
            each
            for each in rows.message_ids(link, source.id)
            if each == message_id or (following and each > message_id)
        ]
        if rows.leaving(link, source.id).intersection(messages):
            raise NotAllowed("merge.sending", id=source.id)
        new = rows.open_beside(link, source.id, facts, self._person(facts), self._now)
        rows.move_messages(link, messages, source=source.id, target=new)
        if not rows.has_shown(link, source.id):
            raise NotAllowed("split.nothing-left", id=source.id)
        if not rows.has_shown(link, new):
            raise NotAllowed("split.only-notes", id=source.id)
        for each in (source.id, new):
            rows.refresh_summary(link, each, self._now)
        self._wait_anew(new)
        was, is_now = self._settle(source.id, offer="")
        self._record(
            Entry("ticket.created", new, message_id, {}, {"split_from": source.id}),
            Entry("ticket.split", source.id, message_id, was,
                  {**is_now, "ticket": new, "messages": messages}),
        )  # fmt: skip
        return Split(new, Change(self._change_id, (source.id, new)))

    def _person(self, facts: rows.MessageFacts) -> tuple[int, str, str]:
        """Return whose ticket a message becomes: its sender's if known, else the ticket's."""
        profile, name, address = rows.customer_of_ticket(self._connection, facts.ticket_id)
        if facts.direction != Direction.INBOUND or facts.address == address:
            return profile, name, address
        known = rows.sender_profile(self._connection, facts.address)
        return (profile, name, address) if known is None else (known, facts.name, facts.address)

    def _wait_anew(self, ticket_id: int) -> None:
        since = rows.first_wait(self._connection, ticket_id)
        state = load_states(self._connection, [ticket_id])[ticket_id]
        after = replace(state, waiting_since=None if since is None else from_us(since))
        save_states(self._connection, [(state, after)], self._now)

    def _settle(
        self, ticket_id: int, *, offer: str | None = None
    ) -> tuple[dict[str, object], dict[str, object]]:
        """Let a ticket wait no longer for what has left it; return what that changed."""
        state = load_states(self._connection, [ticket_id])[ticket_id]
        waiting = state.waiting_since
        if waiting is not None:
            since = rows.first_wait(self._connection, ticket_id)
            waiting = None if since is None else max(waiting, from_us(since))
        after = replace(state, waiting_since=waiting, offer=state.offer if offer is None else offer)
        save_states(self._connection, [(state, after)], self._now)
        return differences(state, after)

    def restore(self, entry: Entry) -> None:
        """Give a ticket back the fields that an action changed, where nobody has since."""
        state = load_states(self._connection, [entry.ticket_id or 0])[entry.ticket_id or 0]
        after, _ = restored(state, entry.before, entry.after)
        save_states(self._connection, [(state, after)], self._now)

    def _record(self, *entries: Entry) -> None:
        activity.record(self._connection, self._actor, self._now, entries, self._change_id)


def merge_within(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    ids: Sequence[int],
    into: int,
    change_id: str,
) -> Change:
    """Merge tickets inside the caller's transaction, as part of a change of its own."""
    return _Work(connection, actor, now, change_id).merge(ids, into)


def take_back(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    entries: Sequence[Entry],
    change_id: str,
) -> Change:
    """Undo merges, un-merges and splits, newest first.

    What else such an action moved (status, tags …) stands in the other entries of the change.
    """
    work = _Work(connection, actor, now, change_id)
    changed: list[int] = []
    skipped: list[tuple[int, str]] = []
    for entry in reversed(entries):
        change = _taken_back(work, connection, entry)
        changed += change.changed
        skipped += change.skipped
    return Change(change_id, tuple(changed), tuple(skipped))


def _taken_back(work: _Work, connection: sqlite3.Connection, entry: Entry) -> Change:
    ticket_id = entry.ticket_id or 0
    state = load_states(connection, [ticket_id]).get(ticket_id)
    nothing = Change("", (), ((ticket_id, "undo.changed-since"),))
    if state is None:
        return nothing
    if entry.kind == "ticket.merged":
        # taken out since, and perhaps put elsewhere: no longer the business of this change
        if state.merged_into != entry.after["merged_into"]:
            return nothing
        return work.take_out(ticket_id)
    if entry.kind == "ticket.unmerged":
        return work.merge([ticket_id], rows.follow(connection, entry.before["merged_into"]))
    # the split ticket may be another customer's: it goes back where its messages came from
    target = rows.follow(connection, ticket_id)
    change = work.merge([entry.after["ticket"]], target, is_return=True)
    if change.changed and target == ticket_id:
        work.restore(entry)
    return change


STRUCTURAL = ("ticket.merged", "ticket.unmerged", "ticket.split")
"""Activity that :func:`take_back` undoes."""
