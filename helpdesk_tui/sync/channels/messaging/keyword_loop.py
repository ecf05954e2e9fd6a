"""The thread that answers keywords of people who have no ticket."""

from __future__ import annotations

import logging
from datetime import datetime

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.errors import HelpdeskError, StoreError
from helpdesk_tui.domain.messaging.parts import PartKind
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.messaging.keyword_answers import KeywordAnswer, KeywordAnswers
from helpdesk_tui.sync.channels.errors import Retry, Uncertain
from helpdesk_tui.sync.channels.messaging.provider import OutgoingPart
from helpdesk_tui.sync.channels.messaging.provider_loop import Connect, DueLoop
from helpdesk_tui.sync.receiving import ReceiveLoop

log = logging.getLogger(__name__)


class KeywordLoop(DueLoop):
    """Sends the answers of one account, each once at most."""

    def __init__(
        self, receiver: ReceiveLoop, store: Store, connect: Connect, *, now: Clock = utc_now
    ) -> None:
        super().__init__("keywords", receiver.account, connect, now=now)
        self._answers = KeywordAnswers(store, now=now)
        self._is_recovered = False

    def next_due(self) -> datetime | None:
        """Return when the next answer is due."""
        return self._answers.next_due(self.account)

    def do_some(self) -> bool:
        """Send what is due: all of it at once."""
        if not self._is_recovered:
            self._answers.recover(self.account)
            self._is_recovered = True
        for answer in self._answers.due(self.account):
            if self.stopping.is_set():
                break
            self._send(answer)
        return False

    def _send(self, answer: KeywordAnswer) -> None:
        provider = self.provider()
        if not self._answers.begin(answer):
            return
        part = OutgoingPart(
            message_id=0, position=answer.id, kind=PartKind.TEXT, address=answer.address,
            ours=self.account.address, text=answer.text, begun_at=self.now(),
        )  # fmt: skip
        try:
            accepted = provider.send(part)
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
