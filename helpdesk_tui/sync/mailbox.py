"""The two threads of a mailbox: one waits for news, one fetches them."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import HelpdeskError, StoreError, UsageError
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.email.imap import IDLE_RENEW, Mailbox
from helpdesk_tui.sync.channels.email.settings import EmailSettings, read_settings
from helpdesk_tui.sync.channels.errors import AuthFailed, Retry
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.parser import ParserProcess
from helpdesk_tui.sync.pull import Pull

log = logging.getLogger(__name__)

POLL_WITH_IDLE = 300.0
POLL_WITHOUT_IDLE = 60.0
AUTH_TRIES = 3
_AUTH_PAUSE = 5.0
_STORE_PAUSE = 30.0
_STOPPED_PAUSE = 86_400.0

Password = Callable[[Account, str], str]
"""Gives the password of an account for ``imap`` or ``smtp``; raises HelpdeskError."""


class Round:
    """One whole fetch that somebody asked for and waits on."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.received = Summary()
        self.error: HelpdeskError | None = None


class FetchLoop(Loop):
    """Fetches what is new in one account and reports how the account fares."""

    def __init__(self, account: Account, store: Store, password: Password) -> None:
        super().__init__(f"fetch {account.name}")
        self.account = account
        self.healthy = threading.Event()
        self.has_idle = True
        """Set by the waiting thread: without it this one polls more often."""
        self._accounts = Accounts(store, SYSTEM)
        self._inbound = Inbound(store, SYSTEM)
        self._password = password
        self._parser = ParserProcess()
        self._box: Mailbox | None = None
        self._pull: Pull | None = None
        self._was_old = False
        self._backoff = Backoff()
        self._asked: deque[Round] = deque()
        # an account that was stopped before gets one try, so that restarts lock nobody out
        self._refusals = AUTH_TRIES - 1 if account.state is AccountState.STOPPED else 0

    @property
    def summary(self) -> Summary:
        """What became of the mails fetched so far."""
        return self._pull.summary if self._pull else Summary()

    @property
    def has_given_up(self) -> bool:
        """Whether the password was refused too often, and a person has to do something."""
        return self._refusals >= AUTH_TRIES

    def ask_round(self) -> Round:
        """Ask for a fetch that begins from now on, also of an account that was given up."""
        asked = Round()
        self._asked.append(asked)
        self._refusals = min(self._refusals, AUTH_TRIES - 1)
        self._backoff.clear()
        self.wake()
        return asked

    def interrupt(self) -> None:
        """Cut the connection, so that a waiting fetch ends."""
        box = self._box
        if box is not None:
            box.close()

    def finish(self) -> None:
        """Close the connection and end the parser."""
        self._drop()
        self._parser.close()

    def step(self) -> float:
        """Fetch once; every failure is reported and becomes a wait."""
        if self.has_given_up:
            return _STOPPED_PAUSE
        asked = [self._asked.popleft() for _ in range(len(self._asked))]
        before, error = self.summary, self.attempt()
        for one in asked:
            one.received, one.error = difference(self.summary, before), error
            one.done.set()
        if error is not None:
            return self.failed(error)
        return POLL_WITH_IDLE if self.has_idle else POLL_WITHOUT_IDLE

    def attempt(self) -> HelpdeskError | None:
        """Fetch what is new and return what went wrong: no fault of one mailbox stops another."""
        try:
            self.fetch()
        except HelpdeskError as error:
            return error
        except Exception:
            log.exception("fetching %s failed", self.account.name)
            return Retry("channel.internal")
        return None

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
            self._drop()
            self._pull.run(self._connected(settings))
        self._accounts.synced(self.account)
        self._backoff.clear()
        self._refusals = 0
        self.healthy.set()

    def _connected(self, settings: EmailSettings) -> Mailbox:
        self._was_old = self._box is not None
        if self._box is None:
            self._box = Mailbox(settings, self._password(self.account, "imap"))
        return self._box

    def _drop(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            box.close()

    def failed(self, error: HelpdeskError) -> float:
        """Report a failure and return how long to wait."""
        if self.stopping.is_set():
            return 0.0
        self.healthy.clear()
        if isinstance(error, StoreError):
            log.error("%s: %s", self.name, error)
            return min(_STORE_PAUSE, self._backoff.next())
        self._drop()
        wait = self._wait_after(error)
        stopped = self._refusals >= AUTH_TRIES
        log.warning("%s: %s", self.name, error.code)
        self._report(AccountState.STOPPED if stopped else AccountState.RETRYING, error)
        return wait

    def _wait_after(self, error: HelpdeskError) -> float:
        if isinstance(error, AuthFailed):
            self._refusals += 1
            return _AUTH_PAUSE * self._refusals
        if isinstance(error, UsageError):
            return self._backoff.next(at_least=60.0)
        return self._backoff.next(error.after if isinstance(error, Retry) else 0.0)

    def _report(self, state: AccountState, error: HelpdeskError) -> None:
        try:
            self._accounts.report(self.account, state, error.code, str(error))
        except StoreError as trouble:
            log.error("%s: the state cannot be written: %s", self.name, trouble)


def difference(after: Summary, before: Summary) -> Summary:
    """Return what came between two states of a growing summary."""
    old = asdict(before)
    return Summary(**{name: value - old[name] for name, value in asdict(after).items()})


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
                return _STOPPED_PAUSE
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
