"""Threads that ask a provider for what is due in one account, over a connection of their own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.channels.messaging.provider import Provider
from helpdesk_tui.sync.loop import Loop

log = logging.getLogger(__name__)

Connect = Callable[[], Provider]

_IDLE = 3_600.0
_SHORTEST = 0.2
_TROUBLE = 60.0


class ProviderLoop(Loop):
    """Has a provider of its own: made when first needed, closed after trouble and at the end."""

    def __init__(self, name: str, connect: Connect) -> None:
        super().__init__(name)
        self._connect = connect
        self._provider: Provider | None = None

    def provider(self) -> Provider:
        """Return the provider; raises HelpdeskError."""
        if self._provider is None:
            self._provider = self._connect()
        return self._provider

    def drop(self) -> None:
        """Close the connection; whoever needs a provider next gets a new one."""
        provider, self._provider = self._provider, None
        if provider is not None:
            provider.close()

    def interrupt(self) -> None:
        """Cut the connection, so that a question that waits ends."""
        provider = self._provider
        if provider is not None:
            provider.close()

    def finish(self) -> None:
        """Close the connection."""
        self.drop()


class DueLoop(ProviderLoop):
    """Does what is due, and sleeps until the next is; subclasses say what that is."""

    def __init__(
        self, name: str, account: Account, connect: Connect, *, now: Clock = utc_now
    ) -> None:
        super().__init__(f"{name} {account.name}", connect)
        self.account = account
        self.now = now
        self._backoff = Backoff(longest=_TROUBLE)
        self._not_before = 0.0

    def do_some(self) -> bool:
        """Do some of what is due; tell whether there may be more. Raises HelpdeskError."""
        raise NotImplementedError

    def next_due(self) -> datetime | None:
        """Return when the next is due; None where nothing is."""
        raise NotImplementedError

    def store_changed(self) -> None:
        """Something may be due."""
        self.wake()

    def once(self) -> None:
        """Do all that is due; raises HelpdeskError."""
        while self.do_some() and not self.stopping.is_set():
            pass

    def step(self) -> float:
        """Do what is due; return the seconds until the next is."""
        rest = self._not_before - time.monotonic()
        if rest > 0:
            # others change the store all the time: that is no reason to ask in vain
            return rest
        try:
            if self.do_some():
                return 0.0
            self._backoff.clear()
            following = self.next_due()
        except HelpdeskError as error:
            if not self.stopping.is_set():
                log.warning("%s: %s", self.name, error.code)
            self.drop()
            wait = self._backoff.next(error.after if isinstance(error, Retry) else 0.0)
            self._not_before = time.monotonic() + wait
            return wait
        if following is None:
            return _IDLE
        return min(_IDLE, max(_SHORTEST, (following - self.now()).total_seconds()))
