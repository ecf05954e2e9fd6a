"""The thread of an account that is switched off: hides the tab and tells those who chat."""

from __future__ import annotations

import logging
import threading

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.webchat.chats import EndedBy
from helpdesk_tui.services.chat.chats import Chats
from helpdesk_tui.services.chat.publishing import site_of_account
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.webchat.access import Line
from helpdesk_tui.sync.channels.webchat.receiver import PollLoop
from helpdesk_tui.sync.channels.webchat.teller import end_at_relay, identity_keys
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import STOPPED_PAUSE, Password

log = logging.getLogger(__name__)


class SwitchOffLoop(Loop):
    """Does once what a switched off account still needs, however long that takes."""

    def __init__(self, account: Account, store: Store, password: Password) -> None:
        super().__init__(f"off {account.name}")
        self._account = account
        self._store = store
        self._password = password
        self._chats = Chats(store)
        self._line = Line(account, password)
        self._last = PollLoop(account, store, password)
        self._backoff = Backoff()
        self._is_told = threading.Event()

    def interrupt(self) -> None:
        """Cut the connections."""
        self._line.drop()
        self._last.interrupt()

    def finish(self) -> None:
        """Close the connections."""
        self._line.drop()
        self._last.finish()

    def step(self) -> float:
        """Tell the relay; return the seconds until the next try."""
        if self._chats.is_told_off(self._account):
            return STOPPED_PAUSE
        try:
            self._switch_off()
        except HelpdeskError as error:
            if self.stopping.is_set():
                return 0.0
            log.info("%s: %s", self.name, error.code)
            self._line.drop()
            self._last.drop()
            return self._backoff.next()
        if not self.stopping.is_set():
            self._chats.told_off(self._account)
        return STOPPED_PAUSE

    def _switch_off(self) -> None:
        """Hide the tab, take in what was written until then, and end the chats that run."""
        client = self._line.client()
        keys = identity_keys(self._account, self._password)
        client.publish(site_of_account(self._store, self._account, keys, enabled=False))
        while self._chats.running(self._account) and not self.stopping.is_set():
            # nothing that a visitor has written until now is lost
            self._last.fetch()
            for chat in self._chats.running(self._account):
                end_at_relay(client, self._chats, chat, EndedBy.CHANNEL)
