"""The thread that reads one number's messages at Twilio."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.messaging.twilio import received
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.services.messaging.messages import Messaging
from helpdesk_tui.services.presence import Presence
from helpdesk_tui.sync.channels.twilio.client import TwilioClient
from helpdesk_tui.sync.channels.twilio.reading import Found, Reading
from helpdesk_tui.sync.channels.twilio.settings import TwilioSettings, read_settings
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

FOLDER = "messages"
"""Name of the cursor: seconds since 1970 of the last reading, by the clock over there."""
WATCHED = 7.0
"""Seconds between two readings while an agent is here."""
UNWATCHED = 60.0
_LOOK = 3.0
"""Seconds after which it is seen that an agent has come."""
_WHOLE_EVERY = 3_600.0
_SAY_ANEW = 20.0
"""Seconds after which it is noted again that all is well: it wakes all who watch the store."""
_MOVE_AFTER = timedelta(minutes=5)
"""How far the cursor lags where nothing came: moving it wakes them as well."""


class TwilioReceiver(ReceiveLoop):
    """Reads the messages to one number of ours, every few seconds while an agent is here."""

    def __init__(self, account: Account, store: Store, password: Password) -> None:
        super().__init__(account, store, password)
        self.has_idle = False
        self._messaging = Messaging(store)
        self._presence = Presence(store, SYSTEM)
        self._client: TwilioClient | None = None
        self._settings: TwilioSettings | None = None
        self._reading: Reading | None = None
        self._summary = Summary()
        self._whole_at = 0.0
        self._read_at = 0.0
        self._noted_at = 0.0

    @property
    def summary(self) -> Summary:
        """What became of the messages so far."""
        return self._summary

    def step(self) -> float:
        """Read where it is time to; else look soon whether an agent has come."""
        waited = time.monotonic() - self._read_at
        wait = WATCHED if self._presence.is_anybody_here() else UNWATCHED
        if self.healthy.is_set() and not self._asked and waited < wait:
            return min(_LOOK, wait - waited)
        return super().step()

    def pause(self) -> float:
        """Return how long to wait until the next look."""
        return _LOOK

    def interrupt(self) -> None:
        """Cut the connection, so that a question that waits ends."""
        if self._client is not None:
            self._client.close()

    def finish(self) -> None:
        """Close the connections."""
        self.drop()
        self._presence.close()

    def drop(self) -> None:
        """Close the connection; the next reading makes a new one."""
        if self._client is not None:
            self._client.close()
        self._client = self._settings = None

    def fetch(self) -> None:
        """Read the list and store what is new; blocks.

        Raises:
            HelpdeskError: as the interface, the settings or the store fail.
        """
        settings, client = self._connected()
        if self._reading is None:
            self._reading = Reading(settings.ours)
        now = time.monotonic()
        is_whole = not self._whole_at or now - self._whole_at >= _WHOLE_EVERY
        position = self._messaging.position(self.account, FOLDER)
        # a number that is new here begins with today and yesterday, by the clock over there
        read_at = datetime.fromtimestamp(position, UTC) if position else client.clock()
        found = self._reading.read(client, read_at, whole=is_whole)
        self._store(settings, found, moves=not position or found.read_at - read_at > _MOVE_AFTER)
        self._reading.stored(found)
        self._read_at = time.monotonic()
        if is_whole:
            self._whole_at = now
        self._note()

    def _store(self, settings: TwilioSettings, found: Found, *, moves: bool) -> None:
        """Store what is new in one go with how far was read."""
        if not found.messages and not moves:
            return
        self._summary += self._messaging.ingest(
            self.account,
            [received(each, answers_keywords=settings.answers_keywords) for each in found.messages],
            folder=FOLDER,
            position=int(found.read_at.timestamp()),
            raw=found.raw,
        )

    def _connected(self) -> tuple[TwilioSettings, TwilioClient]:
        if self._client is None or self._settings is None:
            self._settings = read_settings(self.account)
            self._client = TwilioClient(self._settings, self._password(self.account, "token"))
        return self._settings, self._client

    def _note(self) -> None:
        """Note that all is well, seldom."""
        if time.monotonic() - self._noted_at >= _SAY_ANEW or not self.healthy.is_set():
            self._noted_at = time.monotonic()
            self.went_well()
