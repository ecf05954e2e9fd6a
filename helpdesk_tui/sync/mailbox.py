"""The two threads of a mailbox: one waits for news, one fetches them."""

from __future__ import annotations

import logging

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.email.imap import IDLE_RENEW, Mailbox
from helpdesk_tui.sync.channels.email.settings import EmailSettings, read_settings
from helpdesk_tui.sync.channels.errors import AuthFailed, Retry
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.parser import ParserProcess
from helpdesk_tui.sync.pull import Pull
from helpdesk_tui.sync.receiving import STOPPED_PAUSE, Password, ReceiveLoop

log = logging.getLogger(__name__)

POLL_WITH_IDLE = 300.0
POLL_WITHOUT_IDLE = 60.0


class FetchLoop(ReceiveLoop):
    """Fetches the mail that is new in one account."""

    def __init__(self, account: Account, store: Store, password: Password) -> None:
        super().__init__(account, store, password)
        self._inbound = Inbound(store, SYSTEM)
        self._parser = ParserProcess()
        self._box: Mailbox | None = None
        self._pull: Pull | None = None
        self._was_old = False

    @property
    def summary(self) -> Summary:
        """What became of the mails fetched so far."""
        return self._pull.summary if self._pull else Summary()

    def pause(self) -> float:
        """Return how long to wait: a mailbox that tells of news is asked seldom."""
        return POLL_WITH_IDLE if self.has_idle else POLL_WITHOUT_IDLE

    def interrupt(self) -> None:
        """Cut the connection, so that a waiting fetch ends."""
        box = self._box
        if box is not None:
            box.close()

    def finish(self) -> None:
        """Close the connection and end the parser."""
        self.drop()
        self._parser.close()

    def fetch(self) -> None:
        """Fetch what is new; blocks.

        Raises:
            HelpdeskError: as the connection, the settings or the store fail.
        """
        settings = read_settings(self.account.settings, self.account.address)
        if self._pull is None:
            self._pull = Pull(
                self.account, settings.folder, self._accounts, self._inbound, self._parser,
                self.stopping,
            )  # fmt: skip
        try:
            self._pull.run(self._connected(settings))
        except Retry:
            if not self._was_old:
                raise
            # servers log idle clients off: a kept connection may be gone without any trouble
            self.drop()
            self._pull.run(self._connected(settings))
        self.went_well()

    def _connected(self, settings: EmailSettings) -> Mailbox:
        self._was_old = self._box is not None
        if self._box is None:
            self._box = Mailbox(settings, self._password(self.account, "imap"))
        return self._box

    def drop(self) -> None:
        """Close the connection."""
        box, self._box = self._box, None
        if box is not None:
            box.close()


class IdleLoop(Loop):
    """Waits for news on a connection of its own and wakes the fetching thread."""

    def __init__(self, fetcher: FetchLoop, password: Password) -> None:
        super().__init__(f"idle {fetcher.account.name}")
        self._fetcher = fetcher
        self._password = password
        self._box: Mailbox | None = None
        self._backoff = Backoff()

    def interrupt(self) -> None:
        """Cut the connection, so that the waiting ends."""
        box = self._box
        if box is not None:
            box.close()

    def finish(self) -> None:
        """Close the connection."""
        self._drop()

    def step(self) -> float:
        """Wait for news once. Reports nothing: the fetching thread does that."""
        if not self._fetcher.healthy.wait(1.0):
            self._drop()
            return 0.0
        try:
            box = self._connected()
            if box is None:
                return STOPPED_PAUSE
            # mail that came before the wait began, or with its answer, is seen by this fetch
            if box.idle(self._fetcher.wake, IDLE_RENEW):
                self._fetcher.wake()
        except HelpdeskError as error:
            self._drop()
            if self.stopping.is_set():
                return 0.0
            log.info("%s: %s", self.name, error.code)
            if isinstance(error, AuthFailed):
                self._fetcher.healthy.clear()
            self._fetcher.wake()
            return self._backoff.next()
        self._backoff.clear()
        return 0.0

    def _connected(self) -> Mailbox | None:
        """Return a connection that can wait, or None where the server cannot."""
        if self._box is None:
            account = self._fetcher.account
            settings = read_settings(account.settings, account.address)
            box = Mailbox(settings, self._password(account, "imap"))
            self._box = box
            self._fetcher.has_idle = box.capable("IDLE")
            if self._fetcher.has_idle:
                box.open_folder(settings.folder)
        if not self._fetcher.has_idle:
            self._drop()
            return None
        return self._box

    def _drop(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            box.close()
