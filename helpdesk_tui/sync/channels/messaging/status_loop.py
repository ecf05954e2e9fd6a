"""The thread that asks a provider what became of messages, where nobody tells."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from helpdesk_tui.db.messaging.parts import Part
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messaging.follow_up import next_check
from helpdesk_tui.domain.messaging.statuses import furthest
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.messaging.parts import Parts
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import Rejected, Retry
from helpdesk_tui.sync.channels.messaging.provider import OutgoingPart, Provider
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import ReceiveLoop

log = logging.getLogger(__name__)

_AT_ONCE = 20
_IDLE = 3_600.0
_TROUBLE = 60.0


class StatusLoop(Loop):
    """Asks for each message of one account at its times until it is at an end."""

    def __init__(
        self,
        receiver: ReceiveLoop,
        store: Store,
        connect: Callable[[], Provider],
        *,
        now: Clock = utc_now,
    ) -> None:
        super().__init__(f"follow {receiver.account.name}")
        self._account = receiver.account
        self._spec = CHANNELS[receiver.account.channel]
        self._parts = Parts(store, now=now)
        self._connect = connect
        self._now = now
        self._provider: Provider | None = None
        self._backoff = Backoff(longest=_TROUBLE)
        self._not_before = 0.0

    def store_changed(self) -> None:
        """Something may have been sent."""
        self.wake()

    def interrupt(self) -> None:
        """Cut the connection, so that a question that waits ends."""
        if self._provider is not None:
            self._provider.close()

    def finish(self) -> None:
        """Close the connection."""
        self._drop()

    def once(self) -> None:
        """Ask for what is due; raises HelpdeskError."""
        while self._round():
            if self.stopping.is_set():
                return

    def step(self) -> float:
        """Ask for what is due; return the seconds until the next one is."""
        rest = self._not_before - time.monotonic()
        if rest > 0:
            # others change the store all the time: that is no reason to ask in vain
            return rest
        try:
            if self._round():
                return 0.0
            self._backoff.clear()
            following = self._parts.first_check(self._account.id)
        except HelpdeskError as error:
            if not self.stopping.is_set():
                log.warning("%s: %s", self.name, error.code)
            self._drop()
            wait = self._backoff.next(error.after if isinstance(error, Retry) else 0.0)
            self._not_before = time.monotonic() + wait
            return wait
        if following is None:
            return _IDLE
        return min(_IDLE, max(0.2, (following - self._now()).total_seconds()))

    def _round(self) -> bool:
        """Ask for some that are due; tell whether there may be more."""
        due = self._parts.checks_due(self._account.id, self._now(), _AT_ONCE)
        for part in due:
            if self.stopping.is_set():
                return False
            self._ask(part)
        return len(due) == _AT_ONCE

    def _ask(self, part: Part) -> None:
        if self._provider is None:
            self._provider = self._connect()
        asked = OutgoingPart(
            message_id=part.message_id,
            position=part.position,
            kind=part.kind,
            address="",
            ours=self._account.address,
            begun_at=part.begun_at,
            provider_id=part.provider_id,
        )
        try:
            news = self._provider.status(asked)
        except Rejected as error:
            # it will not be said next time either, but the next one may be
            log.warning("%s: a message cannot be asked for: %s", self.name, error.code)
            news = None
        now = self._now()
        state = part.state if news is None else furthest(part.state, news.state)
        following = next_check(
            part.begun_at or now, now, state, has_read_marks=self._spec.has_read_marks
        )
        self._parts.checked(part, news, following)

    def _drop(self) -> None:
        if self._provider is not None:
            self._provider.close()
            self._provider = None
