"""A thread that receives what is new in one account, whatever its channel, and reports on it."""

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
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import AuthFailed, Retry
from helpdesk_tui.sync.loop import Loop

log = logging.getLogger(__name__)

AUTH_TRIES = 3
STOPPED_PAUSE = 86_400.0
_AUTH_PAUSE = 5.0
_STORE_PAUSE = 30.0

Password = Callable[[Account, str], str]
"""Gives a secret of an account for a purpose, such as ``imap``, ``smtp`` or ``relay``.

Raises HelpdeskError.
"""


class Round:
    """One whole fetch that somebody asked for and waits on."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.received = Summary()
        self.error: HelpdeskError | None = None


class ReceiveLoop(Loop):
    """Receives what is new in one account and reports how the account fares.

    A channel says how: :meth:`fetch`, :meth:`drop` and :meth:`pause`.
    """

    def __init__(self, account: Account, store: Store, password: Password) -> None:
        super().__init__(f"fetch {account.name}")
        self.account = account
        self.healthy = threading.Event()
        self.has_idle = True
        """Without it nothing tells of news, and this one asks more often."""
        self.troubles = 0
        """How often something has gone wrong since this thread began."""
        self._accounts = Accounts(store, SYSTEM)
        self._password = password
        self._backoff = Backoff()
        self._asked: deque[Round] = deque()
        # an account that was stopped before gets one try, so that restarts lock nobody out
        self._refusals = AUTH_TRIES - 1 if account.state is AccountState.STOPPED else 0

    @property
    def summary(self) -> Summary:
        """What became of what was received so far."""
        raise NotImplementedError

    def fetch(self) -> None:
        """Receive what is new; blocks.

        Raises:
            HelpdeskError: as the connection, the settings or the store fail.
        """
        raise NotImplementedError

    def drop(self) -> None:
        """Close what is connected; the next fetch connects anew."""
        raise NotImplementedError

    def pause(self) -> float:
        """Return how long to wait after a fetch that went well."""
        raise NotImplementedError

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

    def step(self) -> float:
        """Fetch once; every failure is reported and becomes a wait."""
        if self.has_given_up:
            return STOPPED_PAUSE
        asked = [self._asked.popleft() for _ in range(len(self._asked))]
        before, error = self.summary, self.attempt()
        for one in asked:
            one.received, one.error = difference(self.summary, before), error
            one.done.set()
        if error is not None:
            return self.failed(error)
        return self.pause()

    def attempt(self) -> HelpdeskError | None:
        """Fetch what is new and return what went wrong: no fault of one account stops another."""
        try:
            self.fetch()
        except HelpdeskError as error:
            return error
        except Exception:
            log.exception("fetching %s failed", self.account.name)
            return Retry("channel.internal")
        return None

    def went_well(self) -> None:
        """Forget earlier failures, and report that the account is in step."""
        self._accounts.synced(self.account)
        self._backoff.clear()
        self._refusals = 0
        self.healthy.set()

    def failed(self, error: HelpdeskError) -> float:
        """Report a failure and return how long to wait."""
        if self.stopping.is_set():
            return 0.0
        self.healthy.clear()
        self.troubles += 1
        if isinstance(error, StoreError):
            log.error("%s: %s", self.name, error)
            return min(_STORE_PAUSE, self._backoff.next())
        self.drop()
        wait = self._wait_after(error)
        log.warning("%s: %s", self.name, error.code)
        self._report(AccountState.STOPPED if self.has_given_up else AccountState.RETRYING, error)
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
