"""The thread that asks a provider what became of messages, where nobody tells."""

from __future__ import annotations

import logging
from datetime import datetime

from helpdesk_tui.db.messaging.parts import Part
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messaging.follow_up import next_check
from helpdesk_tui.domain.messaging.statuses import furthest
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.messaging.parts import Parts
from helpdesk_tui.sync.channels.errors import Rejected
from helpdesk_tui.sync.channels.messaging.provider import OutgoingPart
from helpdesk_tui.sync.channels.messaging.provider_loop import Connect, DueLoop
from helpdesk_tui.sync.receiving import ReceiveLoop

log = logging.getLogger(__name__)

_AT_ONCE = 20


class StatusLoop(DueLoop):
    """Asks for each message of one account at its times until it is at an end."""

    def __init__(
        self, receiver: ReceiveLoop, store: Store, connect: Connect, *, now: Clock = utc_now
    ) -> None:
        super().__init__("follow", receiver.account, connect, now=now)
        self._spec = CHANNELS[receiver.account.channel]
        self._parts = Parts(store, now=now)

    def next_due(self) -> datetime | None:
        """Return when the next message is asked for."""
        return self._parts.first_check(self.account.id)

    def do_some(self) -> bool:
        """Ask for some that are due; tell whether there may be more."""
        due = self._parts.checks_due(self.account.id, self.now(), _AT_ONCE)
        for part in due:
            if self.stopping.is_set():
                return False
            self._ask(part)
        return len(due) == _AT_ONCE

    def _ask(self, part: Part) -> None:
        asked = OutgoingPart(
            message_id=part.message_id,
            position=part.position,
            kind=part.kind,
            address="",
            ours=self.account.address,
            begun_at=part.begun_at,
            provider_id=part.provider_id,
        )
        try:
            news = self.provider().status(asked)
        except Rejected as error:
            # it will not be said next time either, but the next one may be
            log.warning("%s: a message cannot be asked for: %s", self.name, error.code)
            news = None
        now = self.now()
        state = part.state if news is None else furthest(part.state, news.state)
        following = next_check(
            part.begun_at or now, now, state, has_read_marks=self._spec.has_read_marks
        )
        self._parts.checked(part, news, following)
