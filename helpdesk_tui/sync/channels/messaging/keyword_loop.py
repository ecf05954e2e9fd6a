"""The thread that answers keywords of people who have no ticket."""

from __future__ import annotations

import logging
from collections.abc import Callable

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import HelpdeskError, StoreError
from helpdesk_tui.domain.messaging.parts import PartKind
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.messaging.keyword_answers import KeywordAnswer, KeywordAnswers
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import Retry, Uncertain
from helpdesk_tui.sync.channels.messaging.provider import OutgoingPart, Provider
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import ReceiveLoop

log = logging.getLogger(__name__)

_IDLE = 3_600.0
_TROUBLE = 60.0


class KeywordLoop(Loop):
    """Sends the answers of one account, each once at most."""

    def __init__(
        self,
        receiver: ReceiveLoop,
        store: Store,
        connect: Callable[[], Provider],
        *,
        now: Clock = utc_now,
    ) -> None:
        super().__init__(f"keywords {receiver.account.name}")
        self._account = receiver.account
        self._answers = KeywordAnswers(store, now=now)
        self._connect = connect
        self._now = now
        self._provider: Provider | None = None
        self._is_recovered = False
        self._backoff = Backoff(longest=_TROUBLE)

    def store_changed(self) -> None:
        """A keyword may have come."""
        self.wake()

    def interrupt(self) -> None:
        """Cut the connection, so that a request that waits ends."""
        if self._provider is not None:
            self._provider.close()

    def finish(self) -> None:
        """Close the connection."""
        self._drop()

    def once(self) -> None:
        """Send what is due; raises HelpdeskError."""
        self._round()

    def step(self) -> float:
        """Send what is due; return the seconds until the next answer is."""
        try:
            self._round()
            following = self._answers.next_due(self._account)
        except HelpdeskError as error:
            if not self.stopping.is_set():
                log.warning("%s: %s", self.name, error.code)
            self._drop()
            return self._backoff.next()
        self._backoff.clear()
        if following is None:
            return _IDLE
        return min(_IDLE, max(0.2, (following - self._now()).total_seconds()))

    def _round(self) -> None:
        if not self._is_recovered:
            self._answers.recover(self._account)
            self._is_recovered = True
        for answer in self._answers.due(self._account):
            if self.stopping.is_set():
                return
            self._send(answer)

    def _send(self, answer: KeywordAnswer) -> None:
        if self._provider is None:
            self._provider = self._connect()
        if not self._answers.begin(answer):
            return
        part = OutgoingPart(
            message_id=0, position=answer.id, kind=PartKind.TEXT, address=answer.address,
            ours=self._account.address, text=answer.text, begun_at=self._now(),
        )  # fmt: skip
        try:
            accepted = self._provider.send(part)
        except StoreError:
            raise
        except Retry as error:
            self._answers.later(answer, error.after)
        except Uncertain:
            self._answers.unknown(answer)
        except HelpdeskError as error:
            log.warning("%s: an answer is refused: %s", self.name, error.code)
            self._answers.failed(answer, error.code)
        else:
            self._answers.sent(answer, accepted.provider_id)

    def _drop(self) -> None:
        if self._provider is not None:
            self._provider.close()
            self._provider = None
