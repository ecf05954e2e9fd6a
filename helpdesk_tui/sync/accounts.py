"""The running threads of all accounts, kept in step with what the store says."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.channels.registry import adapters
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Running:
    """The threads of one account."""

    account: Account
    receiver: ReceiveLoop | None
    """None for an account that is switched off."""
    beside: tuple[Loop, ...]

    @property
    def loops(self) -> tuple[Loop, ...]:
        """All of them."""
        return self.beside if self.receiver is None else (self.receiver, *self.beside)


class RunningAccounts:
    """Starts, restarts and stops the threads of each account; used by one thread."""

    def __init__(self, store: Store, password: Password, only: str = "") -> None:
        self._store = store
        self._password = password
        self._only = only
        self._accounts = Accounts(store, SYSTEM)
        self._running: dict[int, _Running] = {}
        self._ending: list[Loop] = []

    def refresh(self) -> None:
        """Follow added, changed, switched on and switched off accounts."""
        self._ending = [loop for loop in self._ending if loop.alive]
        wanted = {
            account.id: (account, adapter)
            for adapter in adapters()
            for account in self._accounts.all(adapter.spec.name)
            if self._only in ("", account.name)
        }
        for key, running in list(self._running.items()):
            account = wanted[key][0] if key in wanted else None
            if account is None or _is_mended(running, account) or _differs(running, account):
                self._end(key)
        for key, (account, adapter) in wanted.items():
            if key not in self._running:
                self._begin(account, adapter)

    def _begin(self, account: Account, adapter: Adapter) -> None:
        """Start the threads of an account; where they cannot be made, the others work on."""
        try:
            running = self._made(account, adapter)
        except Exception as error:
            log.exception("%s cannot be worked for", account.name)
            code = error.code if isinstance(error, HelpdeskError) else "channel.internal"
            self._accounts.report(account, AccountState.RETRYING, code)
            # tried anew once its settings change, or the worker starts again
            running = _Running(account, None, ())
        self._running[account.id] = running
        for loop in running.loops:
            loop.start()

    def _made(self, account: Account, adapter: Adapter) -> _Running:
        if not account.enabled:
            beside = adapter.switched_off(account, self._store, self._password)
            return _Running(account, None, beside)
        receiver = adapter.receiver(account, self._store, self._password)
        return _Running(account, receiver, adapter.beside(receiver, self._store, self._password))

    def _end(self, key: int) -> None:
        for loop in self._running.pop(key).loops:
            loop.stop()
            self._ending.append(loop)

    def store_changed(self) -> None:
        """Let those work that work for what agents do."""
        for running in self._running.values():
            for loop in running.loops:
                loop.store_changed()

    def fetchers(self) -> list[ReceiveLoop]:
        """Return the receiving threads of all accounts that are switched on."""
        return [each.receiver for each in self._running.values() if each.receiver is not None]

    def stop(self) -> list[Loop]:
        """Tell all threads to end; return them, to be waited for."""
        for key in list(self._running):
            self._end(key)
        return self._ending


def _is_mended(running: _Running, account: Account) -> bool:
    """Tell whether somebody has put right what an account was given up for."""
    gave_up = running.receiver is not None and running.receiver.has_given_up
    return gave_up and account.state is AccountState.NEW


def _differs(running: _Running, new: Account) -> bool:
    """Tell whether an account has to be started anew; its state alone is no reason."""
    old = running.account
    return (old.name, old.address, old.settings, old.enabled) != (
        new.name, new.address, new.settings, new.enabled,
    )  # fmt: skip
