"""The thread that takes over what Twilio has told the relay: faster than asking, no more.

What comes this way comes by asking too; whichever is first is stored, the other changes nothing.
"""

from __future__ import annotations

import logging
import time

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messaging.received import News
from helpdesk_tui.domain.messaging.relaying import Delivery
from helpdesk_tui.domain.messaging.twilio import news_of, posted
from helpdesk_tui.services.messaging.messages import BATCH, Messaging
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.channels.twilio.settings import TwilioSettings, read_settings
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop
from helpdesk_tui.sync.relay_line import RelayLine, hook_of, line_of

log = logging.getLogger(__name__)

_WAIT = 25.0
"""Seconds that the relay holds a question back until something comes."""
_HASTE, _BREATH = 0.2, 0.5
"""A relay that answers at once without any news is asked after a breath."""
_LONGEST_WAIT = 60.0


class HookLoop(Loop):
    """Asks the relay for what came to the webhook of one number."""

    def __init__(self, receiver: ReceiveLoop, store: Store, password: Password) -> None:
        super().__init__(f"hook {receiver.account.name}")
        self._account = receiver.account
        self._messaging = Messaging(store)
        self._password = password
        self._line: RelayLine | None = None
        self._backoff = Backoff(longest=_LONGEST_WAIT)

    def interrupt(self) -> None:
        """Cut the connection, so that a question that waits ends."""
        if self._line is not None:
            self._line.close()

    def finish(self) -> None:
        """Close the connection."""
        self._drop()

    def once(self) -> None:
        """Take over what waits; raises HelpdeskError."""
        while self._round(0.0):
            if self.stopping.is_set():
                return

    def step(self) -> float:
        """Take over what comes; return the seconds until the next question."""
        began = time.monotonic()
        try:
            has_news = self._round(_WAIT)
        except HelpdeskError as error:
            self._drop()
            if self.stopping.is_set():
                return 0.0
            log.warning("%s: %s", self.name, error.code)
            return self._backoff.next(error.after if isinstance(error, Retry) else 0.0)
        self._backoff.clear()
        return 0.0 if has_news or time.monotonic() - began > _HASTE else _BREATH

    def _round(self, wait: float) -> bool:
        """Store what has come and say so; tell whether there was anything."""
        if self._line is None:
            self._line = line_of(self._account, self._password)
        if self._line is None:
            return False
        hook, name = hook_of(self._account), self._account.name
        deliveries = self._line.deliveries(hook, name, wait=wait)
        if not deliveries:
            return False
        settings = read_settings(self._account)
        for start in range(0, len(deliveries), BATCH):
            batch = deliveries[start : start + BATCH]
            self._store(settings, batch)
            # the relay lets go of it only now
            self._line.ack(hook, name, batch[-1].seq)
        return True

    def _store(self, settings: TwilioSettings, batch: tuple[Delivery, ...]) -> None:
        news: list[News] = []
        raw: dict[str, bytes] = {}
        for each in batch:
            found = news_of(
                posted(each.body),
                each.at,
                ours=settings.number,
                answers_keywords=settings.answers_keywords,
            )
            if found is not None:
                news.append(found)
                raw[found.external_id] = each.body.encode()
        self._messaging.ingest(self._account, news, raw=raw)

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
