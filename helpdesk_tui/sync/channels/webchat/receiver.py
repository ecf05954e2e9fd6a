"""The thread that asks the relay for what visitors did, and stores it before it says so."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.presence import VisitorNow
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.domain.webchat.wire import FILE_LIMIT, Event, News
from helpdesk_tui.services.chat.chats import Chats, batches
from helpdesk_tui.services.presence import Visitors
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import Gone
from helpdesk_tui.sync.channels.webchat.access import Line
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

if TYPE_CHECKING:
    from helpdesk_tui.sync.channels.webchat.client import RelayClient

log = logging.getLogger(__name__)

WAIT = 25.0
"""Seconds that the relay holds a question back until something happens."""
_SAY_ANEW = 20.0
"""Seconds after which it is noted again that all is well."""
_HASTE = 0.2
_BREATH = 0.5
"""Seconds between two questions to a relay that answers at once without any news."""
_LONGEST_WAIT = 20.0
"""Seconds between two tries while a relay is out of reach: once it is back, visitors wait."""
_MOST_FILES = 2 * FILE_LIMIT
"""Bytes of uploads that are held in memory together."""


class PollLoop(ReceiveLoop):
    """Asks one site at a relay for its events, one long question after the other."""

    def __init__(self, account: Account, store: Store, password: Password) -> None:
        super().__init__(account, store, password)
        self._backoff = Backoff(longest=_LONGEST_WAIT)
        self.waits = False
        """Whether a question may be held back; the first one after trouble never is."""
        self._chats = Chats(store)
        self._visitors = Visitors(store)
        self._line = Line(account, password)
        self._summary = Summary()
        self._after = 0
        self._live = 0
        self._seen: frozenset[int] = frozenset()
        self._noted_at = 0.0
        self._pause = 0.0

    @property
    def summary(self) -> Summary:
        """What became of the events so far."""
        return self._summary

    def pause(self) -> float:
        """Return how long to wait until the next question."""
        self.waits = True
        return self._pause

    def interrupt(self) -> None:
        """Cut the connection, so that a question that waits ends."""
        self._line.drop()

    def finish(self) -> None:
        """Close the connection."""
        self._line.drop()
        self._visitors.close()

    def drop(self) -> None:
        """Close the connection and begin anew: what was not acknowledged comes again."""
        self._line.drop()
        # a relay that lost its store counts from the start: nothing is asked for by an old number
        self._after = self._live = 0

    def fetch(self) -> None:
        """Receive and store what is new; blocks.

        Raises:
            HelpdeskError: as the connection, the settings or the store fail.
        """
        is_first = self._line.is_new
        client = self._line.client()
        began = time.monotonic()
        news = client.news(self._after, self._live, 0.0 if is_first or not self.waits else WAIT)
        self._take(client, news.events)
        self._tell_visitors(news)
        took, is_quiet = time.monotonic() - began, not news.events
        self._pause = _BREATH if is_quiet and not is_first and took < _HASTE else 0.0
        self._note(is_quiet=is_quiet)

    def _take(self, client: RelayClient, events: Sequence[Event]) -> None:
        """Store events, group by group; each is acknowledged once it is in the store."""
        for group in batches(events, _MOST_FILES):
            files: dict[str, bytes] = {}
            for event in group:
                files |= self._files(client, event)
            self._summary += self._chats.ingest(self.account, group, files)
            client.acknowledge(group[-1].seq)
            self._after = group[-1].seq

    def _files(self, client: RelayClient, event: Event) -> dict[str, bytes]:
        """Return the bytes of an event's files by their hash: an id says nothing about them."""
        found = {}
        for file in event.files:
            try:
                found[file.sha256] = client.file(file)
            except Gone as error:
                log.warning("%s: a file of event %s: %s", self.name, event.seq, error.code)
        return found

    def _tell_visitors(self, news: News) -> None:
        """Say who is there; in the live database, as that is true for a moment only."""
        self._live = news.live_version
        if not news.live and not self._seen:
            return
        tickets = {chat.conversation: chat.ticket_id for chat in self._chats.running(self.account)}
        told = {
            tickets[each.conversation]: VisitorNow(each.online, each.typing)
            for each in news.live
            if each.conversation in tickets
        }
        for ticket_id in self._seen - told.keys():
            self._visitors.forget(ticket_id)
        self._seen = frozenset(told)
        self._visitors.tell(told)

    def _note(self, *, is_quiet: bool) -> None:
        """Note that all is well: seldom, as every note wakes all who watch the store."""
        is_due = time.monotonic() - self._noted_at >= _SAY_ANEW
        if is_due or not self.healthy.is_set() or self._refusals:
            self._noted_at = time.monotonic()
            self.went_well()
