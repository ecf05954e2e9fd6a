"""What a source has said of a customer becomes rows: one transaction for all that came together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db.commerce import matches, sections, snapshots
from helpdesk_tui.db.commerce.bodies import from_body, to_body
from helpdesk_tui.db.commerce.group import is_anybody
from helpdesk_tui.db.commerce.sections import Groups, Kept
from helpdesk_tui.db.commerce.sources import forget_said, is_as_before
from helpdesk_tui.db.commerce.values import COMPARED, refresh_worth
from helpdesk_tui.db.messaging.consents import ConsentRow
from helpdesk_tui.db.messaging.sends import SendRow
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import (
    ConsentWord,
    CustomerEvent,
    EventsPage,
    Facts,
    Order,
    ProfileFacts,
    Section,
    SectionState,
    SourceConsent,
)
from helpdesk_tui.domain.commerce.identities import Match
from helpdesk_tui.domain.messaging.people import is_number
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.commerce.matching import as_proved, is_foreign, own_number
from helpdesk_tui.services.messaging.consent import KINDS, ConsentLog
from helpdesk_tui.services.messaging.sends import Sends

if TYPE_CHECKING:
    import sqlite3

_STATES = {
    ConsentWord.SUBSCRIBED: ConsentState.GIVEN,
    ConsentWord.UNSUBSCRIBED: ConsentState.WITHDRAWN,
}
_NO_NAME = "–"


class ContextStore:
    """Stores what the worker has fetched, or somebody imported; every call blocks."""

    def __init__(self, store: Store, *, now: Clock = utc_now) -> None:
        self._store = store
        self._now = now
        self._consent = ConsentLog(store, SYSTEM, now=now)
        self._sends = Sends(store, SYSTEM, now=now)

    def store(
        self,
        source: ConnectedSource,
        profile_id: int,
        match: Match | None,
        facts: Facts | None,
        *,
        asked: Collection[Section],
        still_holds: Callable[[], bool] = lambda: True,
    ) -> frozenset[Section]:
        """Store what a source has said of a profile; what it said before is newer never.

        Return the sections that went because the source knows the customer as another by now: what
        stood there was said of the one before.

        Args:
            source: Who has said it.
            profile_id: Of whom.
            match: Who that is there; None with ``facts`` None: nobody there knows them.
            facts: What was said; sections that it does not hold stay as they are.
            asked: The sections that were asked for: those of somebody unknown are.
            still_holds: Tells, once it is the turn to write, whether the match is the one of now.
        """
        now = self._now()
        is_noted = facts is not None and (facts.profile is not None or facts.events is not None)
        if facts is not None and is_noted and self._is_wanted(source, profile_id):
            # first, and as often as it takes: what is lost by a crash in between is fetched again
            self._note_consent(source, profile_id, facts.profile, now)
            self._note_sends(source, profile_id, match, facts)
        # not lasting: what a failure of power takes away is not fresh, and asked for again
        with self._store.write(bulk=True, lasting=False) as connection:
            if not _is_wanted(connection, source, profile_id) or not still_holds():
                return frozenset()
            # in the order of commits: whoever looks knows news by the newest moment
            place = _Place(connection, source.id, profile_id, self._now())
            if match is None and facts is None:
                place.nobody(asked)
            else:
                if match is not None and not place.found(match):
                    return frozenset()
                if facts is not None:
                    place.said(facts)
            if place.lost or place.written & COMPARED:
                refresh_worth(connection, profile_id)
        return place.lost

    def keep_order(self, source: ConnectedSource, profile_id: int, order: Order) -> None:
        """Store an order that was looked for by itself; the others keep their age."""
        now = self._now()
        with self._store.write(bulk=True) as connection:
            if _is_wanted(connection, source, profile_id):
                snapshots.save_orders(connection, source.id, profile_id, [order], now)
                refresh_worth(connection, profile_id)

    def _is_wanted(self, source: ConnectedSource, profile_id: int) -> bool:
        with self._store.read() as connection:
            return _is_wanted(connection, source, profile_id)

    def _note_consent(
        self, source: ConnectedSource, profile_id: int, said: ProfileFacts | None, now: datetime
    ) -> None:
        """Note what a source says of consent, where that is not what it said last."""
        if said is None:
            return
        with self._store.read() as connection:
            before = sections.body_of(connection, profile_id, source.id, Section.PROFILE)
        if before == to_body(said):
            return
        rows = list(_consents(source, said, now))
        # what is still agreed to has to come behind what was withdrawn just now
        changed = {row.channel for row in rows if self._is_news(row)}
        batch = [row for row in rows if row.channel in changed]
        if batch:
            self._consent.add(batch)

    def _is_news(self, row: ConsentRow) -> bool:
        """Tell whether a source says something else than it said last of this."""
        before = self._consent.entries(channel=row.channel, address=row.address, limit=20)
        last = next(
            (one for one in before if one.source == row.source and one.kind == row.kind), None
        )
        return last is None or last.state is not row.state

    def _note_sends(
        self, source: ConnectedSource, profile_id: int, match: Match | None, facts: Facts
    ) -> None:
        """Note which marketing messages arrived, so that answers are attributed to them."""
        events = facts.events.events if facts.events is not None else ()
        sent = [each for each in events if each.sent and _has_opt_out(each.channel)]
        if not sent:
            return
        number = facts.profile.phone if facts.profile is not None else ""
        if not is_number(number):
            with self._store.read() as connection:
                number = _number(connection, source.id, profile_id) or own_number(
                    connection, profile_id, match
                )
        if is_number(number):
            self._sends.store([_send(source, number, each) for each in sent])


class _Place:
    """Where facts go: one source's word of one profile, inside a transaction."""

    def __init__(
        self, connection: sqlite3.Connection, source: int, profile: int, now: datetime
    ) -> None:
        self._connection = connection
        self._source = source
        self._profile = profile
        self._now = now
        self.lost: frozenset[Section] = frozenset()
        """What was said of whoever this customer was before."""
        self.written: set[Section] = set()
        """The sections that stand otherwise now."""

    def found(self, match: Match) -> bool:
        """Write who this customer is there; False if what found them is not theirs any more.

        Of somebody else than before nothing is kept that was said of the one before.
        """
        if is_foreign(self._connection, self._source, self._profile, match):
            return False
        before = matches.load_match(self._connection, self._source, self._profile)
        if before is not None and before.external_id != match.external_id:
            self.lost = sections.told_of(self._connection, self._profile, self._source)
            forget_said(self._connection, self._source, self._profile)
        proved = as_proved(self._connection, self._profile, match)
        matches.save_match(self._connection, self._source, self._profile, proved, self._now)
        if before is None:
            sections.ask_again(self._connection, self._profile, self._source)
        return True

    def nobody(self, asked: Collection[Section]) -> None:
        """Write that nobody there knows this customer; what was kept of them goes."""
        # sections are asked for apart: what holds of one holds of those that were told before
        told = sections.told_of(self._connection, self._profile, self._source)
        forget_said(self._connection, self._source, self._profile)
        for section in told.union(asked):
            self._save(section, SectionState.NOBODY, "")

    def said(self, facts: Facts) -> None:
        """Write what was said of sections."""
        if facts.profile is not None:
            self._save(Section.PROFILE, SectionState.KNOWN, to_body(facts.profile))
        if facts.segments is not None:
            self._save(Section.SEGMENTS, SectionState.KNOWN, to_body(Groups(facts.segments)))
        if facts.value is not None:
            self._save(Section.VALUE, SectionState.KNOWN, to_body(facts.value))
        if facts.orders is not None:
            self._orders(facts)
        if facts.subscriptions is not None:
            self._subscriptions(facts)
        if facts.events is not None:
            self._events(facts.events)
        for section in facts.not_available:
            self._save(section, SectionState.NOT_AVAILABLE, "")
        for section, failure in facts.failed.items():
            place = self._profile, self._source, section
            sections.save_failed(self._connection, place, failure, self._now)
            self.written.add(section)

    def _orders(self, facts: Facts) -> None:
        orders = facts.orders or ()
        snapshots.save_orders(self._connection, self._source, self._profile, orders, self._now)
        if not facts.has_more_orders:
            ids = [each.id for each in orders]
            snapshots.keep_only(self._connection, "order", self._source, self._profile, ids)
        count = snapshots.count_orders(self._connection, self._source, self._profile)
        self._save(Section.ORDERS, SectionState.KNOWN, to_body(Kept(count, facts.has_more_orders)))

    def _subscriptions(self, facts: Facts) -> None:
        found = facts.subscriptions or ()
        snapshots.save_subscriptions(
            self._connection, self._source, self._profile, found, self._now
        )
        ids = [each.id for each in found]
        snapshots.keep_only(self._connection, "subscription", self._source, self._profile, ids)
        body = to_body(Kept(len(found)))
        self._save(Section.SUBSCRIPTIONS, SectionState.KNOWN, body)

    def _events(self, page: EventsPage) -> None:
        snapshots.save_events(self._connection, self._source, self._profile, page.events)
        metrics = snapshots.count_metrics(self._connection, self._source, self._profile)
        kept = Kept(sum(count for _, count in metrics), not page.is_all, page.cursor, metrics)
        self._save(Section.EVENTS, SectionState.KNOWN, to_body(kept))

    def _save(self, section: Section, state: SectionState, body: str) -> None:
        place = self._profile, self._source, section
        sections.save_known(self._connection, place, state, body, self._now)
        self.written.add(section)


def _is_wanted(connection: sqlite3.Connection, source: ConnectedSource, profile_id: int) -> bool:
    """Tell whether an answer may still be kept.

    Whoever was erased meanwhile stays erased, and what was removed, switched off or led to another
    shop has nothing more to say.
    """
    return is_anybody(connection, profile_id) and is_as_before(connection, source)


def _consents(
    source: ConnectedSource, profile: ProfileFacts, now: datetime
) -> Iterator[ConsentRow]:
    """Yield what a source says of consent on channels where nobody is written to without it.

    Consent of one kind is enough for an answer, whatever was said of the other: what is given comes
    last, and is no older than what was withdrawn.
    """
    if not is_number(profile.phone):
        return
    said = [
        ConsentRow(
            channel=each.channel, address=profile.phone, state=state, source=source.name,
            at=min(each.at or now, now), kind=each.kind, detail=source.spec.label,
        )
        for each in profile.consents
        if (state := _state_of(each)) is not None
        and _has_opt_out(each.channel)
        and each.kind in KINDS
    ]  # fmt: skip
    for row in sorted(said, key=lambda one: one.state is ConsentState.GIVEN):
        newest = max(one.at for one in said if one.channel == row.channel)
        yield replace(row, at=newest) if row.state is ConsentState.GIVEN else row


def _state_of(said: SourceConsent) -> ConsentState | None:
    return ConsentState.WITHDRAWN if said.is_suppressed else _STATES.get(said.word)


def _has_opt_out(channel: str) -> bool:
    spec = CHANNELS.get(channel)
    return spec is not None and spec.has_opt_out


def _number(connection: sqlite3.Connection, source: int, profile: int) -> str:
    """Return the number of a profile as the source has it, which its sends went to."""
    body = sections.body_of(connection, profile, source, Section.PROFILE)
    if not body:
        return ""
    phone = from_body(ProfileFacts, body).phone
    return phone if is_number(phone) else ""


def _send(source: ConnectedSource, number: str, event: CustomerEvent) -> SendRow:
    return SendRow(
        channel=event.channel, address=number, source=source.name, external_id=event.id,
        kind=event.sent, name=event.campaign or event.title or _NO_NAME, text=event.title,
        sent_at=event.at, delivered_at=event.at,
    )  # fmt: skip
