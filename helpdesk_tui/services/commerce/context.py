"""Customer context as the store has it: what sidebar, macros and scripts read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.commerce import actions as action_rows
from helpdesk_tui.db.commerce import matches, snapshots
from helpdesk_tui.db.commerce.bodies import from_body
from helpdesk_tui.db.commerce.group import has_profile, load_group, roots_of
from helpdesk_tui.db.commerce.holdings import Holdings, load_holdings
from helpdesk_tui.db.commerce.sections import SectionRow, load_sections, newest_asked
from helpdesk_tui.db.commerce.sources import load_sources, newest_word
from helpdesk_tui.db.commerce.values import kept_of, order_count, segments_of, values_of
from helpdesk_tui.db.live import LiveStore
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.commerce.context import CustomerContext, EventFilter, Word
from helpdesk_tui.domain.commerce.facts import Order, ProfileFacts, Section, Subscription
from helpdesk_tui.domain.commerce.identities import Match
from helpdesk_tui.domain.commerce.wants import REFRESH
from helpdesk_tui.domain.errors import NotAllowed, NotFound
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.commerce.matching import claims_of, due_of, finders_of
from helpdesk_tui.services.jobs import ORDER_FIND, Jobs

SHOWN_ORDERS = 8
SHOWN_SUBSCRIPTIONS = 8
SHOWN_EVENTS = 20
LISTED = 200
"""Orders or subscriptions of one list that an agent chooses from."""
_FOUND_WITHIN = timedelta(minutes=1)
_ENDED_WITHIN = timedelta(minutes=10)
"""How long a change that is over stays beside the customer."""


class CustomerContexts:
    """Reads what is known of customers, and says who is looked at; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now
        self._live = LiveStore(store.paths.live, read_only=store.read_only)

    def load(self, profile_id: int, event_filter: EventFilter | None = None) -> CustomerContext:
        """Return a customer over all sources, as far as it is shown."""
        with self._store.read() as connection:
            group = load_group(connection, profile_id)
            rows = load_sections(connection, group)
            sources = load_sources(connection)
            metrics = event_filter.metrics if event_filter is not None else ()
            kinds = _metrics(rows)
            shown = [count for name, count in kinds if not metrics or name in metrics]
            found = matches.load_matches(connection, group)
            return CustomerContext(
                profile_id=group.root,
                sources=sources,
                words=_words(rows),
                matches=_matches(found),
                profiles=_profiles(rows),
                segments=segments_of(rows),
                values=values_of(rows),
                orders=snapshots.load_orders(connection, group, SHOWN_ORDERS),
                order_count=order_count(rows),
                subscriptions=snapshots.load_subscriptions(connection, group, SHOWN_SUBSCRIPTIONS),
                subscription_count=_count(rows, Section.SUBSCRIPTIONS),
                events=snapshots.load_events(connection, group, metrics, SHOWN_EVENTS),
                event_count=sum(shown),
                metrics=kinds,
                actions=action_rows.load_shown(
                    connection, group.members, self._now() - _ENDED_WITHIN
                ),
                claims=claims_of(connection, group),
                same=matches.load_same(connection, group),
            )

    def orders(self, profile_id: int) -> tuple[tuple[int, Order], ...]:
        """Return the orders of a customer that are kept, each with its source, newest first."""
        with self._store.read() as connection:
            return snapshots.load_orders(connection, load_group(connection, profile_id), LISTED)

    def subscriptions(self, profile_id: int) -> tuple[tuple[int, Subscription], ...]:
        """Return the subscriptions of a customer that are kept, active ones first."""
        with self._store.read() as connection:
            group = load_group(connection, profile_id)
            return snapshots.load_subscriptions(connection, group, LISTED)

    def holdings(self, profile_id: int) -> Holdings:
        """Return everything that is kept of a customer beside the content of their tickets."""
        with self._store.read() as connection:
            return load_holdings(connection, load_group(connection, profile_id))

    def want(self, profile_ids: Sequence[int], rank: int) -> bool:
        """Ask the worker for what is not fresh of customers; false, and nothing, where all is.

        Args:
            profile_ids: Whom an agent looks at, or is about to.
            rank: How urgently (domain/commerce/wants.py).
        """
        now = self._now()
        with self._store.read() as connection:
            due = [
                each
                for each in roots_of(connection, profile_ids)
                if due_of(connection, each, max(rank, 0), now, is_forced=rank == REFRESH)
            ]
        if due:
            self._live.want(due, rank, to_us(now))
        return bool(due)

    def look_for_order(self, profile_id: int, name: str) -> int | None:
        """Have an order looked for that is too old to be kept; None where there can be none.

        Returns:
            The job that does it; once it is done, an order that there is is among :meth:`orders`.
        """
        with self._store.read() as connection:
            group = load_group(connection, profile_id)
            if not finders_of(connection, group):
                return None
        jobs = Jobs(self._store, self._actor, now=self._now)
        arguments = {"profile": group.root, "name": name}
        return jobs.ask(ORDER_FIND, arguments, within=_FOUND_WITHIN)

    def stamp(self, profile_id: int) -> int:
        """Return a number that grows whenever something of a customer has become known."""
        with self._store.read() as connection:
            group = load_group(connection, profile_id)
            asked = max(newest_asked(connection, group), newest_word(connection))
            return max(asked, action_rows.newest_change(connection, group.members))

    def vouch(self, profile_id: int, kind: str, value: str, ticket_id: int | None = None) -> None:
        """Let a customer be looked up by what they have only claimed; it stands in the log.

        Raises:
            NotFound: ``profile.missing``, or ``claim.missing`` for what is no claim of theirs.
            NotAllowed: ``claim.others``: it belongs to another customer.
        """
        now = self._now()
        with self._store.write() as connection:
            if not has_profile(connection, profile_id):
                raise NotFound("profile.missing", id=profile_id)
            group = load_group(connection, profile_id)
            if not any((one.kind, one.value) == (kind, value)
                       for one in claims_of(connection, group)):  # fmt: skip
                raise NotFound("claim.missing", value=value)
            if not matches.vouch(connection, group, kind, value, self._actor.agent_id):
                raise NotAllowed("claim.others", value=value)
            after = {"profile": group.root, "kind": kind}
            entry = Entry("profile.vouched", ticket_id, None, {}, after)
            activity.record(connection, self._actor, now, [entry])
        self.want([profile_id], REFRESH)

    def close(self) -> None:
        """Close the live database."""
        self._live.close()


def _words(rows: Sequence[SectionRow]) -> dict[Section, tuple[Word, ...]]:
    found: dict[Section, dict[int, Word]] = {}
    for each in rows:
        words = found.setdefault(each.section, {})
        known = words.get(each.word.source_id)
        # of linked profiles the one that somebody knows speaks for both
        if known is None or (each.body and each.word.fetched_at is not None):
            words[each.word.source_id] = each.word
    return {section: tuple(words.values()) for section, words in found.items()}


def _matches(found: Sequence[tuple[int, int, Match]]) -> tuple[tuple[int, Match], ...]:
    return tuple(dict.fromkeys((source, match) for _, source, match in found))


def _profiles(rows: Sequence[SectionRow]) -> tuple[tuple[int, ProfileFacts], ...]:
    return tuple(
        [
            (each.word.source_id, from_body(ProfileFacts, each.body))
            for each in rows
            if each.section is Section.PROFILE and each.body
        ]
    )


def _count(rows: Sequence[SectionRow], section: Section) -> int | None:
    kept = kept_of(rows, section)
    return sum(one.count for _, one in kept) if kept else None


def _metrics(rows: Sequence[SectionRow]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for _, kept in kept_of(rows, Section.EVENTS):
        for name, count in kept.metrics:
            found[name] = found.get(name, 0) + count
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))
