"""Asking Instagram for conversations: where no webhooks come, and for what they have missed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.json_fields import id_at
from helpdesk_tui.domain.messaging.meta_pages import (
    READABLE,
    Changed,
    customer_of,
    message_news,
)
from helpdesk_tui.domain.messaging.meta_reading import moment_of, raw_of
from helpdesk_tui.domain.messaging.received import Gap, News
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.messaging.messages import Messaging
from helpdesk_tui.services.messaging.meta import MetaAccount
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.meta.conversations import Conversations, Pace
from helpdesk_tui.sync.channels.meta.graph import Graph
from helpdesk_tui.sync.channels.meta.settings import read_settings
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

log = logging.getLogger(__name__)

FOLDER = "conversations"
"""Name of the cursor: microseconds since 1970 of the newest change that is stored."""
SINCE = "conversations-since"
"""Name of the cursor that never moves: what is older was there before us."""
OVERLAP = timedelta(minutes=10)
_BEFORE = timedelta(hours=24)
"""How much of what was there before us is fetched: what can still be answered freely."""
_EVERY = 10.0
_BESIDE_EVERY = 300.0
"""Seconds between two looks where webhooks bring the news."""
_MOST_KNOWN = 2_000


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far an account was read."""

    at: datetime
    since: datetime


class Poller:
    """Fetches what is new in the conversations of one account; used by one thread.

    Only the worker's process has one, and one for each account: agents' programs never ask.
    """

    def __init__(
        self,
        account: Account,
        store: Store,
        graph: Graph,
        stopping: threading.Event,
        *,
        now: Clock = utc_now,
    ) -> None:
        self._account = account
        self._messaging = Messaging(store)
        self._known = MetaAccount(store, account)
        self._stopping = stopping
        self._now = now
        self._conversations = Conversations(graph, Pace(stopping))
        self._account_id = graph.settings.account_id
        names = (self._account_id, account.address.removeprefix("@"))
        self._ours = frozenset(name for name in names if name)
        self._seen: dict[str, datetime] = {}

    def poll(self) -> Summary:
        """Fetch and store what is new; blocks for as long as Meta's pace takes.

        The mark moves only once all that has changed is stored, and what changed shortly before it
        is read again: the list is not always in step.

        Raises:
            HelpdeskError: as Meta answers, or the store fails.
        """
        now, total = self._now(), Summary()
        mark = self._mark(now)
        changed = list(self._conversations.changed(max(mark.at - OVERLAP, mark.since), now))
        # the oldest first: should it end halfway, what was stored is what came first
        for each in reversed(changed):
            if self._stopping.is_set():
                return total
            if self._seen.get(each.id) != each.updated_at:
                total += self._take(each, mark, now)
        newest = max((min(each.updated_at, now) for each in changed), default=mark.at)
        if newest > mark.at:
            total += self._messaging.ingest(
                self._account, [], folder=FOLDER, position=to_us(newest)
            )
        return total

    def _mark(self, now: datetime) -> _Mark:
        since = self._messaging.position(self._account, SINCE)
        if not since:
            since = to_us(now - _BEFORE)
            self._messaging.ingest(self._account, [], folder=SINCE, position=since)
        position = self._messaging.position(self._account, FOLDER)
        return _Mark(from_us(max(position, since)), from_us(since))

    def _take(self, changed: Changed, mark: _Mark, now: datetime) -> Summary:
        conversation, messages = self._conversations.read(changed.id)
        fresh = [each for each in messages if _at(each, now) >= mark.since]
        news: list[News] = []
        for each in reversed(fresh):
            news += message_news(each, self._ours, now)
        news += self._gap(conversation, fresh, mark, now)
        raw = {id_at(each, "id"): raw_of(each) for each in fresh}
        total = self._messaging.ingest(self._account, news, raw=raw)
        while len(self._seen) >= _MOST_KNOWN:
            self._seen.pop(next(iter(self._seen)))
        self._seen[changed.id] = changed.updated_at
        return total

    def _gap(
        self,
        conversation: Mapping[str, Any],
        messages: Sequence[Mapping[str, Any]],
        mark: _Mark,
        now: datetime,
    ) -> list[News]:
        """Return what says that words are missing, where so many are new that some must be."""
        if len(messages) < READABLE:
            return []
        oldest = messages[-1]
        at = _at(oldest, now)
        customer = customer_of(conversation, self._account_id)
        is_known = self._known.knows(id_at(oldest, "id"))
        return [] if at <= mark.at or is_known or not customer else [Gap(customer, at)]


def _at(message: Mapping[str, Any], now: datetime) -> datetime:
    return moment_of(message.get("created_time"), now)


class ConversationReceiver(ReceiveLoop):
    """Receives an account's messages by asking, every few seconds: no webhooks come."""

    def __init__(self, account: Account, store: Store, password: Password) -> None:
        super().__init__(account, store, password)
        self.has_idle = False
        self._store = store
        self._graph: Graph | None = None
        self._poller: Poller | None = None
        self._summary = Summary()

    @property
    def summary(self) -> Summary:
        """What became of the messages so far."""
        return self._summary

    def pause(self) -> float:
        """Return how long to wait until the next look."""
        return _EVERY

    def interrupt(self) -> None:
        """Cut the connection."""
        graph = self._graph
        if graph is not None:
            graph.close()

    def finish(self) -> None:
        """Close the connection."""
        self.drop()

    def drop(self) -> None:
        """Close the connection; the next look makes a new one, with the token asked for anew."""
        graph, self._graph = self._graph, None
        self._poller = None
        if graph is not None:
            graph.close()

    def fetch(self) -> None:
        """Fetch what is new and store it; blocks.

        Raises:
            HelpdeskError: as Meta, the settings or the store fail.
        """
        if self._poller is None:
            settings = read_settings(self.account)
            self._graph = Graph(settings, self._password(self.account, "token"))
            self._poller = Poller(self.account, self._store, self._graph, self.stopping)
        self._summary += self._poller.poll()
        self.went_well()


class BackfillLoop(Loop):
    """Asks now and then for what webhooks may have missed; its trouble is only logged."""

    def __init__(self, receiver: ReceiveLoop, store: Store, password: Password) -> None:
        super().__init__(f"backfill {receiver.account.name}")
        self._account = receiver.account
        self._store = store
        self._password = password
        self._graph: Graph | None = None
        self._backoff = Backoff(first=_EVERY, longest=_BESIDE_EVERY)

    def once(self) -> None:
        """Look once."""
        self._poll()

    def step(self) -> float:
        """Look, and return the seconds until the next look."""
        try:
            self._poll()
        except HelpdeskError as error:
            if not self.stopping.is_set():
                log.warning("%s: %s", self.name, error.code)
            return self._backoff.next(at_least=_EVERY)
        self._backoff.clear()
        return _BESIDE_EVERY

    def interrupt(self) -> None:
        """Cut the connection."""
        graph = self._graph
        if graph is not None:
            graph.close()

    def _poll(self) -> None:
        settings = read_settings(self._account)
        graph = self._graph = Graph(settings, self._password(self._account, "token"))
        try:
            Poller(self._account, self._store, graph, self.stopping).poll()
        finally:
            self._graph = None
            graph.close()
